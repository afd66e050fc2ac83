import { type ConnectionDifference, connectionDifferences } from './connections.ts';
import { type EventDifference, eventDifferences, unpairedContents } from './event-differences.ts';
import { fingerprintOf, sameContent } from './fingerprint.ts';
import { Matching } from './matching.ts';
import type { RecordedEvent } from './recorded-run.ts';
import { RunIndex } from './run-index.ts';
import { type Compared, RunReader } from './run-reader.ts';
import { beyondTolerance, GapComparison, type GapDifference, type RunTiming, TOLERANCE } from './timing.ts';
import { type ValueChange, valueChanges } from './value-changes.ts';

export type {
  Compared,
  ConnectionDifference,
  EventDifference,
  GapDifference,
  RecordedEvent,
  RunTiming,
  ValueChange,
};

/** A difference with the events that it is about. */
export interface ToldDifference {
  kind: EventDifference['kind'];
  a?: RecordedEvent;
  b?: RecordedEvent;
  /** Of a changed event: what differs. */
  changes?: ValueChange[];
  /** A changed event stands elsewhere too. */
  moved?: true;
  /** Of a repeated event: the number of the one that it repeats. */
  of?: number;
}

/** Times are told, and never make two recordings differ. */
export interface ComparedTiming {
  a: RunTiming;
  b: RunTiming;
  gaps: Pick<GapComparison, 'compared' | 'beyond' | 'largest'>;
  /** The times to the first event differ beyond the tolerance. */
  firstEventDiffers: boolean;
  /** A difference counts above `ms` and above this share of the longer time. */
  tolerance: { readonly ms: number; readonly share: number };
}

/** What two recordings have in common, and where they differ. */
export interface Comparison {
  /** Events on each side, and those that are the same at the same place. */
  events: { a: number; b: number; same: number };
  counts: Readonly<Record<EventDifference['kind'], number>>;
  connections: readonly ConnectionDifference[];
  /** What the server asked to wait before a reconnect, where that differs: each new value, in order. */
  retries?: { a: readonly number[]; b: readonly number[] };
  comments: { a: number; b: number };
  timing: ComparedTiming;
  /** No event, connection or `retry:` differs; times and comments may. */
  same: boolean;
  /** What their user should know, a sentence each. */
  notes: readonly string[];
  /** The differences of events, in their order, read again from the files. */
  differences(): AsyncGenerator<ToldDifference, void, undefined>;
}

export interface CompareLimits {
  /** Events on either side, behind those that both begin with, that are compared. */
  mostEvents?: number;
}

/** Behind what both begin with: their fingerprints take 200 MB for the two. */
const MOST_EVENTS = 2_000_000;

/** Differences whose events are looked up at once: a screenful first, which may be all that is wanted. */
const FIRST_BATCH = 50;
const BATCH = 5_000;

/**
 * Compares two recorded runs: all events of all connections, in order. What both begin with is read and forgotten; of
 * the rest fingerprints are kept, and each file is read once more for the differences that are told.
 *
 * @throws SseKitError exit 2 for a file that is no recording, with the line that shows it
 */
export async function compareRecordings(
  files: { a: Compared; b: Compared },
  { mostEvents = MOST_EVENTS }: CompareLimits = {},
): Promise<Comparison> {
  const runs = { a: new RunReader(files.a), b: new RunReader(files.b) };
  try {
    return await compare(files, runs, mostEvents);
  } finally {
    await Promise.all([runs.a.close(), runs.b.close()]);
  }
}

