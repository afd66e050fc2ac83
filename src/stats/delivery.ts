import { countingNumber } from './counting-id.ts';
import { RememberedIds } from './remembered-ids.ts';

/** What a resume brought: how it met the events before it. */
export interface ResumeOutcome {
  /** Events that came again, before the first new one. */
  repeated: number;
  /** Ids skipped between the last before and the first new one after; absent where ids don't count upwards by one. */
  lost?: number;
}

/**
 * Follows the ids of a stream across reconnects and tells what a resume lost and repeated.
 *
 * An event is repeated when one of the last 10,000 ids had the same value before the interruption. Only
 * the events until the first new one count: that is the overlap of a replay. Where ids mostly come
 * again within a connection they name states, not events, and nothing counts as repeated.
 *
 * Lost are the ids between the highest one before and the first higher one after it, where every id seen so
 * far was its predecessor plus one.
 */
export class ResumeAudit {
  readonly #ids = new RememberedIds();
  #fresh = 0;
  #again = 0;
  #last: number | undefined;
  #steps = 0;
  #countsByOne = true;
  #resume: { repeated: number; overlapping: boolean; from: number | undefined; lost?: number } | undefined;

  /**
   * An event arrived.
   * @param id the event's own id; `undefined` where its block had none
   */
  event(id: string | undefined): void {
    const resume = this.#resume;
    if (id === undefined || id === '') return;
    const number = countingNumber(id);
    const known = this.#ids.has(id, number);
    if (resume?.overlapping) {
      if (known) resume.repeated += 1;
      else resume.overlapping = false;
    }
    if (!known) this.#ids.add(id, number);
    if (resume === undefined) {
      if (known) this.#again += 1;
      else this.#fresh += 1;
    }
    this.#follow(number, known);
  }

  /** The connection was lost: what comes from now on is measured against what came before. */
  interrupted(): void {
    this.#resume = { repeated: 0, overlapping: true, from: this.#last };
  }

  /** What the resume after the last interruption has brought so far. */
  outcome(): ResumeOutcome {
    const resume = this.#resume;
    if (resume === undefined) return { repeated: 0 };
    const namesStates = this.#again > this.#fresh;
    return {
      repeated: namesStates ? 0 : resume.repeated,
      ...(resume.lost === undefined ? {} : { lost: resume.lost }),
    };
  }

  #follow(number: number | undefined, known: boolean): void {
    if (number === undefined) {
      this.#countsByOne = false;
      return;
    }
    const last = this.#last;
    if (last === undefined) {
      this.#last = number;
      return;
    }
    const resume = this.#resume;
    if (resume?.from !== undefined && resume.lost === undefined) {
      // A replay may start before the last id seen: wait for the first one beyond it.
      if (number <= resume.from) return;
      if (this.#countsByOne && this.#steps > 0) resume.lost = number - resume.from - 1;
      else this.#countsByOne = false;
      this.#last = number;
      return;
    }
    if (known) return;
    if (number === last + 1) this.#steps += 1;
    else this.#countsByOne = false;
    this.#last = number;
  }
}
