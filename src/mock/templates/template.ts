import { InvalidValue } from '../../notation/invalid-value.ts';
import { type Reader, resolve } from './names.ts';
import { parsePlaceholder } from './placeholder.ts';
import type { TemplatePlace, TemplateScope } from './scope.ts';

/** A text with placeholders, ready to be rendered for each event. */
export interface Template {
  readonly text: string;
  /** It has no placeholder: what it renders never changes. */
  readonly constant: boolean;
  /** It speaks of the request's body, which therefore has to be read first. */
  readonly needsBody: boolean;
  /** What is absent, and has no default, renders as nothing. */
  render(scope: TemplateScope): string;
  /** What the one placeholder stands for, where the text is nothing else: a number stays one. Else as `render`. */
  value(scope: TemplateScope): unknown;
}

/** A wrong placeholder. */
export class TemplateError extends InvalidValue {
  /** Where it begins in the text, from 0. */
  readonly at: number;
  /** As it was written, braces included. */
  readonly placeholder: string;
  /** The message without the place, for those who know a better one. */
  readonly reason: string;

  constructor(text: string, at: number, placeholder: string, { message, hint }: InvalidValue) {
    super(`${placeholder} ${position(text, at)}: ${message}`, hint);
    this.at = at;
    this.placeholder = placeholder;
    this.reason = message;
  }
}

/**
 * `{{name}}` stands for a value, `{{name|default}}` for one that may be absent; `\{{` is two braces, and `\\{{` a
 * backslash in front of a placeholder.
 *
 * @throws TemplateError for a placeholder that is never closed or names nothing
 */
export function compileTemplate(text: string, place: TemplatePlace = {}): Template {
  const parts: (string | Reader)[] = [];
  let needsBody = false;
  for (const part of partsOf(text)) {
    if (typeof part === 'string') {
      parts.push(part);
      continue;
    }
    try {
      const placeholder = parsePlaceholder(part.inner);
      needsBody ||= /^body(?:\.|$)/.test(placeholder.name);
      parts.push(resolve(placeholder, place));
    } catch (error) {
      if (!(error instanceof InvalidValue)) throw error;
      throw new TemplateError(text, part.at, `{{${part.inner}}}`, error);
    }
  }
  const [only] = parts;
  const render = (scope: TemplateScope) =>
    parts.map((part) => (typeof part === 'string' ? part : asText(part(scope)))).join('');
  return {
    text,
    constant: parts.every((part) => typeof part === 'string'),
    needsBody,
    render,
    value: parts.length === 1 && typeof only === 'function' ? (scope) => orNothing(only(scope)) : render,
  };
}

interface RawPlaceholder {
  inner: string;
  at: number;
}

function* partsOf(text: string): Generator<string | RawPlaceholder> {
  let literal = '';
  let from = 0;
  for (let open = text.indexOf('{{'); open >= 0; open = text.indexOf('{{', from)) {
    const backslashes = /\\{0,2}$/.exec(text.slice(Math.max(from, open - 2), open))?.[0].length ?? 0;
    literal += text.slice(from, open - backslashes);
    if (backslashes === 1) {
      literal += '{{';
      from = open + 2;
      continue;
    }
    if (backslashes === 2) literal += '\\';
    const close = text.indexOf('}}', open + 2);
    const inner = text.slice(open + 2, close);
    if (close < 0 || inner.includes('\n')) {
      const unclosed = new InvalidValue(
        'the braces are never closed',
        'Write \\{{ for the braces themselves.',
      );
      throw new TemplateError(text, open, '{{', unclosed);
    }
    if (literal !== '') yield literal;
    literal = '';
    yield { inner, at: open };
    from = close + 2;
  }
  literal += text.slice(from);
  if (literal !== '') yield literal;
}

function orNothing(value: unknown): unknown {
  return value === undefined ? '' : value;
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function position(text: string, at: number): string {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  const character = at - before.lastIndexOf('\n');
  return line === 1 ? `at character ${character}` : `at line ${line}, character ${character}`;
}
