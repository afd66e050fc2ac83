/** So many ids are remembered to recognise an event that comes again. */
const REMEMBERED_IDS = 10_000;

/** A longer id is not remembered: the memory of a run must not depend on what a server sends. */
const LONGEST_ID = 256;

/**
 * The last 10,000 different ids of a stream. While they count upwards by one, which most do, only the first and the
 * last of them are kept: that spares a fifth of the time of an event.
 */
export class RememberedIds {
  #first = 0;
  #last = -1;
  /** Takes the place of first and last with the first id that breaks the run. */
  #ids: Set<string> | undefined;
  /** The same ids in the order they came, as a ring: the oldest leaves when a new one needs its place. */
  readonly #ring: string[] = [];
  #oldest = 0;

  /** @param number the id as `countingNumber` has it */
  has(id: string, number: number | undefined): boolean {
    if (this.#ids !== undefined) return id.length <= LONGEST_ID && this.#ids.has(id);
    return number !== undefined && number >= this.#first && number <= this.#last;
  }

  /** Remembers an id that it doesn't have. */
  add(id: string, number: number | undefined): void {
    if (this.#ids !== undefined) this.#remember(this.#ids, id);
    else if (number === undefined || !this.#extendRun(number)) this.#remember(this.#leaveRun(), id);
  }

  #extendRun(number: number): boolean {
    const empty = this.#last < this.#first;
    if (!empty && number !== this.#last + 1) return false;
    if (empty) this.#first = number;
    this.#last = number;
    if (number - this.#first >= REMEMBERED_IDS) this.#first += 1;
    return true;
  }

  #leaveRun(): Set<string> {
    const ids = new Set<string>();
    this.#ids = ids;
    for (let number = this.#first; number <= this.#last; number++) this.#remember(ids, String(number));
    return ids;
  }

  #remember(ids: Set<string>, id: string): void {
    if (id.length > LONGEST_ID) return;
    // A copy: an id cut out of a chunk would keep the whole chunk in memory.
    const copy = Buffer.from(id).toString();
    const leaving = this.#ring[this.#oldest];
    if (this.#ring.length < REMEMBERED_IDS) {
      this.#ring.push(copy);
    } else if (leaving !== undefined) {
      ids.delete(leaving);
      this.#ring[this.#oldest] = copy;
      this.#oldest = (this.#oldest + 1) % REMEMBERED_IDS;
    }
    ids.add(copy);
  }
}
