import type { SseEvent } from '../../sse/sink.ts';

/** What OpenAI's streams end with: a mark, not data that anybody describes with a schema. */
const SENTINEL = '[DONE]';

/** An event as judges look at it: its JSON is parsed once for all of them, and only where one asks. */
export class JudgedEvent {
  readonly event: SseEvent;
  /** Its number in the run, from 1. */
  readonly n: number;
  /** When it came, in milliseconds since the start of the run. */
  readonly t: number;
  #json: { value: unknown } | undefined;
  #parsed = false;

  constructor(event: SseEvent, n: number, t: number) {
    this.event = event;
    this.n = n;
    this.t = t;
  }

  /** The data as JSON; `undefined` where it is none. */
  get json(): { readonly value: unknown } | undefined {
    if (!this.#parsed) {
      this.#parsed = true;
      try {
        this.#json = { value: JSON.parse(this.event.data) };
      } catch {
        // Not JSON, then: the judge says what that means.
      }
    }
    return this.#json;
  }

  get isSentinel(): boolean {
    return this.event.data === SENTINEL;
  }

  /** @param name `undefined`: any */
  isNamed(name: string | undefined): boolean {
    return name === undefined || this.event.event === name;
  }
}
