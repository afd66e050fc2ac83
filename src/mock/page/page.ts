import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { PlainAnswer } from '../answer.ts';
import { type FaultKind, needsWhen } from '../faults/kind.ts';
import { FAULT_KINDS } from '../faults/kinds.ts';
import { PRESETS } from '../presets/registry.ts';
import type { Offer, OfferedFault } from './offer.ts';

let answer: Promise<PlainAnswer> | undefined;

/**
 * What a browser gets at `/`: a page that shows a stream of this server live, publishes and asks for faults. One
 * file, which loads nothing and talks to this server only; read at the first request, then kept.
 *
 * @throws Error when the page's file can't be read
 */
export function pageAnswer(): Promise<PlainAnswer> {
  answer ??= readPage().then(answerWith);
  return answer;
}

/** Built into one file beside this module; run from its sources, it is put together on the spot. */
async function readPage(): Promise<string> {
  if (!import.meta.url.endsWith('.ts')) return readFile(new URL('./page.html', import.meta.url), 'utf8');
  const assembler = new URL('../../../scripts/page.ts', import.meta.url).href;
  const { assemblePage } = await import(assembler);
  return (await assemblePage()).html;
}

function answerWith(file: string): PlainAnswer {
  const html = file.replace('<!-- offer -->', () => dataElement('offer', offer()));
  return {
    kind: 'plain',
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      // The same URL is a stream to who asks for one.
      vary: 'Accept',
      'content-security-policy': contentSecurityPolicy(html),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    },
    body: html,
  };
}

function offer(): Offer {
  return {
    presets: PRESETS.map(({ name, summary }) => ({ name, summary })),
    faults: FAULT_KINDS.map(offeredFault),
  };
}

function offeredFault(kind: FaultKind): OfferedFault {
  const { name, meaning, scope, value } = kind;
  return {
    name,
    meaning,
    scope,
    ...(value === undefined ? {} : { value: { label: value.label, example: value.example } }),
    ...(needsWhen(kind) ? {} : { withoutWhen: placeOf(kind) }),
  };
}

function placeOf(kind: FaultKind): string {
  return 'withoutWhen' in kind && kind.withoutWhen !== undefined ? kind.withoutWhen : 'always';
}

/** JSON for the page's script; no text in it can end the element. */
function dataElement(id: string, value: unknown): string {
  return `<script type="application/json" id="${id}">${JSON.stringify(value).replaceAll('<', '\\u003c')}</script>`;
}

/**
 * Nothing runs but the page's own script, and nothing is reached but this server; text can't become markup
 * (`require-trusted-types-for`), and no other page may frame it.
 */
function contentSecurityPolicy(html: string): string {
  return [
    "default-src 'none'",
    `script-src ${hashes(html, 'script')}`,
    `style-src ${hashes(html, 'style')}`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

/** Of the text of each element of the name that has no attribute: those that work, not those that carry data. */
function hashes(html: string, tag: 'script' | 'style'): string {
  const texts = html.matchAll(new RegExp(`<${tag}>(.*?)</${tag}>`, 'gs'));
  return [...texts]
    .map(([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)
    .join(' ');
}
