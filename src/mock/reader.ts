import type { ServerResponse } from 'node:http';
import { encodeComment, encodeEvent } from '../sse/encoder.ts';
import type { Schedule } from './schedule.ts';

export interface ReaderOptions {
  schedule: Schedule;
  /** Number of the first event to send. */
  from: number;
  /** A reader whose socket takes nothing for so long is dropped. */
  stalledMs: number;
  /** Silence after which a comment goes out, so that nothing in between takes the stream for dead. */
  heartbeatMs: number;
}

/**
 * One client's stream. It holds at most one event that the socket has not taken: while a write waits, the
 * schedule waits too, and a client that stops reading is dropped.
 */
export class Reader {
  readonly #response: ServerResponse;
  readonly #options: ReaderOptions;
  #next: number;
  #timer: NodeJS.Timeout | undefined;
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(response: ServerResponse, options: ReaderOptions) {
    this.#response = response;
    this.#options = options;
    this.#next = options.from;
    response.once('close', () => this.#stop());
    this.#heartbeat = setInterval(() => this.#beat(), options.heartbeatMs);
    this.#schedule();
  }

  /** Ends the stream in order, the transfer complete. */
  end(): void {
    this.#stop();
    this.#response.end();
  }

  #schedule(): void {
    const n = this.#next;
    const scheduled = this.#options.schedule.event(n, Date.now());
    if (scheduled === undefined) {
      this.end();
      return;
    }
    const { afterMs, ...event } = scheduled;
    const block = encodeEvent({ ...event, id: String(n) });
    this.#timer = setTimeout(() => this.#send(block), afterMs);
  }

  #send(block: string): void {
    this.#next += 1;
    this.#heartbeat?.refresh();
    if (this.#response.write(block)) {
      this.#schedule();
      return;
    }
    this.#timer = setTimeout(() => this.#response.destroy(), this.#options.stalledMs);
    this.#response.once('drain', () => {
      clearTimeout(this.#timer);
      this.#schedule();
    });
  }

  #beat(): void {
    if (!this.#response.writableNeedDrain) this.#response.write(encodeComment('keep-alive'));
  }

  #stop(): void {
    clearTimeout(this.#timer);
    clearInterval(this.#heartbeat);
  }
}
