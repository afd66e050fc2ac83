import type { SeriesWindow } from '../../results/bench/result.ts';
import type { MetricsSnapshot } from '../../results/bench/snapshot.ts';
import { type EncodedHistogram, LatencyHistogram } from '../../stats/latency-histogram.ts';

/** Windows that a result keeps: when there are more, two and two become one. */
const MAX_WINDOWS = 600;

const METRICS = ['time_to_first_event_from_planned', 'event_gap', 'delivery_latency'] as const;

/** What is known of a window beside what workers measured in it. */
interface Around {
  warmUp: boolean;
  target: number | undefined;
  steal: number | undefined;
}

interface Entry {
  window: SeriesWindow;
  histograms: readonly (EncodedHistogram | undefined)[];
}

/** The run as a series of windows, each about a second long until there are many. */
export class Series {
  #entries: Entry[] = [];

  add(snapshot: MetricsSnapshot, around: Around): SeriesWindow {
    const { fromMs, toMs, counts, connected, connecting, waiting } = snapshot;
    const histograms = METRICS.map((metric) => snapshot.histograms[metric]);
    const window: SeriesWindow = {
      from: fromMs,
      to: toMs,
      ...(around.warmUp ? { warmUp: true } : {}),
      started: counts.started,
      connected,
      connecting,
      waiting,
      ...(around.target === undefined ? {} : { target: around.target }),
      events: counts.events,
      bytes: counts.bytes,
      attempts: counts.attempts,
      failedAttempts: counts.failedAttempts,
      ...quantilesOf(histograms),
      ...(around.steal === undefined ? {} : { steal: around.steal }),
    };
    this.#entries.push({ window, histograms });
    if (this.#entries.length > MAX_WINDOWS) this.#halve();
    return window;
  }

  get windows(): SeriesWindow[] {
    return this.#entries.map(({ window }) => window);
  }

  #halve(): void {
    const halved: Entry[] = [];
    for (let index = 0; index < this.#entries.length; index += 2) {
      const [one, other] = this.#entries.slice(index, index + 2);
      if (one !== undefined)
        halved.push(other === undefined || differ(one, other) ? one : joined(one, other));
      if (one !== undefined && other !== undefined && differ(one, other)) halved.push(other);
    }
    this.#entries = halved;
  }
}

/** What is in the figures stays apart from what isn't. */
function differ({ window: one }: Entry, { window: other }: Entry): boolean {
  return one.warmUp !== other.warmUp;
}

function joined(one: Entry, other: Entry): Entry {
  const histograms = METRICS.map((_, index) => sumOf(one.histograms[index], other.histograms[index]));
  const { window: first } = one;
  const { window: last } = other;
  const window: SeriesWindow = {
    ...last,
    from: first.from,
    started: first.started + last.started,
    events: first.events + last.events,
    bytes: first.bytes + last.bytes,
    attempts: first.attempts + last.attempts,
    failedAttempts: first.failedAttempts + last.failedAttempts,
    ...quantilesOf(histograms),
    ...stealOfBoth(first, last),
  };
  return { window, histograms };
}

/** Each window weighs as much as it lasts. */
function stealOfBoth(first: SeriesWindow, last: SeriesWindow): Pick<SeriesWindow, 'steal'> {
  if (first.steal === undefined || last.steal === undefined) return {};
  const taken = first.steal * (first.to - first.from) + last.steal * (last.to - last.from);
  return { steal: taken / (last.to - first.from) };
}

function sumOf(
  one: EncodedHistogram | undefined,
  other: EncodedHistogram | undefined,
): EncodedHistogram | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const sum = new LatencyHistogram();
  sum.add(one);
  sum.add(other);
  return sum.encode();
}

type WindowQuantiles = Pick<
  SeriesWindow,
  'firstEventP50' | 'firstEventP99' | 'eventGapP99' | 'deliveryLatencyP99'
>;

function quantilesOf([firstEvent, eventGap, delivery]: Entry['histograms']): WindowQuantiles {
  return {
    firstEventP50: quantile(firstEvent, 0.5),
    firstEventP99: quantile(firstEvent, 0.99),
    eventGapP99: quantile(eventGap, 0.99),
    deliveryLatencyP99: quantile(delivery, 0.99),
  };
}

function quantile(encoded: EncodedHistogram | undefined, q: number): number | null {
  if (encoded === undefined) return null;
  const histogram = new LatencyHistogram();
  histogram.add(encoded);
  return histogram.quantile(q).value;
}
