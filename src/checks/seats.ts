import { connectionsOf, type Probe } from './probe.ts';
import type { CheckOptions } from './ways/way.ts';

/** They share the machine, and measure milliseconds. */
export const MOST_QUIET = 4;

/** Which probes may run beside those that run, by their load and by how many connections they have. */
export class Seats {
  readonly #options: CheckOptions;
  readonly #taken: Record<Probe['load'], number> = { quiet: 0, heavy: 0, waits: 0 };
  #connections = 0;
  #isFailing = false;

  constructor(options: CheckOptions) {
    this.#options = options;
  }

  /** Whether it may ever run: by itself it needs no more connections than there may be. */
  canSeat(probe: Probe): boolean {
    return connectionsOf(probe, this.#options) <= this.#options.maxConnections;
  }

  hasRoomFor(probe: Probe): boolean {
    if (this.#isFailing) return false;
    const { quiet, heavy, waits } = this.#taken;
    if (this.#connections + connectionsOf(probe, this.#options) > this.#options.maxConnections) return false;
    if (quiet + heavy + waits === 0) return true;
    // Whoever is asked beside it may be told that the origin is dead.
    if (probe.originFails !== undefined) return false;
    if (probe.load === 'waits') return true;
    if (heavy > 0) return false;
    return probe.load === 'quiet' ? quiet < MOST_QUIET : quiet === 0;
  }

  /** @returns to be called when the probe is over */
  take(probe: Probe): () => void {
    const connections = connectionsOf(probe, this.#options);
    this.#taken[probe.load] += 1;
    this.#connections += connections;
    this.#isFailing = probe.originFails !== undefined;
    return () => {
      this.#taken[probe.load] -= 1;
      this.#connections -= connections;
      this.#isFailing = false;
    };
  }
}
