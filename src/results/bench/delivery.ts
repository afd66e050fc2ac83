import { joinChanges, type SpanChanges, timesInSpans } from '../../stats/number-spans.ts';
import { type Evidence, IRREGULARITIES } from '../../stats/sequence-tally.ts';
import { examplesOf, notesOn } from './delivery-words.ts';
import type { PublishFigures } from './publish.ts';

/** The audit of delivery, added up over streams. */
export interface AuditCounts {
  /** Distinct events. */
  received: number;
  missing: number;
  duplicated: number;
  out_of_order: number;
  replayed: number;
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
export interface DeliveryFigures extends AuditCounts {
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
    evidence: firstOfEachKind([...sum.evidence, ...more.evidence]),
    ...clockOf(sum.clock, clock),
  };
}

/**
 * What a run's delivery comes to.
 *
 * @param publish what our own publisher did: what it could not publish is not missed
 */
export function deliveryFigures(
  delivery: DeliverySnapshot,
  publish?: { figures: PublishFigures; failedNumbers: readonly number[] },
): DeliveryFigures {
  const { received, duplicated, out_of_order, replayed, unnumbered, missingNumbers, clock } = delivery;
  const failedNumbers = missingNumbers === undefined ? [] : (publish?.failedNumbers ?? []);
  const missing = delivery.missing - timesInSpans(missingNumbers ?? new Float64Array(), failedNumbers);
  const expected = received + missing;
  return {
    received,
    missing,
    duplicated,
    out_of_order,
    replayed,
    rate: expected === 0 ? null : received / expected,
    unnumbered,
    examples: examplesOf(firstOfEachKind(withoutNumbers(delivery.evidence, failedNumbers))).slice(
      0,
      MOST_EXAMPLES,
    ),
    notes: notesOn(delivery, publish?.figures),
    ...(clock === undefined ? {} : { clock }),
  };
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
  return evidence.flatMap((each) => {
    if (each.kind !== 'missing') return [each];
    const within = failed.filter((number) => number >= each.from && number <= each.to);
    const ends = [each.from - 1, ...within, each.to + 1];
    const ranges = ends
      .slice(1)
      .map((end, index) => ({ ...each, from: (ends[index] ?? 0) + 1, to: end - 1 }));
    return ranges.filter(({ from, to }) => from <= to);
  });
}

/** In the order of the kinds: what is missing is known only when a stream ends, and yet comes first. */
function firstOfEachKind(evidence: readonly Evidence[]): Evidence[] {
  return IRREGULARITIES.flatMap((kind) =>
    evidence.filter((each) => each.kind === kind).slice(0, EXAMPLES_OF_A_KIND),
  );
}
