import type { StreamLine } from '../../../sse/line-scanner.ts';
import type { SseEvent } from '../../../sse/sink.ts';
import type { EventPosition, Position } from '../../printer.ts';
import type { Field } from '../field.ts';
import type { Check, FindingKind, Report } from '../finding.ts';
import { quotation, quotedBytes } from '../quotation.ts';
import { errorDetailIn } from './error-detail.ts';
import { jsonProblem, unsafeIntegerIn } from './json.ts';

const kind = { flag: 'lint', where: 'the data' } as const;

const largeEvent: FindingKind = {
  ...kind,
  severity: 'warning',
  code: 'large-event',
  title: 'An event above 64 KB',
  why: "It is dispatched only when all of it is there, and nothing else gets through meanwhile. Clients that read by lines often stop at 64 KB: Go's bufio.Scanner, Python's asyncio.",
  mend: 'Send a link or an id, and let the page fetch the rest; or several smaller events.',
};

const hugeEvent: FindingKind = {
  ...kind,
  severity: 'warning',
  code: 'huge-event',
  title: 'An event above 1 MB',
  why: 'The server keeps it for every reader that is slow, and nothing else gets through while it is on its way.',
  mend: 'Send a link or an id, and let the page fetch the rest.',
};

const badJson: FindingKind = {
  ...kind,
  severity: 'warning',
  code: 'bad-json',
  title: 'Data that begins as JSON and is none',
  why: 'JSON.parse throws (RFC 8259), mostly inside a listener where nobody catches it.',
  mend: 'Write it with a JSON library. NaN and Infinity have no form in JSON; a newline inside data needs a "data:" of its own.',
};

const unsafeInteger: FindingKind = {
  ...kind,
  severity: 'warning',
  code: 'unsafe-integer',
  title: 'An integer that JavaScript rounds',
  why: 'Above 2^53 a double does not hold every integer (RFC 8259 §6): JSON.parse gives another number.',
  mend: 'Send large ids as strings.',
};

const doubleJson: FindingKind = {
  ...kind,
  severity: 'note',
  code: 'json-in-json',
  title: 'JSON inside a JSON string',
  why: 'Data was made JSON twice: JSON.parse gives a text that has to be parsed again.',
  mend: 'Make JSON of the value once.',
};

const framedTwice: FindingKind = {
  ...kind,
  severity: 'warning',
  code: 'framed-twice',
  title: 'Data that is itself a field of an event stream',
  why: 'What arrives is "data: …" as text: an event that was framed already went through another framing.',
  mend: 'Give the library the data alone; of the two, either writes "data:" itself.',
};

const replacedCharacter: FindingKind = {
  ...kind,
  severity: 'warning',
  code: 'replacement-character',
  title: 'Text that was damaged before it was sent',
  why: 'U+FFFD stands where somebody decoded bytes that were not UTF-8 (Encoding §4.1), or half of a character: on the server, or a proxy.',
  mend: 'Decode a stream of bytes with one decoder from start to end; chunks may end inside a character.',
};

const errorDetail: FindingKind = {
  ...kind,
  severity: 'note',
  code: 'error-detail',
  title: 'Data that looks like the inside of a server',
  why: 'Stack traces, messages of databases and paths tell an attacker what runs there (CWE-209). It may be what the stream is for: this is a guess by the look of the text.',
  mend: 'Log the detail with an id, and send the id with a message for users.',
};

const LARGE_BYTES = 64 * 1024;
const HUGE_BYTES = 1024 * 1024;

/** A field, or a whole event of several lines. */
const FRAMED = /^data:|^(?:event|id|retry):[^\n]*\n(?:[^\n]*\n)*data:/;

/** U+FFFD in UTF-8. */
const REPLACEMENT = Buffer.from([0xef, 0xbf, 0xbd]);
const CONTEXT_BYTES = 20;

/** Longer data is not looked into: what is said of it is its size. */
const MAX_LOOKED_INTO = 256_000;

/** What is in the data, as far as it can be told without knowing what it is for. */
export class Payloads implements Check {
  static readonly kinds = [
    largeEvent,
    hugeEvent,
    badJson,
    unsafeInteger,
    doubleJson,
    framedTwice,
    replacedCharacter,
    errorDetail,
  ];
  readonly #report: Report;

  constructor(report: Report) {
    this.#report = report;
  }

  line({ bytes, offset }: StreamLine, field: Field | undefined, at: Position): void {
    // As it was sent: what is not UTF-8 becomes the same character only now.
    const index = bytes.indexOf(REPLACEMENT);
    if (index === -1 || field?.name === '') return;
    const message = quotedBytes(bytes.subarray(Math.max(0, index - CONTEXT_BYTES)));
    this.#report(replacedCharacter, { message, offset: offset + index }, at);
  }

  event({ event: type, data, bytes }: SseEvent, at: EventPosition): void {
    const name = `event ${at.n}${type === 'message' ? '' : `, ${quotation(type)}`}`;
    const report = (found: FindingKind, what: string) =>
      this.#report(found, { message: `${name}: ${what}` }, at);
    if (bytes > HUGE_BYTES) report(hugeEvent, `${bytes} bytes`);
    else if (bytes > LARGE_BYTES) report(largeEvent, `${bytes} bytes`);
    if (data.length > MAX_LOOKED_INTO) return;
    const json = jsonProblem(data);
    if (json?.kind === 'bad') report(badJson, `${json.problem}: ${quotation(data)}`);
    else if (json?.kind === 'nested') report(doubleJson, quotation(data));
    const rounded = json?.kind === 'bad' ? undefined : unsafeIntegerIn(data);
    if (rounded !== undefined) report(unsafeInteger, `${quotation(rounded)} becomes ${Number(rounded)}`);
    if (FRAMED.test(data)) report(framedTwice, quotation(data));
    const detail = errorDetailIn(data);
    if (detail !== undefined) report(errorDetail, `${detail.what}: ${quotation(detail.text)}`);
  }
}
