import type { OpenInfo, Warning } from '../../../src/client/records.ts';
import { findings } from '../../../src/listen/findings/findings.ts';
import type { Instrument } from '../../../src/listen/instrument.ts';
import type { FindingsOptions } from '../../../src/listen/options.ts';
import type { FindingCount } from '../../../src/results/sections.ts';
import { createDecoder } from '../../../src/sse/decoder.ts';

/** A run under the test's control: its times are whatever the test says. */
export class WatchedRun {
  readonly warnings: Warning[] = [];
  readonly instrument: Instrument;
  #decoder = this.#newDecoder();
  #conn = 1;
  #t = 0;
  #n = 0;

  constructor(options: Partial<FindingsOptions>) {
    const clock = {
      startedAt: 0,
      now: () => this.#t,
      wallMs: (at: number) => at,
      alarm: () => () => {},
      reached: () => {},
    };
    const warn = (warning: Warning) => void this.warnings.push(warning);
    const all = { strict: false, lint: false, lintRequests: false, ...options };
    this.instrument = findings(all, { kind: 'stdin', maxEventSizeBytes: 1e6 })({ clock, warn });
  }

  get codes(): string[] {
    return this.warnings.map(({ code }) => code);
  }

  /** Whether a code was told. */
  has(code: string): boolean {
    return this.codes.includes(code);
  }

  open(info: Partial<OpenInfo>, t: number): this {
    this.#t = t;
    const marks = { planned: 0, start: 0, sent: 0, headers: t };
    const whole: OpenInfo = {
      url: 'http://127.0.0.1/',
      method: 'GET',
      status: 200,
      statusText: 'OK',
      headers: [],
      http: '1.1',
      framing: 'chunked',
      encoding: 'identity',
      contentType: 'text/event-stream',
      redirects: [],
      requestHeaders: [],
      marks,
      ...info,
    };
    const at = { t, conn: this.#conn, attempt: 1, wallMs: t, timing: {} };
    this.instrument.open?.(whole, at, true);
    return this;
  }

  read(bytes: string | Buffer, t: number): this {
    this.#t = t;
    const chunk = Buffer.from(bytes as string);
    this.instrument.body?.(chunk, { t, conn: this.#conn });
    this.#decoder.push(chunk, t);
    return this;
  }

  close(t: number, reason: 'eof' | 'client' | 'truncated' = 'eof', final = true): this {
    this.#t = t;
    const counts = { events: this.#n, comments: 0, bytes: 0, wireBytes: 0, pendingBytes: 0 };
    const info = { reason, ...counts, lastEventId: '', marks: { planned: 0, start: 0 } };
    this.instrument.close?.(info, { t, conn: this.#conn }, final);
    this.#conn += 1;
    this.#decoder = this.#newDecoder();
    return this;
  }

  async counts(): Promise<readonly FindingCount[]> {
    return (await this.instrument.conclude?.())?.findings ?? [];
  }

  #newDecoder() {
    const at = () => ({ t: this.#t, conn: this.#conn });
    return createDecoder({
      event: (event) => {
        this.#n += 1;
        this.instrument.event?.(event, { ...at(), n: this.#n, dt: 0 }, event);
      },
      comment: (text) => this.instrument.comment?.(text, at()),
      retry: (ms) => this.instrument.retry?.(ms, at()),
    });
  }
}
