import { monotonicMs } from '../client/clock.ts';

/** Something to be done at a time; the table's own bookkeeping lies in it. */
export interface Entry {
  dueMs: number;
  /** Place in the heap; -1: not in it. */
  place: number;
  run(nowMs: number): void;
}

/** Timers may fire this much before their time, as the loop's clock has a grain of 1 ms. */
const EARLY_MS = 0.5;

/** What comes again and again may be put off by this part of its period, and never by more than so many milliseconds. */
const SLACK = 1 / 1000;
const MOST_SLACK_MS = 10;

/**
 * What thousands of streams have to do, and when: a binary heap behind one timer. Adding and removing cost
 * O(log n), and a stream with nothing to do has no timer of its own.
 */
export class Timetable {
  readonly #heap: Entry[] = [];
  readonly #clock: () => number;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;
  /** When the timer that is armed fires. */
  #armedMs = Infinity;
  #running = false;
  /** Of the shared times, so that processes side by side don't all have theirs at once. */
  readonly #phaseMs = Math.random() * MOST_SLACK_MS;

  /** @param clock monotonic milliseconds */
  constructor(clock: () => number = monotonicMs) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#heap.length;
  }

  now(): number {
    return this.#clock();
  }

  /**
   * The first of the times, from `dueMs` on, that all share who do something every `periodMs`: a thousandth of the
   * period apart, 10 ms at most. Thousands of streams that each woke the process at a time of their own would keep it,
   * and whoever reads them, from ever doing two things in one turn.
   */
  sharedTime(dueMs: number, periodMs: number): number {
    const apartMs = Math.min(MOST_SLACK_MS, Math.floor(periodMs * SLACK));
    if (apartMs < 1) return dueMs;
    return Math.ceil((dueMs - this.#phaseMs) / apartMs) * apartMs + this.#phaseMs;
  }

  /** Puts an entry in, or moves it to another time. */
  set(entry: Entry, dueMs: number): void {
    entry.dueMs = dueMs;
    if (entry.place < 0) {
      entry.place = this.#heap.length;
      this.#heap.push(entry);
    }
    this.#settle(entry);
    if (!this.#running) this.#arm();
  }

  /** Takes an entry out, also one that is due in this very turn. */
  remove(entry: Entry): void {
    entry.dueMs = Infinity;
    this.#takeOut(entry);
  }

  #takeOut(entry: Entry): void {
    const { place } = entry;
    if (place < 0) return;
    entry.place = -1;
    const last = this.#heap.pop();
    if (last !== undefined && last !== entry) {
      this.#heap[place] = last;
      last.place = place;
      this.#settle(last);
    }
    if (this.#heap.length === 0) this.#disarm();
  }

  /** Runs what is due. What that adds waits for the next turn of the loop, so that nobody keeps the loop to himself. */
  #run(): void {
    this.#armedMs = Infinity;
    const now = this.#clock();
    const due: Entry[] = [];
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (first.dueMs > now + EARLY_MS) break;
      this.#takeOut(first);
      due.push(first);
    }
    // An entry may have been set again, or removed, by one that ran before it.
    const stillDue = (entry: Entry) => entry.place < 0 && entry.dueMs <= now + EARLY_MS;
    this.#running = true;
    let next = 0;
    try {
      while (next < due.length) {
        const entry = due[next];
        next += 1;
        if (entry !== undefined && stillDue(entry)) entry.run(this.#clock());
      }
    } finally {
      // One that throws is a fault of the program; it must not take the others' turn.
      for (const entry of due.slice(next)) if (stillDue(entry)) this.set(entry, entry.dueMs);
      this.#running = false;
      this.#arm();
    }
  }

  #arm(): void {
    const first = this.#heap[0];
    if (first === undefined || first.dueMs >= this.#armedMs) return;
    this.#disarm();
    this.#armedMs = first.dueMs;
    const waitMs = first.dueMs - this.#clock();
    if (waitMs <= EARLY_MS) this.#immediate = setImmediate(() => this.#run());
    else this.#timer = setTimeout(() => this.#run(), Math.max(1, Math.round(waitMs)));
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#armedMs = Infinity;
  }

  /** Restores the order of the heap around an entry. */
  #settle(entry: Entry): void {
    const heap = this.#heap;
    let { place } = entry;
    while (place > 0) {
      const parentPlace = (place - 1) >> 1;
      const parent = heap[parentPlace];
      if (parent === undefined || parent.dueMs <= entry.dueMs) break;
      heap[place] = parent;
      parent.place = place;
      place = parentPlace;
    }
    for (;;) {
      const left = 2 * place + 1;
      const right = left + 1;
      const leftChild = heap[left];
      if (leftChild === undefined) break;
      const rightChild = heap[right];
      const nearer = rightChild !== undefined && rightChild.dueMs < leftChild.dueMs ? rightChild : leftChild;
      if (nearer.dueMs >= entry.dueMs) break;
      const nearerPlace = nearer.place;
      heap[place] = nearer;
      nearer.place = place;
      place = nearerPlace;
    }
    heap[place] = entry;
    entry.place = place;
  }
}
