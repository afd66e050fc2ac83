import { type ConnectionDifference, connectionDifferences } from './connections.ts';
import { type EventDifference, eventDifferences } from './event-differences.ts';
import { sameContent } from './fingerprint.ts';
import { Matching } from './matching.ts';
import type { RecordedEvent } from './received.ts';
import { RunIndex } from './run-index.ts';
import { type Compared, RunReader } from './run-reader.ts';
import { beyondTolerance, GapComparison, type RunTiming, TOLERANCE } from './timing.ts';
import { firstPlaces, type ToldDifference, tellDifferences } from './told-differences.ts';
import type { ValueChange } from './value-changes.ts';

export type { ConnectionDifference, RecordedEvent, RunTiming, ToldDifference, ValueChange };

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

export interface CompareOptions {
  /** Show credentials in headers that differ. */
  showSecrets?: boolean;
  /** Events on either side, behind those that both begin with, that are compared. */
  mostEvents?: number;
}

/** Behind what both begin with: their fingerprints take 200 MB for the two. */
const MOST_EVENTS = 2_000_000;

/**
 * Compares two recorded runs: all events of all connections, in order. What both begin with is read and forgotten; of
 * the rest fingerprints are kept, and each file is read once more for the differences that are told.
 *
 * @throws SseKitError exit 2 for a file that is no recording, with the line that shows it
 */
export async function compareRecordings(
  files: { a: Compared; b: Compared },
  options: CompareOptions = {},
): Promise<Comparison> {
  const runs = { a: new RunReader(files.a), b: new RunReader(files.b) };
  try {
    return await compare(files, runs, options);
  } finally {
    await Promise.all([runs.a.close(), runs.b.close()]);
  }
}

async function compare(
  files: { a: Compared; b: Compared },
  runs: { a: RunReader; b: RunReader },
  { mostEvents = MOST_EVENTS, showSecrets = false }: CompareOptions,
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
  const connections = connectionDifferences(runs.a.connections, runs.b.connections, showSecrets);
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
      ...(common === 0 && idsApart(a, b)
        ? ['no id of the one comes in the other: --diff-ignore id compares without ids']
        : []),
      ...unmatched(files).map((path) => `no event has ${path}, which is not compared`),
      ...(cut
        ? [
            `only the first ${common + ends.a} events of the one and ${common + ends.b} of the other are compared`,
          ]
        : []),
    ],
    differences: () => tellDifferences(files, all, common),
  };
}

/** Reads what both begin with, and indexes the rest. */
async function readBoth(runs: { a: RunReader; b: RunReader }, gaps: GapComparison, mostEvents: number) {
  const index = { a: new RunIndex(), b: new RunIndex() };
  let common = 0;
  let [inA, inB] = [await runs.a.next(), await runs.b.next()];
  while (inA !== undefined && inB !== undefined && sameContent(inA.compared, inB.compared)) {
    if (inA.gap !== undefined && inB.gap !== undefined) {
      gaps.add({ a: inA.event.n, b: inB.event.n, gapA: inA.gap, gapB: inB.gap });
    }
    common += 1;
    [inA, inB] = [await runs.a.next(), await runs.b.next()];
  }
  // Both go on to their ends also where one has nothing left to compare with: their facts are complete then.
  const cutA = await indexRest(runs.a, inA?.compared, index.a, mostEvents);
  const cutB = await indexRest(runs.b, inB?.compared, index.b, mostEvents);
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
  for (let event = first; event !== undefined; event = (await run.next())?.compared) {
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

/** Both have ids, and not one in common: they may be made anew for each run. */
function idsApart(a: RunIndex, b: RunIndex): boolean {
  const idsOf = ({ identity, count }: RunIndex) =>
    identity.subarray(0, count).filter((id) => !Number.isNaN(id));
  const [idsA, idsB] = [new Set(idsOf(a)), idsOf(b)];
  return idsA.size > 0 && idsB.length > 0 && !idsB.some((id) => idsA.has(id));
}

/** What was to be left out, and was nowhere. */
function unmatched({ a, b }: { a: Compared; b: Compared }): string[] {
  const inB = new Set(b.ignored.unmatched());
  return a.ignored.unmatched().filter((path) => inB.has(path));
}

function timingOf(run: RunReader): RunTiming {
  const { firstEvent, times } = run;
  return { ...(firstEvent === undefined ? {} : { firstEvent }), gaps: times.quantiles() };
}

function sameList(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((each, at) => each === b[at]);
}
