import { nearestName } from '../../../notation/nearest-name.ts';
import type { StreamLine } from '../../../sse/line-scanner.ts';
import type { Position } from '../../printer.ts';
import { FIELDS, type Field } from '../field.ts';
import type { Check, FindingKind, Report } from '../finding.ts';
import { quotation, quotedBytes } from '../quotation.ts';

const FIELD_NAMES: ReadonlySet<string> = new Set(FIELDS);

const kind = { severity: 'error', flag: 'strict', where: 'the lines' } as const;

const unknownField: FindingKind = {
  ...kind,
  code: 'unknown-field',
  title: 'A field that no browser knows',
  why: 'Fields other than data, event, id and retry are ignored (HTML §9.2.6).',
  mend: 'Write one of data, event, id, retry before the colon; put a colon first to make it a comment.',
};

const fieldCase: FindingKind = {
  ...kind,
  code: 'field-case',
  title: 'A field name with capitals',
  why: 'Field names are compared literally, with no case folding (HTML §9.2.6): the line is ignored.',
  mend: 'Write the name in lower case.',
};

const fieldSpace: FindingKind = {
  ...kind,
  code: 'field-space',
  title: 'A field name with white space around it',
  why: 'White space before the name, or between name and colon, is part of the name (HTML §9.2.5: name-char is any character but CR, LF and the colon): the line is ignored.',
  mend: 'Begin the line with the name, and put the colon right behind it. An indented template does this.',
};

const lineWithoutColon: FindingKind = {
  ...kind,
  code: 'line-without-colon',
  title: 'A line without a colon',
  why: 'The whole line is taken as the name of a field (HTML §9.2.6), which none is: the line is ignored.',
  mend: 'Each line of the data needs a "data:" of its own: split the data at CR, LF and CRLF before sending it.',
};

const whitespaceLine: FindingKind = {
  ...kind,
  code: 'whitespace-line',
  title: 'A line that looks blank and is not',
  why: 'Only an empty line ends an event (HTML §9.2.6). One of spaces or tabs is a field without meaning: the event goes on, and runs into the next.',
  mend: 'End the event with an empty line: two line ends in a row.',
};

const strayMark: FindingKind = {
  ...kind,
  code: 'stray-bom',
  title: 'A byte order mark inside the stream',
  why: 'One U+FEFF is taken away at the very start (HTML §9.2.5: stream = [ bom ] *event). Any other is a character: here it is part of the name of the field, and the line is ignored.',
  mend: 'Send no byte order mark. Files that were saved with one, or an encoder made anew for each event, bring them in.',
};

/** Lines that a browser ignores because of what stands before their colon. */
export class FieldNames implements Check {
  static readonly kinds = [unknownField, fieldCase, fieldSpace, lineWithoutColon, whitespaceLine, strayMark];
  readonly #report: Report;
  /** The line before, of the same block, was data: what follows may be the rest of its text. */
  #afterData = false;

  constructor(report: Report) {
    this.#report = report;
  }

  line(line: StreamLine, field: Field | undefined, at: Position): void {
    if (field?.known === undefined) {
      if (field !== undefined && field.name !== '') this.#ignored(line, field, at);
      this.#afterData = false;
      return;
    }
    this.#afterData = field.known === 'data';
  }

  close(): void {
    this.#afterData = false;
  }

  #ignored(line: StreamLine, { name, value, offset }: Field, at: Position): void {
    const report = (found: FindingKind, message: string) => this.#report(found, { message, offset }, at);
    const quote = quotedBytes(line.bytes);
    const bare = name.replace(/^\ufeff+/, '').trim();
    if (name.startsWith('\ufeff')) report(strayMark, `${quote} begins with a byte order mark`);
    else if (bare === '' && value === undefined) report(whitespaceLine, `${quote} is not blank`);
    else if (bare !== name && FIELD_NAMES.has(bare.toLowerCase()))
      report(fieldSpace, `${quote}: white space belongs to the name, and ${quotation(name)} is no field`);
    else if (FIELD_NAMES.has(name.toLowerCase()))
      report(fieldCase, `${quote}: ${quotation(name)} is not ${quotation(name.toLowerCase())}`);
    else if (value === undefined)
      report(lineWithoutColon, `${quote} has no colon${this.#reason(line, bare)}`);
    else report(unknownField, `${quote}: ${quotation(name)} is no field${this.#meant(bare)}`);
  }

  #meant(name: string): string {
    const meant = name.length > 20 ? undefined : nearestName(name.toLowerCase(), FIELDS);
    if (meant !== undefined) return `; is "${meant}" meant?`;
    return this.#afterData ? '; does the data before it hold a newline?' : '';
  }

  #reason(line: StreamLine, text: string): string {
    const word = /^(data|event|id|retry)\s/i.exec(text)?.[1];
    if (word !== undefined) return ` after "${word}"`;
    if (/^[0-9a-f]{1,8}$/i.test(text) && line.end === 'crlf')
      return '; a chunk size? is the body chunked twice?';
    return this.#afterData ? '; does the data before it hold a newline?' : '';
  }
}
