import { type EventDifference, unpairedContents } from './event-differences.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { RecordedEvent } from './received.ts';
import type { RunIndex } from './run-index.ts';
import { type Compared, type ReadEvent, RunReader } from './run-reader.ts';
import { type ValueChange, valueChanges } from './value-changes.ts';

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

/** Differences whose events are looked up at once: a screenful first, which may be all that is wanted. */
const FIRST_BATCH = 50;
const BATCH = 5_000;

/** Where the contents of unpaired events come first on their side; negative among those that both begin with. */
export async function firstPlaces(
  file: Compared,
  index: RunIndex,
  common: number,
  partnerOf: (index: number) => number,
): Promise<Map<number, number>> {
  const wanted = unpairedContents(index, partnerOf);
  const places = new Map<number, number>();
  if (wanted.size === 0) return places;
  if (common > 0) {
    for await (const [at, { compared }] of eventsOf(file)) {
      if (at >= common) break;
      const { content } = fingerprintOf(compared);
      if (wanted.has(content) && !places.has(content)) places.set(content, at - common);
    }
  }
  for (let at = 0; at < index.count; at += 1) {
    const content = index.content[at] ?? Number.NaN;
    if (wanted.has(content) && !places.has(content)) places.set(content, at);
  }
  return places;
}

async function* eventsOf(file: Compared): AsyncGenerator<[index: number, read: ReadEvent], void> {
  const run = new RunReader(file);
  try {
    let at = 0;
    for (let next = await run.next(); next !== undefined; next = await run.next()) yield [at++, next];
  } finally {
    await run.close();
  }
}

/** Looks the events of the differences up, many at a time: each file is read once for a batch. */
export async function* tellDifferences(
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
    const of = 'of' in each ? ('a' in each ? inA : inB).get(each.of)?.event.n : undefined;
    yield {
      kind: each.kind,
      ...(a === undefined ? {} : { a: a.event }),
      ...(b === undefined ? {} : { b: b.event }),
      ...(each.kind === 'changed' && a !== undefined && b !== undefined
        ? { changes: valueChanges(a.compared, b.compared), ...(each.moved ? { moved: true as const } : {}) }
        : {}),
      ...(of === undefined ? {} : { of }),
    };
  }
}

async function lookedUp(
  file: Compared,
  indices: readonly number[],
  common: number,
): Promise<Map<number, ReadEvent>> {
  const wanted = new Set(indices);
  const found = new Map<number, ReadEvent>();
  if (wanted.size === 0) return found;
  for await (const [at, read] of eventsOf(file)) {
    if (!wanted.has(at - common)) continue;
    found.set(at - common, read);
    if (found.size === wanted.size) break;
  }
  return found;
}
