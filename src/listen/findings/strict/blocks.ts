import type { CloseInfo } from '../../../client/records.ts';
import type { LineRest, StreamLine } from '../../../sse/line-scanner.ts';
import type { Position } from '../../printer.ts';
import type { Field } from '../field.ts';
import type { Check, FindingKind, Report } from '../finding.ts';
import { quotation, quotedBytes } from '../quotation.ts';
import { isDigits } from './field-values.ts';

const kind = { flag: 'strict', where: 'the events' } as const;

const eventWithoutData: FindingKind = {
  ...kind,
  severity: 'error',
  code: 'event-without-data',
  title: 'An event without data',
  why: 'A block without a data line dispatches nothing, and its event type is thrown away (HTML §9.2.6, dispatch, step 2): no listener hears of it.',
  mend: 'Send a data line with every event, an empty one where there is nothing to say: "data:".',
};

const repeatedField: FindingKind = {
  ...kind,
  severity: 'error',
  code: 'repeated-field',
  title: 'A field that another of its name replaces',
  why: 'Of several event, id or retry lines in one block only the last counts (HTML §9.2.6: each sets its buffer anew); only data adds up.',
  mend: 'Send each once in an event. Two events that have run together lack the blank line between them.',
};

const reservedEventType: FindingKind = {
  ...kind,
  severity: 'warning',
  code: 'reserved-event-type',
  title: "An event type that is also EventSource's own",
  why: 'EventSource fires events named open and error about its connection (HTML §9.2.3). An event of that type from the server reaches onerror or onopen too, which take it for a connection that failed or opened.',
  mend: 'Give it a name of your own: "failure", "app-error".',
};

const eventTypeWhitespace: FindingKind = {
  ...kind,
  severity: 'warning',
  code: 'event-type-whitespace',
  title: 'An event type with white space at its start or end',
  why: 'One space behind the colon is taken away (HTML §9.2.6); what else stands there belongs to the type. A listener for the name without it never hears of the event.',
  mend: 'Put one space, or none, behind "event:", and none behind the name.',
};

const emptyEventType: FindingKind = {
  ...kind,
  severity: 'warning',
  code: 'empty-event-type',
  title: 'An event line without a name',
  why: 'An empty event type counts as none (HTML §9.2.6, dispatch): the event is a "message".',
  mend: 'Leave the line out, or fill in the name that is missing.',
};

const unfinishedEvent: FindingKind = {
  ...kind,
  severity: 'error',
  code: 'unfinished-event',
  title: 'The stream ends inside an event',
  why: 'What no blank line ends is discarded at the end of the stream, its id too (HTML §9.2.6, "any pending data must be discarded"). The browser says nothing of it.',
  mend: 'End every event with an empty line, the last one too, and end a stream between two events.',
};

const unfinishedLine: FindingKind = {
  ...kind,
  severity: 'error',
  code: 'unfinished-line',
  title: 'The stream ends inside a line',
  why: 'A line is a field with its line end (HTML §9.2.5: field = 1*name-char … end-of-line). Without it, it is discarded at the end of the stream.',
  mend: 'End every line, the last one too.',
};

/** A field that may be replaced, or thrown away with its block. */
interface Held {
  offset: number;
  value: string;
}

/** What becomes of whole blocks: dropped, partly replaced, cut off at the end. */
export class Blocks implements Check {
  static readonly kinds = [
    eventWithoutData,
    repeatedField,
    unfinishedEvent,
    unfinishedLine,
    reservedEventType,
    eventTypeWhitespace,
    emptyEventType,
  ];
  readonly #report: Report;
  /** Of the first line of the block that would be lost with it. */
  #start: number | undefined;
  #hasData = false;
  #latest: { event?: Held; id?: Held; retry?: Held } = {};

  constructor(report: Report) {
    this.#report = report;
  }

  line(_line: StreamLine, field: Field | undefined, at: Position): void {
    if (field === undefined) return this.#finish(at);
    const { known } = field;
    if (known === undefined) return;
    // A reconnection time holds at once, whatever becomes of its block.
    if (known !== 'retry') this.#start ??= field.offset;
    if (known === 'data') this.#hasData = true;
    else this.#hold(known, field, at);
  }

  close(info: CloseInfo, at: Position, rest: LineRest): void {
    if (isEndOfStream(info)) this.#unfinished(rest, at);
    this.#reset();
  }

  #hold(name: 'event' | 'id' | 'retry', field: Field, at: Position): void {
    const bytes = field.value ?? Buffer.alloc(0);
    if (name === 'id' && bytes.includes(0)) return;
    if (name === 'retry' && !isDigits(bytes)) return;
    const { offset } = field;
    const earlier = this.#latest[name];
    const value = bytes.toString();
    this.#latest[name] = { offset, value };
    if (earlier === undefined || earlier.value === value) return;
    const message = `${name}: ${quotation(earlier.value)} is replaced by ${quotation(value)} at byte ${offset}`;
    this.#report(repeatedField, { message, offset: earlier.offset }, at);
  }

  #finish(at: Position): void {
    const { event } = this.#latest;
    if (event !== undefined) this.#eventType(event, at);
    this.#reset();
  }

  #eventType({ offset, value }: Held, at: Position): void {
    const report = (found: FindingKind, message: string) => this.#report(found, { message, offset }, at);
    if (!this.#hasData) {
      if (value !== '') report(eventWithoutData, `event ${quotation(value)} has no data and is dropped`);
      return;
    }
    if (value === '') report(emptyEventType, 'the event line names nothing');
    else if (value === 'error' || value === 'open') report(reservedEventType, `an event of type "${value}"`);
    else if (value.trim() !== value)
      report(eventTypeWhitespace, `the type ${quotation(value)} begins or ends with white space`);
  }

  #unfinished({ offset, bytes, sizeBytes }: LineRest, at: Position): void {
    const start = this.#start;
    if (start !== undefined) {
      const lost = offset + sizeBytes - start;
      const id =
        this.#latest.id === undefined ? '' : `, and with them the id ${quotation(this.#latest.id.value)}`;
      const message = `the last ${lost} bytes are an event without a blank line: they are discarded${id}`;
      this.#report(unfinishedEvent, { message, offset: start }, at);
      return;
    }
    const mark = offset === 0 && bytes.subarray(0, 3).toString('latin1') === '\xef\xbb\xbf' ? 3 : 0;
    const text = bytes.subarray(mark);
    // A comment is ignored with and without its end.
    if (text.length === 0 || text.toString('latin1', 0, 1) === ':') return;
    const message = `${quotedBytes(text)} has no line end: it is discarded`;
    this.#report(unfinishedLine, { message, offset: offset + mark }, at);
  }

  #reset(): void {
    this.#start = undefined;
    this.#hasData = false;
    this.#latest = {};
  }
}

/** The server, or the way to it, ended the stream: where we left, nothing proves that more would not have come. */
function isEndOfStream({ reason }: CloseInfo): boolean {
  return reason === 'eof' || reason === 'truncated' || reason === 'reset' || reason === 'protocol';
}
