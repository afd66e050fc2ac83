import type { SseEvent } from '../../../sse/sink.ts';
import type { Check } from '../finding.ts';

/** So many ids of a connection are kept: the last ones. */
const MAX_IDS = 1000;

/** Longer ones would fill the header that they are sent in. */
const LONGEST_ID = 256;

/** The ids of the last connection that had several, for whoever asks to resume. */
export class SeenIds implements Check {
  /** In the order that they came. */
  #current = new Set<string>();
  #kept: ReadonlySet<string> = new Set();
  #first: string | undefined;
  #comeAgain = false;

  event({ id }: SseEvent): void {
    if (id === undefined || id === '' || id.length > LONGEST_ID) return;
    if (this.#current.has(id)) this.#comeAgain = true;
    // A copy: an id cut out of a chunk would keep the whole chunk in memory.
    const copy = Buffer.from(id).toString();
    this.#first ??= copy;
    this.#current.add(copy);
    if (this.#current.size <= MAX_IDS) return;
    for (const oldest of this.#current) {
      this.#current.delete(oldest);
      break;
    }
  }

  close(): void {
    if (this.#current.size > 1 || this.#kept.size === 0) this.#kept = this.#current;
    this.#current = new Set();
  }

  /** @returns nothing where ids come again within a connection: they name states, not events */
  get ids(): readonly string[] {
    return this.#comeAgain ? [] : [...this.#kept];
  }

  /** Whether an event of the run had it, as far as that is remembered. */
  has(id: string): boolean {
    return this.#kept.has(id) || id === this.#first;
  }
}
