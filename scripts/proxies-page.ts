import { FAULTS } from '../src/checks/faults/catalogue.ts';
import { explainFault, type KnownCause, type KnownFix } from '../src/checks/faults/explain.ts';
import type { Fault } from '../src/checks/faults/fault.ts';
import type { CauseKind, FixKind, Product } from '../src/checks/fixes/cause-kind.ts';
import { placeOf } from '../src/checks/fixes/place.ts';
import { PRODUCTS } from '../src/checks/fixes/products.ts';
import { answerHeaderIn } from '../src/report/check/answer-header.ts';
import { basisText } from '../src/report/check/fix-text.ts';
import { MATRIX_FILE, readMatrix } from './matrix/measured.ts';
import { matrixSection } from './matrix-section.ts';

const INTRODUCTION = `# What proxies do to event streams

What \`ssekit check-proxy\` can find, by fault, and what is known to mend it, by product. The ids of faults and causes
are stable: match on them, not on the texts. \`ssekit check-proxy --explain FAULT\` prints the same.

A fault is what a stream suffers, whoever makes it suffer. Which cause is likeliest in a run follows from how common each
is, from who seems to be in between, and from what the probes saw: a cause that does not fit what was seen is ruled out,
whatever the headers say.

The *origin* is the server that makes the stream. A *comment* is a line of it that begins with a colon: clients pass over
it, and whoever is in between takes it for life.

Fixes that were *tried by us* were seen to help with the product itself; *documented* ones stand in its documentation, its
source or its issues, which the word leads to, and were not tried. After a fix, measure again: each fault says how.

Whatever is in between, an origin does well to send \`Cache-Control: no-cache, no-transform\`, \`X-Accel-Buffering: no\`, a
comment (\`:\` and an empty line) right behind the head, and another one every 15 seconds of silence.

<!-- Made from the catalogues in src/checks/faults and src/checks/fixes, and from what npm run matrix measured, by:
node --import tsx scripts/proxies.ts -->
`;

/** The text of docs/proxies.md. */
export function proxiesPage(): string {
  const faults = FAULTS.map(faultText).join('\n');
  const products = PRODUCTS.map(productText).join('\n');
  const measured = matrixSection(readMatrix(MATRIX_FILE));
  return `${INTRODUCTION}\n## Faults\n\n${faults}\n## Products\n\n${products}\n${measured}`;
}

function faultText({ id, title, harm }: Fault): string {
  const told = explainFault(id);
  const { verify = '', atOrigin = [], causes = [] } = told ?? {};
  return paragraphs([
    `### \`${id}\``,
    `**${capital(asText(title))}.** ${asText(harm)}`,
    `Measure it: \`ssekit check-proxy … ${verify}\``,
    atOrigin.length === 0 ? '' : `At the origin:\n\n${atOrigin.map(originFixText).join('\n')}`,
    causes.length === 0 ? '' : `Causes:\n\n${causes.map(causeLine).join('\n')}`,
  ]);
}

function originFixText(fix: KnownFix): string {
  const said = answerHeaderIn(fix.line) === undefined ? '' : 'answer with the header ';
  return `- ${said}\`${fix.line}\` (${knownText(fix)})`;
}

/** How it is known, what it needs, and what it may break. */
function knownText({ basis, source, needs, restart, caution }: KnownFix | FixKind): string {
  return [
    sourcedText(basis, source),
    ...(needs === undefined ? [] : [`needs ${asText(needs)}`]),
    ...(restart ? ['needs a restart: a reload does not do'] : []),
    ...(caution === undefined ? [] : [asText(caution)]),
  ].join('; ');
}

/** `documented`, which leads there. */
function sourcedText(basis: string, source: string | undefined): string {
  return source === undefined ? basisText(basis) : `[${basisText(basis)}](${source})`;
}

function causeLine({ id, what }: KnownCause): string {
  return `- [\`${id}\`](#${anchorOf(id)}): ${asText(what)}`;
}

function productText(product: Product): string {
  const causes = product.causes.map((cause) => causeText(product, cause));
  return `### ${asText(product.name)}\n\n${causes.join('\n')}`;
}

function causeText(product: Product, { id, what, faults, fixes }: CauseKind): string {
  return paragraphs([
    `#### \`${id}\``,
    `${capital(asText(what))}: ${faults.map((fault) => `[\`${fault}\`](#${anchorOf(fault)})`).join(', ')}.`,
    ...fixes.map((fix) => fixText(product, fix)),
  ]);
}

function fixText(product: Product, fix: FixKind): string {
  const said =
    fix.where === 'origin' && answerHeaderIn(fix.line) !== undefined ? ', a header of the answer' : '';
  return `${capital(asText(placeOf(product, fix)))}${said} (${knownText(fix)}):\n\n\`\`\`\n${fix.line}\n\`\`\``;
}

function paragraphs(all: readonly string[]): string {
  return `${all.filter((text) => text !== '').join('\n\n')}\n`;
}

/** As GitHub makes it of a heading: lower case, and of what is no letter, digit, hyphen or underscore nothing. */
function anchorOf(heading: string): string {
  return heading.toLowerCase().replace(/[^a-z0-9_-]/g, '');
}

/** Names that are written in lower case stay so. */
function capital(text: string): string {
  return /^(?:[a-z]+ |[a-z]+$)/.test(text) && !/^nginx|^h2o|^lighttpd/.test(text)
    ? text.charAt(0).toUpperCase() + text.slice(1)
    : text;
}

/** Characters that Markdown would take for its own. */
function asText(text: string): string {
  return text.replace(/[*_<>[\]\\`]/g, '\\$&');
}
