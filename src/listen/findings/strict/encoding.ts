import { isUtf8 } from 'node:buffer';
import { mimeTypeOf } from '../../../client/mime-type.ts';
import type { OpenInfo } from '../../../client/records.ts';
import { BYTE_ORDER_MARK } from '../../../sse/byte-order-mark.ts';
import type { StreamLine } from '../../../sse/line-scanner.ts';
import type { Position } from '../../printer.ts';
import type { Check, FindingKind, Report } from '../finding.ts';
import { quotation } from '../quotation.ts';
import { type InvalidSequence, invalidSequences } from './invalid-utf8.ts';

const kind = { severity: 'error', flag: 'strict' } as const;

const invalidUtf8: FindingKind = {
  ...kind,
  where: 'the lines',
  code: 'invalid-utf8',
  title: 'Bytes that are not UTF-8',
  why: 'Streams are always decoded as UTF-8 (HTML §9.2.6); what is none becomes U+FFFD, one for each sequence that breaks off (Encoding §4.1). What was sent is lost.',
  mend: 'Encode as UTF-8. Text from another encoding needs conversion; text that is cut into pieces must be cut between characters.',
};

const ignoredCharset: FindingKind = {
  ...kind,
  where: 'the response headers',
  code: 'ignored-charset',
  title: 'A charset other than UTF-8',
  why: 'The parameter serves no purpose: streams are always decoded as UTF-8 (HTML §9.2.6, and the registration of text/event-stream there).',
  mend: 'Encode as UTF-8, and send "Content-Type: text/event-stream", or with "charset=utf-8".',
  once: true,
};

/** The labels of UTF-8 (Encoding standard, section 4.2). */
const UTF8_LABELS = new Set([
  'utf-8',
  'utf8',
  'unicode-1-1-utf-8',
  'unicode11utf8',
  'unicode20utf8',
  'x-unicode20utf8',
]);

/** Bytes of a run that are told. */
const BYTES_SHOWN = 8;
const CONTEXT_BYTES = 24;

const PROBLEMS: Record<InvalidSequence['problem'], string> = {
  'stray-byte': 'a byte that begins no character',
  'cut-short': 'a character that breaks off',
  overlong: 'a character in more bytes than it needs',
  surrogate: 'half of a surrogate pair',
  'too-large': 'a code point above U+10FFFF',
};

/** What a browser replaces because it is no UTF-8. */
export class Encoding implements Check {
  static readonly kinds = [invalidUtf8, ignoredCharset];
  readonly #report: Report;

  constructor(report: Report) {
    this.#report = report;
  }

  open({ contentType }: OpenInfo, at: Position): void {
    const label = mimeTypeOf(contentType)?.parameters.get('charset')?.trim();
    if (label === undefined || label === '' || UTF8_LABELS.has(label.toLowerCase())) return;
    this.#report(ignoredCharset, { message: `the Content-Type says charset=${label}` }, at);
  }

  line({ bytes, offset, afterMark }: StreamLine, _field: unknown, at: Position): void {
    // Comments too: they are ignored, but show that whoever writes the stream does not write UTF-8.
    if (isUtf8(bytes)) return;
    const start = afterMark ? offset + BYTE_ORDER_MARK.length : offset;
    if (start === 0 && isUtf16Mark(bytes)) {
      this.#report(invalidUtf8, { message: 'the stream begins as UTF-16', offset: 0 }, at);
      return;
    }
    for (const { index, length, problem } of runsOf(invalidSequences(bytes))) {
      const message = () =>
        `${hexText(bytes.subarray(index, index + length))}${contextOf(bytes, index)}: ${PROBLEMS[problem]}`;
      this.#report(invalidUtf8, { message, offset: start + index }, at);
    }
  }
}

/** Sequences that follow one another, as one: a character of another encoding mostly breaks off several times. */
function* runsOf(sequences: Iterable<InvalidSequence>): Generator<InvalidSequence> {
  let run: InvalidSequence | undefined;
  for (const each of sequences) {
    if (run !== undefined && run.index + run.length === each.index) {
      run.length += each.length;
    } else {
      if (run !== undefined) yield run;
      run = { ...each };
    }
  }
  if (run !== undefined) yield run;
}

function hexText(bytes: Buffer): string {
  const hex = bytes.toString('hex', 0, BYTES_SHOWN).toUpperCase();
  return hex.replace(/..(?=.)/g, '$& ') + (bytes.length > BYTES_SHOWN ? ' …' : '');
}

/** The text before the bytes, which tells where they are better than an offset does. */
function contextOf(bytes: Buffer, index: number): string {
  const before = bytes.toString('utf8', Math.max(0, index - CONTEXT_BYTES), index).replace(/^.*\ufffd/s, '');
  return before === '' ? '' : ` after ${quotation(before)}`;
}

function isUtf16Mark(bytes: Buffer): boolean {
  const mark = bytes.toString('hex', 0, 2);
  return mark === 'fffe' || mark === 'feff';
}