async function compare(
  files: { a: Compared; b: Compared },
  runs: { a: RunReader; b: RunReader },
  mostEvents: number,
): Promise<Comparison> {
  const gaps = new GapComparison();
  const { common, a, b, cut } = await readBoth(runs, gaps, mostEvents);
  const matching = new Matching(a, b);
  compareGaps(matching, { a, b }, gaps);
  const ends = cut ? lastInOrder(matching, a) : { a: a.count, b: b.count };
  const first = {
    a: await firstPlaces(files.a, a, common, (index) => matching.partnerOfA(index)),
    b: await firstPlaces(files.b, b, common, (index) => matching.partnerOfB(index)),
  };
  const all = () => eventDifferences(matching, { a, b }, first, ends);
  const counts = { removed: 0, added: 0, changed: 0, moved: 0, repeated: 0 };
  for (const { kind } of all()) counts[kind] += 1;
  const connections = connectionDifferences(runs.a.connections, runs.b.connections);
  const retries = sameList(runs.a.retries, runs.b.retries)
    ? undefined
    : { a: runs.a.retries, b: runs.b.retries };
  const differing = Object.values(counts).some((count) => count > 0);
  return {
    events: { a: runs.a.events, b: runs.b.events, same: common + countSame(matching, ends.a) },
    counts,
    connections,
    ...(retries === undefined ? {} : { retries }),
    comments: { a: runs.a.comments, b: runs.b.comments },
    timing: {
      a: timingOf(runs.a),
      b: timingOf(runs.b),
      gaps,
      firstEventDiffers: beyondTolerance(runs.a.firstEvent ?? 0, runs.b.firstEvent ?? 0),
      tolerance: TOLERANCE,
    },
    same: !differing && connections.length === 0 && retries === undefined,
    notes: [
      ...runs.a.notes.map((note) => `${files.a.name}: ${note}`),
      ...runs.b.notes.map((note) => `${files.b.name}: ${note}`),
      ...(cut ? [`only the first ${common + ends.a} and ${common + ends.b} events are compared`] : []),
    ],
    differences: () => told(files, all, common),
  };
}

/** Reads what both begin with, and indexes the rest. */
async function readBoth(runs: { a: RunReader; b: RunReader }, gaps: GapComparison, mostEvents: number) {
  const index = { a: new RunIndex(), b: new RunIndex() };
  let common = 0;
  let [inA, inB] = [await runs.a.next(), await runs.b.next()];
  while (inA !== undefined && inB !== undefined && sameContent(inA.event, inB.event)) {
    if (inA.gap !== undefined && inB.gap !== undefined) {
      gaps.add({ a: inA.event.n, b: inB.event.n, gapA: inA.gap, gapB: inB.gap });
    }
    common += 1;
    [inA, inB] = [await runs.a.next(), await runs.b.next()];
  }
  // Both go on to their ends also where one has nothing left to compare with: their facts are complete then.
  const cutA = await indexRest(runs.a, inA?.event, index.a, mostEvents);
  const cutB = await indexRest(runs.b, inB?.event, index.b, mostEvents);
  return { common, ...index, cut: cutA || cutB };
}

/** @returns whether there is more than is taken */
async function indexRest(
  run: RunReader,
  first: RecordedEvent | undefined,
  index: RunIndex,
  mostEvents: number,
): Promise<boolean> {
  let cut = false;
  for (let event = first; event !== undefined; event = (await run.next())?.event) {
    if (index.count < mostEvents) index.add(event);
    else cut = true;
  }
  return cut;
}

/** Where one side was cut, what the other has behind the last common event may be in what was left out. */
function lastInOrder(matching: Matching, a: RunIndex): { a: number; b: number } {
  for (let at = a.count - 1; at >= 0; at -= 1) {
    if (matching.isInOrder(at)) return { a: at + 1, b: matching.partnerOfA(at) + 1 };
  }
  return { a: 0, b: 0 };
}

function countSame(matching: Matching, end: number): number {
  let same = 0;
  for (let at = 0; at < end; at += 1) if (matching.isSame(at)) same += 1;
  return same;
}

/** Gaps between two events that follow one another on both sides. */
function compareGaps(matching: Matching, { a, b }: { a: RunIndex; b: RunIndex }, gaps: GapComparison): void {
  for (let i = 1; i < a.count; i += 1) {
    const j = matching.partnerOfA(i);
    if (!matching.isInOrder(i) || !matching.isInOrder(i - 1) || matching.partnerOfA(i - 1) !== j - 1)
      continue;
    if (a.conn[i] !== a.conn[i - 1] || b.conn[j] !== b.conn[j - 1]) continue;
    gaps.add({
      a: a.n[i] ?? 0,
      b: b.n[j] ?? 0,
      gapA: (a.t[i] ?? 0) - (a.t[i - 1] ?? 0),
      gapB: (b.t[j] ?? 0) - (b.t[j - 1] ?? 0),
    });
  }
}

