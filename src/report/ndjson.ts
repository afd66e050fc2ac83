import type { SseKitError } from '../client/errors.ts';
import type { CloseInfo, OpenInfo, Warning } from '../client/records.ts';
import type { SentRequest } from '../client/stream-sink.ts';
import type {
  Consequence,
  EventPosition,
  ListenPrinter,
  OpenPosition,
  Position,
  Printed,
  PrinterOptions,
  ReconnectRecord,
} from '../listen/printer.ts';
import { headerObject } from '../results/header-object.ts';
import type { ListenSummary } from '../results/listen.ts';
import { maskHeaders, maskUrl } from '../results/redaction.ts';
import { wholeTimingOf } from '../results/timing.ts';
import type { SseEvent } from '../sse/sink.ts';
import { requestLines } from './connection-lines.ts';
import { errorNdjson } from './error-line.ts';
import { escapeInline, escapeJson } from './escape.ts';
import { jsonOnOneLine } from './json-text.ts';

/** Version of the record format. */
const VERSION = 1;

/**
 * `--format ndjson`: every record on a line of JSON, all of them data. Lines are put together by hand, as
 * events come by the hundred thousand. JSON data is taken over into `json` as it was written, so that
 * integers above 2⁵³ stay exact.
 */
export class NdjsonPrinter implements ListenPrinter {
  readonly #options: PrinterOptions;
  /** What the last event's line had in common with its neighbours', and what that was made of. */
  #shared = { t: Number.NaN, dt: Number.NaN, name: '', text: '' };

  constructor(options: PrinterOptions) {
    this.#options = options;
  }

