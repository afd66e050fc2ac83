import type { SseEvent } from '../../sse/sink.ts';

/** A shown event that a command is to be run for. */
export interface WaitingEvent {
  event: SseEvent;
  /** Its number in the run. */
  n: number;
}

/** With more than this waiting, no more is read; a read that is under way adds what it holds. */
const MAX_EVENTS = 100;
const MAX_BYTES = 1024 * 1024;

/** Events in their order, until their command starts. Full and drained are apart, so that reading isn't stopped for each. */
export class WaitingEvents {
  readonly #events: WaitingEvent[] = [];
  #bytes = 0;

  get count(): number {
    return this.#events.length;
  }

  get full(): boolean {
    return this.count >= MAX_EVENTS || this.#bytes >= MAX_BYTES;
  }

  get drained(): boolean {
    return this.count <= MAX_EVENTS / 2 && this.#bytes <= MAX_BYTES / 2;
  }

  add(waiting: WaitingEvent): void {
    this.#events.push(waiting);
    this.#bytes += waiting.event.data.length;
  }

  take(): WaitingEvent | undefined {
    const first = this.#events.shift();
    if (first !== undefined) this.#bytes -= first.event.data.length;
    return first;
  }

  /** Throws them away; returns how many there were. */
  drop(): number {
    this.#bytes = 0;
    return this.#events.splice(0).length;
  }
}
