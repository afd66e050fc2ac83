import type { Probe } from './probe.ts';

/** They share the machine, and measure milliseconds. */
const MOST_QUIET = 4;
const USUAL_CONNECTIONS = 4;
const WAYS = 2;

/** Which probes may run beside those that run, by their load and by how many connections they have. */
export class Seats {
  readonly #mostConnections: number;
  readonly #taken: Record<Probe['load'], number> = { quiet: 0, heavy: 0, waits: 0 };
  #connections = 0;

  /** @param mostConnections along both ways together; a probe that needs more runs alone */
  constructor(mostConnections: number) {
    this.#mostConnections = mostConnections;
  }

  hasRoomFor(probe: Probe): boolean {
    const { quiet, heavy, waits } = this.#taken;
    if (quiet + heavy + waits === 0) return true;
    if (this.#connections + this.#connectionsOf(probe) > this.#mostConnections) return false;
    if (probe.load === 'waits') return true;
    if (heavy > 0) return false;
    return probe.load === 'quiet' ? quiet < MOST_QUIET : quiet === 0;
  }

  /** @returns to be called when the probe is over */
  take(probe: Probe): () => void {
    const connections = this.#connectionsOf(probe);
    this.#taken[probe.load] += 1;
    this.#connections += connections;
    return () => {
      this.#taken[probe.load] -= 1;
      this.#connections -= connections;
    };
  }

  #connectionsOf({ connections = USUAL_CONNECTIONS, load }: Probe): number {
    if (connections === 'all') return this.#mostConnections;
    // A heavy one measures one way after the other.
    return load === 'heavy' ? connections : WAYS * connections;
  }
}
