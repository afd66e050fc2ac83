import { joinChanges, type SpanChanges, timesInSpans } from '../../stats/number-spans.ts';
import { type Evidence, IRREGULARITIES } from '../../stats/sequence-tally.ts';
import { type Owed, partialOf, rangesWithout, type SendLog, settle } from './delivery-owed.ts';
import { examplesOf, notesOn, partialExamples, unreachedExample } from './delivery-words.ts';
import type { PublishFigures } from './publish.ts';

/** The audit of delivery, added up over streams. */
interface AuditCounts {
  /** Distinct events. */
  received: number;
  missing: number;
  duplicated: number;
  out_of_order: number;
  replayed: number;
}

/** With what is known when publishing is over; absent where nothing of our own was published. */
export interface Audit extends AuditCounts {
  /** Streams that never had a published event, although some were sent while they were there. */
  unreached?: number;
  /** Published events that some streams had and others missed; absent where the audit goes by other numbers. */
  partial?: number;
}

/** What a process saw of delivery in a window. Counts are changes: what comes late takes from `missing`. */
export interface DeliverySnapshot extends AuditCounts {
  /** Numbers that came with a gap before them. */
  jumps: number;
  /** Events in which there was no number, or no time, where there should be one. */
  unnumbered: number;
  untimed: number;
  /** Events that carried the mark of our own publisher. */
  marked: number;
  /** Events that had been sent before their stream began: they have no latency. */
  earlier: number;
  /** Which numbers are missing in how many streams, of events that we publish ourselves. */
  missingNumbers?: SpanChanges;
  /** Which of them came, on whatever stream. */
  gotNumbers?: SpanChanges;
  /** Of streams that ended behind what we publish ourselves. */
  owed?: readonly Owed[];
  /** Streams that may have, of which no more could be kept. */
  untold?: number;
  evidence: readonly Evidence[];
  /** Of the whole run so far. */
  clock?: SenderClock;
}

/** How the clock of whoever stamps events seems to stand against this machine's, where events tell when they were sent. */
export interface SenderClock {
  /** Smallest difference of receiving and sending, in milliseconds; below 0 the sender's clock is ahead. */
  smallestMs: number;
  /** What was added to every difference, in milliseconds: the least and the most among processes. */
  addedMs: readonly [least: number, most: number];
  /** Farthest that this machine's wall clock was set during the run, in milliseconds. */
  steppedMs: number;
}

/** The delivery of a whole run, as a result has it. */
export interface DeliveryFigures extends Audit {
  /** received ÷ (received + missing), 0 to 1; `null` where nothing was numbered. */
  rate: number | null;
  /** Events left out of the audit, as they had no number. */
  unnumbered: number;
  /** The first few irregularities, in words. */
  examples: readonly string[];
  /** What is to be known of these figures, a sentence each. */
  notes: readonly string[];
  clock?: SenderClock;
}

const MOST_EXAMPLES = 10;
const EXAMPLES_OF_A_KIND = 3;

/** Of several windows and processes. */
export function addDelivery(sum: DeliverySnapshot | undefined, more: DeliverySnapshot): DeliverySnapshot {
  if (sum === undefined) return more;
  const { missingNumbers: changes, clock } = more;
  const missingNumbers = joined(sum.missingNumbers, changes);
  const gotNumbers = joined(sum.gotNumbers, more.gotNumbers);
  const owed = joinOwed(sum, more);
  return {
    received: sum.received + more.received,
    missing: sum.missing + more.missing,
    duplicated: sum.duplicated + more.duplicated,
    out_of_order: sum.out_of_order + more.out_of_order,
    replayed: sum.replayed + more.replayed,
    jumps: sum.jumps + more.jumps,
    unnumbered: sum.unnumbered + more.unnumbered,
    untimed: sum.untimed + more.untimed,
    marked: sum.marked + more.marked,
    earlier: sum.earlier + more.earlier,
    ...(missingNumbers === undefined ? {} : { missingNumbers }),
    ...(gotNumbers === undefined ? {} : { gotNumbers }),
    ...owed,
    evidence: firstOfEachKind([...sum.evidence, ...more.evidence]),
    ...clockOf(sum.clock, clock),
  };
}

/** The counts of a run, once it is known what was published: what could not be is not missed. */
export function auditOf(delivery: DeliverySnapshot, log?: SendLog): Audit {
  return concluded(delivery, log).audit;
}

/**
 * What a run's delivery comes to.
 *
 * @param publish what our own publisher did; absent where there is none, or it was lost
 */
