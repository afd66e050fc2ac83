import type { CloseInfo, Marks, OpenInfo } from '../client/records.ts';
import { entryBeginning, entryEnd, HAR_END, harBeginning, harMessage } from '../recording/har.ts';
import { maskHeaders, maskUrl } from '../results/redaction.ts';
import type { SseEvent } from '../sse/sink.ts';
import { toMicroseconds } from '../stats/microseconds.ts';
import type { Instrument, InstrumentContext, InstrumentMaker } from './instrument.ts';
import type { EventPosition } from './printer.ts';
import { RecordingFileSink } from './recording-file-sink.ts';

interface HarOptions {
  /** Of the program. */
  version: string;
  showSecrets: boolean;
  /** What is asked for, where no answer tells it. */
  request: { method: string; url: string };
}

/**
 * Writes the run to a HAR file: an entry for each attempt, every event in it. The file is whole when the run has ended.
 *
 * @throws SseKitError exit 23, from the maker, for a file that can't be written
 */
export function harRecorder(path: string, options: HarOptions): InstrumentMaker {
  return (context) => new HarRecorder(context, path, options);
}

class HarRecorder implements Instrument {
  readonly #context: InstrumentContext;
  readonly #file: RecordingFileSink;
  readonly #options: HarOptions;
  #startedAt = 0;
  #open: OpenInfo | undefined;
  #entries = 0;
  #inEntry = false;
  #messages = 0;

  constructor(context: InstrumentContext, path: string, options: HarOptions) {
    this.#context = context;
    this.#options = options;
    this.#file = new RecordingFileSink(path, context);
    this.#file.write(harBeginning(options.version));
  }

  attempt(marks: Readonly<Marks>): void {
    this.#startedAt = marks.start;
  }

  open(info: OpenInfo): void {
    const { showSecrets } = this.#options;
    this.#open = showSecrets ? info : { ...info, headers: maskHeaders(info.headers) };
    this.#begin(info);
  }

  event(event: SseEvent, { t }: EventPosition): void {
    const { clock } = this.#context;
    const time = toMicroseconds(clock.wallMs(clock.startedAt + t)) / 1000;
    const { event: eventName, lastEventId: eventId, data } = event;
    this.#file.write(harMessage({ time, eventName, eventId, data }, this.#messages));
    this.#messages++;
  }

  close(info: CloseInfo): void {
    if (!this.#inEntry) this.#begin(undefined);
    this.#file.write(entryEnd(this.#open, info));
    this.#open = undefined;
    this.#inEntry = false;
  }

  async conclude() {
    this.#file.write(HAR_END);
    await this.#file.finish();
    return {};
  }

  #begin(info: OpenInfo | undefined): void {
    const { showSecrets, request } = this.#options;
    const { method, url } = info ?? request;
    const { requestHeaders = [], http = '', remoteAddress } = info ?? {};
    const asked = {
      method,
      url: showSecrets ? url : maskUrl(url),
      headers: showSecrets ? requestHeaders : maskHeaders(requestHeaders),
      http,
    };
    const wallMs = this.#context.clock.wallMs(this.#startedAt);
    this.#file.write(entryBeginning(asked, { ordinal: this.#entries, wallMs, remoteAddress }));
    this.#entries++;
    this.#messages = 0;
    this.#inEntry = true;
  }
}
