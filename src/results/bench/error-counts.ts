import type { ErrorCount } from './snapshot.ts';

/** Codes that are counted apart; errors of further ones are counted together. */
const MAX_CODES = 50;
const OTHER_CODES = 'OTHER';

const LONGEST_SAMPLE = 300;

/** Errors by their codes, however many there are. */
export class ErrorCounts {
  readonly #counts = new Map<string, ErrorCount>();

  add({ code, message, exitCode }: { code: string; message: string; exitCode: number }): void {
    this.merge({ code, count: 1, sample: message.slice(0, LONGEST_SAMPLE), exit: exitCode });
  }

  /** What others counted. */
  merge(error: ErrorCount): void {
    const room = this.#counts.has(error.code) || this.#counts.size < MAX_CODES;
    const code = room ? error.code : OTHER_CODES;
    const known = this.#counts.get(code);
    if (known === undefined) this.#counts.set(code, { ...error, code });
    else known.count += error.count;
  }

  /** The most frequent first. */
  get list(): ErrorCount[] {
    return [...this.#counts.values()].sort((one, other) => other.count - one.count);
  }
}
