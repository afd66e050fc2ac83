import { TextDecoder } from 'node:util';
import type { ClientReason, CloseInfo, Marks, OpenInfo } from '../client/records.ts';
import { methodAfter } from '../client/redirect.ts';
import {
  entryBeginning,
  entryEnd,
  type HarRequest,
  harBeginning,
  harEnd,
  harMessage,
  redirectEntry,
} from '../recording/har.ts';
import { leftLine } from '../recording/lines.ts';
import { MASK, maskBody, maskHeaders, maskUrl } from '../results/redaction.ts';
import type { SseEvent } from '../sse/sink.ts';
import { toMicroseconds } from '../stats/microseconds.ts';
import type { Instrument, InstrumentContext, InstrumentMaker } from './instrument.ts';
import type {
  EventPosition,
  ListenPrinter,
  OpenPosition,
  Position,
  Printed,
  ReconnectRecord,
} from './printer.ts';
import { RecordingFileSink } from './recording-file-sink.ts';

interface HarOptions {
  /** Of the program. */
  version: string;
  showSecrets: boolean;
  /** What is asked for at first. Of a run that is told again only its answers tell. */
  request: { method: string; url: string; body?: Uint8Array | undefined } | undefined;
  /** Of NDJSON, for a file. */
  printer: ListenPrinter;
}

/**
 * Writes the run to a HAR file: an entry for each attempt, and for each redirect on its way, every event in it. The
 * file is whole when the run has ended.
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
  /** Records since the last entry. */
  #between: string[] = [];

  constructor(context: InstrumentContext, path: string, options: HarOptions) {
    this.#context = context;
    this.#options = options;
    this.#file = new RecordingFileSink(path, context);
  }

  attempt(marks: Readonly<Marks>): void {
    this.#startedAt = marks.start;
  }

  open(info: OpenInfo, at: OpenPosition): void {
    const { showSecrets, printer } = this.#options;
    this.#open = showSecrets ? info : { ...info, headers: maskHeaders(info.headers) };
    this.#begin(info, recordOf(printer.open(info, at)));
  }

  event(event: SseEvent, { t }: EventPosition): void {
    const { clock } = this.#context;
    const time = toMicroseconds(clock.wallMs(clock.startedAt + t)) / 1000;
    const { event: eventName, lastEventId: eventId, data } = event;
    this.#file.write(harMessage({ time, eventName, eventId, data, _t: toMicroseconds(t) }, this.#messages));
    this.#messages++;
  }

  close(info: CloseInfo, at: Position, final: boolean): void {
    if (!this.#inEntry) this.#begin(undefined);
    const record = this.#options.printer.close(info, at, { final, failure: info.error });
    this.#file.write(entryEnd(this.#open, info, recordOf(record)));
    this.#open = undefined;
    this.#inEntry = false;
  }

  reconnect(record: ReconnectRecord, at: Position): void {
    this.#between.push(recordOf(this.#options.printer.reconnect(record, at)));
  }

  left(by: ClientReason, { conn, t }: Position): void {
    this.#between.push(leftLine({ conn, t, by }).trimEnd());
  }

  async conclude() {
    this.#file.write(this.#beginning() + harEnd(this.#between));
    await this.#file.finish();
    return {};
  }

  #begin(info: OpenInfo | undefined, open?: string): void {
    const { request } = this.#options;
    const { method, url } = info ?? request ?? { method: 'GET', url: '' };
    const { requestHeaders = [], http = '', remoteAddress } = info ?? {};
    const asked = this.#request({ method, url, headers: requestHeaders, http });
    const wallMs = this.#context.clock.wallMs(this.#startedAt);
    const beginning = this.#beginning();
    const redirects = info === undefined ? '' : this.#redirects(info);
    const start = { wallMs, remoteAddress, before: this.#between, open };
    // In one piece: from here on what is written can be read, should the rest not be.
    this.#file.write(beginning + redirects + entryBeginning(asked, start, this.#entries));
    this.#between = [];
    this.#entries++;
    this.#messages = 0;
    this.#inEntry = true;
  }

  #beginning(): string {
    return this.#entries === 0 ? harBeginning(this.#options.version) : '';
  }

  #redirects({ redirects, method: last, http }: OpenInfo): string {
    const { request, showSecrets } = this.#options;
    const wallMs = this.#context.clock.wallMs(this.#startedAt);
    let method = request?.method ?? last;
    let entries = '';
    for (const { status, from, to } of redirects) {
      const asked = this.#request({ method, url: from, headers: [], http });
      const answer = { status, to: showSecrets ? to : maskUrl(to), wallMs };
      entries += redirectEntry(asked, answer, this.#entries);
      this.#entries++;
      method = methodAfter(method, status);
    }
    return entries;
  }

  /** As it may be shown. */
  #request({ method, url, headers, http }: HarRequest): HarRequest {
    const { showSecrets, request } = this.#options;
    // A redirect that makes another method of it leaves the body behind.
    const body = method === request?.method ? request.body : undefined;
    return {
      method,
      url: showSecrets ? url : maskUrl(url),
      headers: showSecrets ? headers : maskHeaders(headers),
      http,
      body: body && { text: shownBody(body, showSecrets), bytes: body.length },
    };
  }
}

function recordOf({ data = '' }: Printed): string {
  return data.trimEnd();
}

function shownBody(bytes: Uint8Array, showSecrets: boolean): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return showSecrets ? text : maskBody(text);
  } catch {
    // Not text.
    return showSecrets ? Buffer.from(bytes).toString('latin1') : MASK;
  }
}
