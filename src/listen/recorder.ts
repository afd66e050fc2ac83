import { constants } from 'node:buffer';
import type { ClientReason, CloseInfo, OpenInfo, Warning } from '../client/records.ts';
import { chunkLine, leftLine, MAX_LINE_BYTES, pauseLine } from '../recording/lines.ts';
import type { SseEvent } from '../sse/sink.ts';
import type { Instrument, InstrumentContext, InstrumentMaker } from './instrument.ts';
import type { Outcome } from './outcome.ts';
import type {
  Consequence,
  EventPosition,
  ListenPrinter,
  OpenPosition,
  Position,
  Printed,
  ReconnectRecord,
} from './printer.ts';
import { RecordingFileSink } from './recording-file-sink.ts';

/**
 * Writes the whole run to a file: the records of every event, whatever the filters show, and a line for each socket
 * read with its bytes. Lines are in the order that things happened in, and leave with each turn of the event loop.
 *
 * The file is opened, and what was in it is gone, when the run begins. Where the disk can't keep up, reading waits.
 *
 * @param printer of NDJSON, for a file
 * @throws SseKitError exit 23, from the maker, for a file that can't be written
 */
export function recorder(path: string, printer: ListenPrinter): InstrumentMaker {
  return (context) => new Recorder(context, path, printer);
}

/** Characters of a string, at most: V8 has no longer ones. */
const LONGEST_STRING = constants.MAX_STRING_LENGTH;

/** Bytes of a line for a character: control characters are written as `\u0001`; JSON data, and ids, stand there twice. */
const MOST_FOR_CHARACTER = 6;

/** Of everything else in a line. */
const REST_BYTES = 1000;

/** Whether the line of an event may be longer than that, going by the lengths of what is in it. */
function mayBeTooLong({ event, data, lastEventId }: SseEvent, length: number): boolean {
  const characters = data.length + event.length + 2 * lastEventId.length;
  return characters * MOST_FOR_CHARACTER + REST_BYTES > length;
}

class Recorder implements Instrument {
  readonly #printer: ListenPrinter;
  readonly #file: RecordingFileSink;
  #encoding: string | undefined;
  #lastRetry: number | undefined;
  /** How an attempt ended, until it is known what follows. */
  #close: { info: CloseInfo; at: Position; final: boolean } | undefined;

  constructor(context: InstrumentContext, path: string, printer: ListenPrinter) {
    this.#printer = printer;
    this.#file = new RecordingFileSink(path, context);
  }

  open(info: OpenInfo, at: OpenPosition): void {
    this.#encoding = info.encoding === 'identity' ? undefined : info.encoding;
    this.#write(this.#printer.open(info, at));
  }

  chunk(bytes: Uint8Array, { conn, t }: Position, ends?: readonly number[]): void {
    this.#file.write(chunkLine({ conn, t, bytes, enc: this.#encoding, ends }));
  }

  event(event: SseEvent, at: EventPosition): void {
    if (mayBeTooLong(event, MAX_LINE_BYTES)) this.#writeLargeEvent(event, at);
    else this.#write(this.#printer.event(event, at));
  }

  /** What could not be read again is left out: the bytes that it was made from are there. */
  #writeLargeEvent(event: SseEvent, at: EventPosition): void {
    if (mayBeTooLong(event, LONGEST_STRING)) return;
    const { data = '' } = this.#printer.event(event, at);
    if (Buffer.byteLength(data) <= MAX_LINE_BYTES) this.#file.write(data);
  }

  comment(text: string, at: Position): void {
    this.#write(this.#printer.comment(text, at));
  }

  retry(ms: number, at: Position): void {
    if (ms === this.#lastRetry) return;
    this.#lastRetry = ms;
    this.#write(this.#printer.retry(ms, at));
  }

  warn(warning: Warning, at: Position): void {
    if (this.#close?.final === false) this.#interrupted();
    this.#write(this.#printer.warn(warning, at));
  }

  close(info: CloseInfo, at: Position, final: boolean): void {
    this.#encoding = undefined;
    this.#close = { info, at, final };
  }

  paused(at: Position): void {
    this.#file.write(pauseLine('paused', at));
  }

  resumed(at: Position): void {
    this.#file.write(pauseLine('resumed', at));
  }

  reconnect(record: ReconnectRecord, at: Position): void {
    this.#interrupted();
    this.#write(this.#printer.reconnect(record, at));
  }

  left(by: ClientReason, { conn, t }: Position): void {
    if (this.#close !== undefined) this.#interrupted();
    this.#file.write(leftLine({ conn, t, by }));
  }

  judge(outcome: Outcome): Outcome {
    this.#ended({ final: true, failure: outcome.failure });
    return outcome;
  }

  async conclude() {
    await this.#file.finish();
    return {};
  }

  /** The attempt that ended is followed by another. */
  #interrupted(): void {
    this.#ended({ final: false, failure: this.#close?.info.error });
  }

  #ended(consequence: Consequence): void {
    const close = this.#close;
    this.#close = undefined;
    if (close !== undefined) this.#write(this.#printer.close(close.info, close.at, consequence));
  }

  #write({ data }: Printed): void {
    if (data !== undefined) this.#file.write(data);
  }
}
