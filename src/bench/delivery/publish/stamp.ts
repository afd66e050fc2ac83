import { randomBytes } from 'node:crypto';

/** What begins the stamp of each event that a run publishes; unique to it, so that another run's events are not its own. */
function stampPrefix(run: string): string {
  return `ssekit:${run}:`;
}

/** A name for a run, of letters and digits. */
export function newRunName(): string {
  return randomBytes(6).toString('hex');
}

/**
 * The stamp of an event: `ssekit:RUN:N:MICROSECONDS`, its number and when it was sent on the monotonic clock of this
 * machine. Letters, digits and colons pass through JSON, URLs, XML and shells as they are.
 */
export function stampText(run: string, n: number, sentMs: number): string {
  return `${stampPrefix(run)}${n}:${Math.round(sentMs * 1e3)}`;
}

const ZERO = 48;
const NINE = 57;
const COLON = 58;
/** Digits that a double holds exactly. */
const MOST_DIGITS = 15;

/** Finds stamps of one run in texts, whatever is around them. */
export class StampReader {
  /** Of the stamp found last. */
  n = 0;
  sentMs = 0;
  readonly #prefix: string;
  #at = 0;

  constructor(run: string) {
    this.#prefix = stampPrefix(run);
  }

  /**
   * Finds the next stamp, and reads it into `n` and `sentMs`.
   *
   * @param from where to look on, in characters
   * @returns where the text goes on behind it; -1 where there is none
   */
  find(text: string, from = 0): number {
    for (let start = text.indexOf(this.#prefix, from); start !== -1; ) {
      this.#at = start + this.#prefix.length;
      const n = this.#digits(text);
      if (n !== undefined && text.charCodeAt(this.#at) === COLON) {
        this.#at += 1;
        const microseconds = this.#digits(text);
        if (microseconds !== undefined) {
          this.n = n;
          this.sentMs = microseconds / 1e3;
          return this.#at;
        }
      }
      start = text.indexOf(this.#prefix, this.#at);
    }
    return -1;
  }

  #digits(text: string): number | undefined {
    const start = this.#at;
    let value = 0;
    let code = text.charCodeAt(this.#at);
    while (code >= ZERO && code <= NINE) {
      value = value * 10 + code - ZERO;
      this.#at += 1;
      code = text.charCodeAt(this.#at);
    }
    const digits = this.#at - start;
    return digits > 0 && digits <= MOST_DIGITS ? value : undefined;
  }
}
