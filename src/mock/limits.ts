import { RequestError } from './request.ts';

/** A number of TCP has two bytes. */
export const LAST_PORT = 65_535;

/** Events that a channel can be told to keep. */
export const LONGEST_RING = 10_000_000;

export interface LimitRule {
  /** Streams that one user (with auth; else one client) may have open at a time. */
  maxPerUser: number;
}

/** After so long a refused client may ask again, in seconds. */
const RETRY_AFTER_S = 1;

/** Counts the streams that each user has open. */
export class StreamCounts {
  readonly #open = new Map<string, number>();

  /** @throws RequestError 429 where the user has as many as the rule allows */
  enter(rule: LimitRule | undefined, user: string): void {
    const open = this.#open.get(user) ?? 0;
    if (rule !== undefined && open >= rule.maxPerUser) {
      throw new RequestError(429, `${open} streams are open already, and ${rule.maxPerUser} are allowed`, {
        'retry-after': String(RETRY_AFTER_S),
      });
    }
    this.#open.set(user, open + 1);
  }

  leave(user: string): void {
    const open = (this.#open.get(user) ?? 0) - 1;
    if (open > 0) this.#open.set(user, open);
    else this.#open.delete(user);
  }
}
