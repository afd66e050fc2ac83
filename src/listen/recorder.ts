import { SseKitError } from '../client/errors.ts';
import type { ClientReason, CloseInfo, OpenInfo, Warning } from '../client/records.ts';
import { chunkLine, leftLine } from '../recording/lines.ts';
import { openRecordingOutput, type RecordingOutput } from '../recording/recording-output.ts';
import type { SseEvent } from '../sse/sink.ts';
import type { Instrument, InstrumentContext, InstrumentMaker } from './instrument.ts';
import type { Outcome, RunEnd } from './outcome.ts';
import { Output } from './output.ts';
import type {
  Consequence,
  EventPosition,
  ListenPrinter,
  OpenPosition,
  Position,
  Printed,
  ReconnectRecord,
} from './printer.ts';

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
    this.#write(this.#printer.event(event, at));
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

  reconnect(record: ReconnectRecord, at: Position): void {
    this.#interrupted();
    this.#write(this.#printer.reconnect(record, at));
  }

  left(by: ClientReason, { conn, t }: Position): void {
    this.#file.write(leftLine({ conn, t, by }));
  }

  judge(outcome: Outcome, _end: RunEnd): Outcome {
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

/** A recording's file, seen from the run: it pauses what is read while the disk is slow, and fails it with the disk. */
export class RecordingFileSink {
  readonly #output: Output;
  readonly #file: RecordingOutput;
  #told = false;

  /** @throws SseKitError exit 23 for a file that can't be opened */
  constructor(path: string, context: Pick<InstrumentContext, 'fail' | 'pause' | 'resume'>) {
    try {
      this.#file = openRecordingOutput(path, (error) => {
        this.#told = true;
        context.fail(this.#failure(error));
      });
    } catch (error) {
      throw new SseKitError('RECORD_UNWRITABLE', 23, `--record ${path}: ${reasonOf(error)}`, {
        hint: 'nothing was connected to; is the folder there and writable?',
        cause: error,
      });
    }
    this.#output = new Output(this.#file.stream, context.pause, context.resume);
  }

  write(text: string): void {
    this.#output.write(text);
  }

  /** @throws SseKitError exit 23, where what is left can't be written */
  async finish(): Promise<void> {
    this.#output.flush();
    try {
      await this.#file.finish();
    } catch (error) {
      if (!this.#told) throw this.#failure(error);
    }
  }

  #failure(error: unknown): SseKitError {
    const { path, bytesWritten } = this.#file;
    const message = `--record ${path}: ${reasonOf(error)}; ${bytesWritten} bytes were written`;
    return new SseKitError('RECORD_FAILED', 23, message, {
      hint: 'the recording can be read up to there',
      cause: error,
    });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'the folder is not there',
  ENOTDIR: 'a part of the path is no folder',
  EISDIR: 'it is a folder',
  EACCES: 'writing it is not permitted',
  EPERM: 'writing it is not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left on the disk',
  EDQUOT: 'the quota of the disk is used up',
  EFBIG: 'the file would be larger than is allowed',
};

function reasonOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return REASONS[code] ?? message;
}