  open(info: OpenInfo, at: OpenPosition): Printed {
    const { showSecrets } = this.#options;
    return this.#record({
      type: 'open',
      v: VERSION,
      t: at.t,
      ts: new Date(at.wallMs).toISOString(),
      conn: at.conn,
      attempt: at.attempt,
      url: showSecrets ? info.url : maskUrl(info.url),
      status: info.status,
      headers: headerObject(showSecrets ? info.headers : maskHeaders(info.headers)),
      http: info.http,
      framing: info.framing,
      timing: at.timing,
      method: info.method,
      encoding: info.encoding,
      remoteAddress: info.remoteAddress,
      remotePort: info.remotePort,
      tls: info.tls,
      proxy: info.proxy,
      redirects: info.redirects.length === 0 ? undefined : this.#redirects(info),
      statusText: info.statusText === '' ? undefined : info.statusText,
      requestHeaders: headerObject(showSecrets ? info.requestHeaders : maskHeaders(info.requestHeaders)),
    });
  }

  event(event: SseEvent, at: EventPosition): Printed {
    const lastEventId = quotedId(event.lastEventId);
    const ownId = event.id === event.lastEventId ? lastEventId : quotedId(event.id ?? '');
    const id = event.id === undefined ? '' : `"id":${ownId},`;
    const json = jsonOnOneLine(event.data);
    const line =
      `{"type":"event","conn":${at.conn},"n":${at.n}${this.#timesAndName(at, event.event)}${id}"lastEventId":${lastEventId},` +
      `"data":${JSON.stringify(event.data)},${json === undefined ? '' : `"json":${json},`}` +
      `"bytes":${event.bytes},"reads":${event.reads}}\n`;
    return { data: this.#safe(line) };
  }

  comment(text: string, at: Position): Printed {
    return this.#record({ type: 'comment', conn: at.conn, t: at.t, text });
  }

  retry(ms: number, at: Position): Printed {
    // JSON has no infinity; this is the same to whoever compares.
    return this.#record({ type: 'retry', conn: at.conn, t: at.t, ms: Math.min(ms, Number.MAX_VALUE) });
  }

  warn(warning: Warning, at: Position): Printed {
    const { code, message, why, mend, ...further } = warning;
    return this.#record({ type: 'warn', conn: at.conn, t: at.t, code, ...further, message, why, mend });
  }

  close(info: CloseInfo, at: Position, { final, failure }: Consequence): Printed {
    const error = info.error ?? failure;
    const record = this.#record({
      type: 'close',
      conn: at.conn,
      t: at.t,
      reason: info.reason,
      by: info.by,
      code: error?.code,
      status: info.status,
      events: info.events,
      bytes: info.bytes,
      pendingBytes: info.pendingBytes,
      wireBytes: info.wireBytes,
      exit: error?.exitCode,
      message: error?.message,
      hint: error === undefined || error.hint === '' ? undefined : error.hint,
      body: info.body,
      timing: wholeTimingOf(info.marks),
    });
    return final && failure !== undefined ? { ...record, ...this.failure(failure) } : record;
  }

  reconnect(record: ReconnectRecord, at: Position): Printed {
    const { attempt, delayMs, lastEventId, cause } = record;
    return this.#record({
      type: 'reconnect',
      conn: at.conn,
      t: at.t,
      attempt,
      delayMs,
      lastEventId,
      cause,
    });
  }

  sections(): Printed {
    // They are part of the summary record.
    return {};
  }

  summary(summary: ListenSummary): Printed {
    return this.#record({ type: 'summary', ...summary });
  }

  failure(error: SseKitError): Printed {
    return { log: errorNdjson(error) };
  }

  note(text: string): Printed {
    return { log: `${escapeInline(text)}\n` };
  }

  request(request: SentRequest): Printed {
    const lines = requestLines(request, this.#options.showSecrets);
    return { log: lines.map((line) => `> ${escapeInline(line)}\n`).join('') };
  }

  #redirects(info: OpenInfo): object[] {
    const url = (text: string) => (this.#options.showSecrets ? text : maskUrl(text));
    return info.redirects.map(({ status, from, to, dropped }) => ({
      status,
      from: url(from),
      to: url(to),
      ...(dropped.length === 0 ? {} : { dropped }),
    }));
  }

  /** Events of one read have their time in common, and mostly their name. */
  #timesAndName({ t, dt }: EventPosition, name: string): string {
    const last = this.#shared;
    if (t === last.t && dt === last.dt && name === last.name) return last.text;
    // `join` makes one string; adding up would make a chain of them, to be followed again for every event.
    const parts = [',"t":', decimal(t), ',"dt":', decimal(dt), ',"event":', JSON.stringify(name), ','];
    this.#shared = { t, dt, name, text: parts.join('') };
    return this.#shared.text;
  }

  #record(record: object): Printed {
    return { data: this.#safe(`${JSON.stringify(record, roundNumbers)}\n`) };
  }

  #safe(line: string): string {
    return this.#options.escape ? escapeJson(line) : line;
  }
}

/** Characters that JSON leaves as they are. */
const PLAIN = /^[\w.:/+=-]*$/;

/** An id in quotes; nearly all are numbers or such, which takes a third of the time. */
function quotedId(id: string): string {
  return PLAIN.test(id) ? `"${id}"` : JSON.stringify(id);
}

/** For `JSON.stringify`: no more digits than a time can claim. */
export function roundNumbers(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? round(value) : value;
}

/** Microseconds are all that a clock at a socket read can claim. */
function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

/** The rounded number as text: five times quicker than to let JavaScript print a fraction. */
function decimal(ms: number): string {
  const microseconds = Math.round(ms * 1000);
  if (!(microseconds >= 0 && microseconds <= Number.MAX_SAFE_INTEGER)) return String(round(ms));
  const whole = Math.floor(microseconds / 1000);
  const fraction = microseconds - whole * 1000;
  if (fraction === 0) return `${whole}`;
  if (fraction % 100 === 0) return `${whole}.${fraction / 100}`;
  if (fraction % 10 === 0) return `${whole}.${fraction < 100 ? '0' : ''}${fraction / 10}`;
  return `${whole}.${fraction < 10 ? '00' : fraction < 100 ? '0' : ''}${fraction}`;
}
