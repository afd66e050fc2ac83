import type { StreamLine } from '../../../sse/line-scanner.ts';
import type { Position } from '../../printer.ts';
import type { Field } from '../field.ts';
import type { Check, FindingKind, Report } from '../finding.ts';
import { quotation, quotedBytes } from '../quotation.ts';

const NUL = 0;

const kind = { flag: 'strict', where: 'the lines' } as const;

const badRetry: FindingKind = {
  ...kind,
  severity: 'error',
  code: 'bad-retry',
  title: 'A reconnection time that is no number',
  why: 'Only ASCII digits are a reconnection time, in milliseconds (HTML §9.2.6): the field is ignored, and the time stays what it was.',
  mend: 'Write whole milliseconds without sign, unit, fraction or white space: "retry: 3000".',
};

const nulInId: FindingKind = {
  ...kind,
  severity: 'error',
  code: 'nul-in-id',
  title: 'An id with U+0000 in it',
  why: 'An id that contains U+0000 is ignored (HTML §9.2.6): the event keeps the id of the one before it, and a reconnect resumes there.',
  mend: 'Make ids of characters that a header may hold: letters, digits, and - . _ : are safe.',
};

const idWhitespace: FindingKind = {
  ...kind,
  severity: 'warning',
  code: 'id-whitespace',
  title: 'An id with white space at its start or end',
  why: 'The id comes back in Last-Event-ID, and white space around the value of a header does not count (RFC 9110 §5.5): the server gets another id than it sent.',
  mend: 'Put one space, or none, behind "id:", and none behind the id.',
};

const idControl: FindingKind = {
  ...kind,
  severity: 'warning',
  code: 'id-control-character',
  title: 'An id that no header can carry',
  why: 'The id comes back in Last-Event-ID, and control characters may not stand in a header (RFC 9110 §5.5): the request that resumes is refused, or goes without the id.',
  mend: 'Make ids of characters that a header may hold: letters, digits, and - . _ : are safe.',
};

/** What a browser ignores because of a field's value, or does not give back as it was sent. */
export class FieldValues implements Check {
  static readonly kinds = [badRetry, nulInId, idWhitespace, idControl];
  readonly #report: Report;

  constructor(report: Report) {
    this.#report = report;
  }

  line(_line: StreamLine, field: Field | undefined, at: Position): void {
    if (field?.known === 'retry') this.#retry(field, at);
    else if (field?.known === 'id') this.#id(field, at);
  }

  #retry({ value, offset }: Field, at: Position): void {
    if (value !== undefined && isDigits(value)) return;
    const message =
      value === undefined || value.length === 0
        ? 'it has no value'
        : `${quotedBytes(value)} is not only digits`;
    this.#report(badRetry, { message: `retry: ${message}`, offset }, at);
  }

  #id({ value, valueOffset }: Field, at: Position): void {
    if (value === undefined) return;
    const nul = value.indexOf(NUL);
    if (nul !== -1) {
      const message = `the id ${quotedBytes(value)} holds U+0000`;
      this.#report(nulInId, { message, offset: valueOffset + nul }, at);
      return;
    }
    const id = value.toString();
    const report = (found: FindingKind, what: string) =>
      this.#report(found, { message: `the id ${quotation(id)} ${what}`, offset: valueOffset }, at);
    if (/^[ \t]|[ \t]$/.test(id)) report(idWhitespace, 'begins or ends with white space');
    if (/[\x01-\x08\x0b-\x1f\x7f]/.test(id)) report(idControl, 'holds a control character');
  }
}

/** @returns whether there is a reconnection time: at least one ASCII digit, and nothing else */
export function isDigits(value: Buffer): boolean {
  return value.length > 0 && /^[0-9]+$/.test(value.toString('latin1'));
}