export function deliveryFigures(
  delivery: DeliverySnapshot,
  publish?: { figures: PublishFigures; log: SendLog },
): DeliveryFigures {
  const { unnumbered, clock } = delivery;
  const { audit, evidence, ...found } = concluded(delivery, publish?.log);
  const expected = audit.received + audit.missing;
  const examples = [...found.examples, ...examplesOf(firstOfEachKind(evidence))];
  return {
    ...audit,
    rate: expected === 0 ? null : audit.received / expected,
    unnumbered,
    examples: examples.slice(0, MOST_EXAMPLES),
    notes: notesOn(delivery, publish?.figures, { tail: found.tail, log: publish?.log }),
    ...(clock === undefined ? {} : { clock }),
  };
}

interface Concluded {
  audit: Audit;
  evidence: Evidence[];
  /** Examples that are not of the audit of one stream. */
  examples: string[];
  /** How many of the missing are behind the last event of their stream. */
  tail: number;
}

function concluded(delivery: DeliverySnapshot, log: SendLog | undefined): Concluded {
  const { received, missing, duplicated, out_of_order, replayed, evidence } = delivery;
  const counts = { received, missing, duplicated, out_of_order, replayed };
  if (log === undefined) return { audit: counts, evidence: [...evidence], examples: [], tail: 0 };
  const { missingNumbers, gotNumbers, owed = [] } = delivery;
  const { failedNumbers } = log;
  const settled = settle(owed, log);
  const { unreached, anUnreached } = settled;
  const audit: Audit = { ...counts, unreached };
  audit.missing += settled.missing - timesInSpans(missingNumbers ?? NO_CHANGES, failedNumbers);
  const examples = anUnreached === undefined ? [] : [unreachedExample(anUnreached)];
  if (missingNumbers !== undefined && gotNumbers !== undefined) {
    const missed = joinChanges(missingNumbers, settled.missingNumbers);
    const partial = partialOf(missed, gotNumbers, failedNumbers);
    audit.partial = partial.count;
    examples.push(...partialExamples(partial));
  }
  const all = withoutNumbers([...evidence, ...settled.evidence], failedNumbers);
  return { audit, evidence: all, examples, tail: settled.missing };
}

const NO_CHANGES: SpanChanges = new Float64Array();

/** Of more spans the streams are counted alone. */
const MOST_OWED = 100_000;

function joinOwed(one: DeliverySnapshot, other: DeliverySnapshot): Pick<DeliverySnapshot, 'owed' | 'untold'> {
  if (one.owed === undefined && other.owed === undefined) return {};
  const untold = (one.untold ?? 0) + (other.untold ?? 0);
  if (one.owed === undefined || other.owed === undefined || other.owed.length === 0) {
    return { owed: one.owed ?? other.owed ?? [], untold };
  }
  const owed = [...one.owed, ...other.owed];
  const beyond = owed.slice(MOST_OWED).reduce((sum, { streams }) => sum + streams, 0);
  return { owed: owed.slice(0, MOST_OWED), untold: untold + beyond };
}

function joined(one: SpanChanges | undefined, other: SpanChanges | undefined): SpanChanges | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return joinChanges(one, other);
}

function clockOf(one: SenderClock | undefined, other: SenderClock | undefined): { clock?: SenderClock } {
  if (one === undefined || other === undefined) {
    const clock = one ?? other;
    return clock === undefined ? {} : { clock };
  }
  return {
    clock: {
      smallestMs: Math.min(one.smallestMs, other.smallestMs),
      addedMs: [Math.min(one.addedMs[0], other.addedMs[0]), Math.max(one.addedMs[1], other.addedMs[1])],
      steppedMs: Math.abs(one.steppedMs) > Math.abs(other.steppedMs) ? one.steppedMs : other.steppedMs,
    },
  };
}

/** Missing ranges without those of their numbers that could not have come. */
function withoutNumbers(evidence: readonly Evidence[], failedNumbers: readonly number[]): Evidence[] {
  if (failedNumbers.length === 0) return [...evidence];
  const failed = [...failedNumbers].sort((a, b) => a - b);
  return evidence.flatMap((each) =>
    each.kind === 'missing'
      ? rangesWithout(each.from, each.to, failed).map(([from, to]) => ({ ...each, from, to }))
      : [each],
  );
}

/** In the order of the kinds: what is missing is known only when a stream ends, and yet comes first. */
function firstOfEachKind(evidence: readonly Evidence[]): Evidence[] {
  return IRREGULARITIES.flatMap((kind) =>
    evidence.filter((each) => each.kind === kind).slice(0, EXAMPLES_OF_A_KIND),
  );
}