/** Where the contents of unpaired events come first on their side; negative among those that both begin with. */
async function firstPlaces(
  file: Compared,
  index: RunIndex,
  common: number,
  partnerOf: (index: number) => number,
): Promise<Map<number, number>> {
  const wanted = unpairedContents(index, partnerOf);
  const places = new Map<number, number>();
  if (wanted.size === 0) return places;
  if (common > 0) {
    for await (const [at, event] of eventsOf(file)) {
      if (at >= common) break;
      const { content } = fingerprintOf(event);
      if (wanted.has(content) && !places.has(content)) places.set(content, at - common);
    }
  }
  for (let at = 0; at < index.count; at += 1) {
    const content = index.content[at] ?? Number.NaN;
    if (wanted.has(content) && !places.has(content)) places.set(content, at);
  }
  return places;
}

async function* eventsOf(file: Compared): AsyncGenerator<[index: number, event: RecordedEvent], void> {
  const run = new RunReader(file);
  try {
    let at = 0;
    for (let next = await run.next(); next !== undefined; next = await run.next()) yield [at++, next.event];
  } finally {
    await run.close();
  }
}

/** Looks the events of the differences up, many at a time: each file is read once for a batch. */
async function* told(
  files: { a: Compared; b: Compared },
  all: () => Iterable<EventDifference>,
  common: number,
): AsyncGenerator<ToldDifference, void, undefined> {
  let batch: EventDifference[] = [];
  let size = FIRST_BATCH;
  for (const difference of all()) {
    batch.push(difference);
    if (batch.length < size) continue;
    yield* toldBatch(files, batch, common);
    batch = [];
    size = BATCH;
  }
  yield* toldBatch(files, batch, common);
}

async function* toldBatch(
  files: { a: Compared; b: Compared },
  batch: readonly EventDifference[],
  common: number,
): AsyncGenerator<ToldDifference, void, undefined> {
  const ofSide = (side: 'a' | 'b') =>
    batch.flatMap((each) => {
      const at = side in each ? (each as { a?: number; b?: number })[side] : undefined;
      return at === undefined ? [] : [at, ...('of' in each ? [each.of] : [])];
    });
  const inA = await lookedUp(files.a, ofSide('a'), common);
  const inB = await lookedUp(files.b, ofSide('b'), common);
  for (const each of batch) {
    const a = 'a' in each ? inA.get(each.a) : undefined;
    const b = 'b' in each ? inB.get(each.b) : undefined;
    const of = 'of' in each ? ('a' in each ? inA : inB).get(each.of)?.n : undefined;
    yield {
      kind: each.kind,
      ...(a === undefined ? {} : { a }),
      ...(b === undefined ? {} : { b }),
      ...(each.kind === 'changed' && a !== undefined && b !== undefined
        ? { changes: valueChanges(a, b), ...(each.moved ? { moved: true as const } : {}) }
        : {}),
      ...(of === undefined ? {} : { of }),
    };
  }
}

async function lookedUp(
  file: Compared,
  indices: readonly number[],
  common: number,
): Promise<Map<number, RecordedEvent>> {
  const wanted = new Set(indices);
  const found = new Map<number, RecordedEvent>();
  if (wanted.size === 0) return found;
  for await (const [at, event] of eventsOf(file)) {
    if (!wanted.has(at - common)) continue;
    found.set(at - common, event);
    if (found.size === wanted.size) break;
  }
  return found;
}

function timingOf(run: RunReader): RunTiming {
  const { firstEvent, times } = run;
  return { ...(firstEvent === undefined ? {} : { firstEvent }), gaps: times.quantiles() };
}

function sameList(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((each, at) => each === b[at]);
}
