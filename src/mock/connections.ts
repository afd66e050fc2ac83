/** Clients that are remembered; past it the one that has been silent longest is forgotten. */
const MAX_CLIENTS = 100_000;

/** Numbers the connections of each client on each route, from 1. */
export class Connections {
  readonly #counts = new Map<string, number>();

  next(route: string, client: string): number {
    const key = `${route}\n${client}`;
    const number = (this.#counts.get(key) ?? 0) + 1;
    // Deleted first, so that it moves to the end of the map's order.
    this.#counts.delete(key);
    this.#counts.set(key, number);
    if (this.#counts.size > MAX_CLIENTS) {
      for (const oldest of this.#counts.keys()) {
        this.#counts.delete(oldest);
        break;
      }
    }
    return number;
  }
}
