import type { ErrorCount } from './snapshot.ts';

/** Codes that are counted apart; errors of further ones are counted together. */
const MAX_CODES = 50;
const OTHER_CODES = 'OTHER';

const LONGEST_SAMPLE = 300;

/** Errors by their codes, however many there are. */
export class ErrorCounts {
  readonly #counts = new Map<string, ErrorCount>();

  add({ code, message, exitCode }: { code: string; message: string; exitCode: number }): void {
    const room = this.#counts.has(code) || this.#counts.size < MAX_CODES;
    const shownCode = room ? code : OTHER_CODES;
    const known = this.#counts.get(shownCode);
    if (known !== undefined) known.count += 1;
    else {
      const sample = message.slice(0, LONGEST_SAMPLE);
      this.#counts.set(shownCode, { code: shownCode, count: 1, sample, exit: exitCode });
    }
  }

  /** The most frequent first. */
  get list(): ErrorCount[] {
    return [...this.#counts.values()].sort((one, other) => other.count - one.count);
  }
}
