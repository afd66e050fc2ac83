import type { ErrorCount } from './snapshot.ts';

/** Kinds that are counted apart; errors of further ones are counted together. */
const MAX_KINDS = 50;
const OTHER_KINDS = 'OTHER';

const LONGEST_SAMPLE = 300;

/** A status line, whose reason phrase is the server's own: its code alone says what kind of error it is. */
const STATUS = /^HTTP \d{3}\b/;

/** Errors by their codes, those of an HTTP status by that too, however many there are. */
export class ErrorCounts {
  readonly #counts = new Map<string, ErrorCount>();

  add({ code, message, exitCode }: { code: string; message: string; exitCode: number }): void {
    this.merge({ code, count: 1, sample: message.slice(0, LONGEST_SAMPLE), exit: exitCode });
  }

  /** What others counted. */
  merge(error: ErrorCount): void {
    const own = kindOf(error);
    const room = this.#counts.has(own) || this.#counts.size < MAX_KINDS;
    const kind = room ? own : OTHER_KINDS;
    const known = this.#counts.get(kind);
    if (known !== undefined) {
      known.count += error.count;
      if (error.varies === true || error.sample !== known.sample) known.varies = true;
    } else this.#counts.set(kind, room ? { ...error } : { ...error, code: OTHER_KINDS });
  }

  /** The most frequent first. */
  get list(): ErrorCount[] {
    return [...this.#counts.values()].sort((one, other) => other.count - one.count);
  }
}

function kindOf({ code, sample }: ErrorCount): string {
  return `${code} ${STATUS.exec(sample)?.[0] ?? ''}`;
}
