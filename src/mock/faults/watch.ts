import type { Random } from '../../stats/random.ts';
import type { Block } from './block.ts';
import type { Trigger } from './spec.ts';

/** Tells which events a WHEN means, as they come. Whatever isn't an event is never meant. */
export class Watch {
  readonly #when: Trigger | undefined;
  readonly #random: Random;
  /** The time that the WHEN names has come. */
  #armed = false;
  #fired = false;

  /** @param when absent: every event */
  constructor(when: Trigger | undefined, random: Random) {
    this.#when = when;
    this.#random = random;
  }

  arm(): void {
    this.#armed = true;
  }

  /**
   * Whether this event is meant. Asked once for each, as a probability is drawn each time.
   *
   * @param endByte bytes of the body up to its end
   */
  means({ n }: Block, endByte: number): boolean {
    if (n === undefined) return false;
    switch (this.#when?.kind) {
      case undefined:
        return true;
      case 'event':
        return n === this.#when.n;
      case 'every':
        // 0 opens a stream, before those that are counted.
        return n > 0 && n % this.#when.n === 0;
      case 'chance':
        return this.#random() < this.#when.p;
      case 'byte':
        return this.#once(endByte > this.#when.offset);
      case 'time':
        return this.#once(this.#armed);
    }
  }

  /** Whether the event or the byte that the WHEN names is here, or was passed: from where on something lasts. */
  hasCome(block: Block, endByte: number): boolean {
    const { n } = block;
    return this.#when?.kind === 'event'
      ? n !== undefined && n >= this.#when.n
      : this.#when?.kind === 'byte' && endByte > this.#when.offset;
  }

  #once(isNow: boolean): boolean {
    if (this.#fired || !isNow) return false;
    this.#fired = true;
    return true;
  }
}
