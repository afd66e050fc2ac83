import { seededRandom } from '../../stats/random.ts';
import type { BenchOptions, Load } from '../options.ts';
import { type Curve, countBelow, curveThrough, highest, levelAt } from './curve.ts';
import { ExpectedStarts } from './expected-starts.ts';
import { countHeldStreams, heldStreams } from './held-streams.ts';
import type { Arrival, Plan } from './plan.ts';
import { evenStarts, poissonStarts } from './scheduled-starts.ts';

/** What of the options makes the schedule. */
export type PlanOptions = Pick<
  BenchOptions,
  'load' | 'durationMs' | 'warmUpMs' | 'seed' | 'life' | 'reconnect'
>;

type ClosedLoad = Extract<Load, { model: 'closed' | 'closed-stages' }>;
type OpenLoad = Exclude<Load, ClosedLoad>;

/** The schedule that the options ask for. It takes no memory by its length: arrivals are worked out as they are read. */
export function makePlan(options: PlanOptions): Plan {
  const { load } = options;
  switch (load.model) {
    case 'closed':
    case 'closed-stages':
      return closedPlan(options, load);
    case 'open':
    case 'open-stages':
      return openPlan(options, load);
  }
}

function closedPlan({ durationMs, warmUpMs }: PlanOptions, load: ClosedLoad): Plan {
  const curve = curveOf(load, durationMs);
  return {
    model: 'closed',
    durationMs,
    rampUpMs: rampUpOf(load),
    warmUpMs,
    starts: countHeldStreams(curve),
    peak: countBelow(highest(curve)),
    targetAt: (ms) => countBelow(levelAt(curve, ms)),
    arrivals: () => heldStreams(curve),
  };
}

function openPlan(options: PlanOptions, load: OpenLoad): Plan {
  const { durationMs, warmUpMs, seed } = options;
  const rates = curveOf(load, durationMs);
  const expected = new ExpectedStarts(rates);
  const random = load.arrival === 'poisson';
  const arrivals = () =>
    random ? poissonStarts(expected, seededRandom(seed, 'arrivals')) : evenStarts(expected);
  const lifeMs = longestLifeMs(options);
  // What is random must be drawn to be counted, which takes its time: once, and only where someone asks.
  let counted: Extent | undefined;
  const extent = () => {
    counted ??= random ? measured(arrivals, lifeMs) : evenExtent(expected, rates, lifeMs);
    return counted;
  };
  return {
    model: 'open',
    durationMs,
    rampUpMs: rampUpOf(load),
    warmUpMs,
    get starts() {
      return extent().starts;
    },
    get peak() {
      return Math.min(load.maxOpen ?? Infinity, extent().together);
    },
    targetAt: () => undefined,
    arrivals,
  };
}

/** How many starts there are, and how many of them at most within the life of one stream. */
interface Extent {
  starts: number;
  together: number;
}

function evenExtent(expected: ExpectedStarts, rates: Curve, lifeMs: number): Extent {
  const starts = countBelow(expected.total);
  const inOneLife = lifeMs === Infinity ? starts : countBelow((highest(rates) * lifeMs) / 1000);
  return { starts, together: Math.min(starts, inOneLife) };
}

/** Goes through all arrivals, with a second reader of them one life behind. */
function measured(arrivals: () => Iterator<Arrival>, lifeMs: number): Extent {
  const leaving = arrivals();
  const coming = arrivals();
  let gone = leaving.next();
  let starts = 0;
  let open = 0;
  let together = 0;
  for (let come = coming.next(); come.done !== true; come = coming.next()) {
    starts += 1;
    open += 1;
    for (; gone.done !== true && gone.value.atMs + lifeMs <= come.value.atMs; gone = leaving.next())
      open -= 1;
    together = Math.max(together, open);
  }
  return { starts, together };
}

/** How long a stream is open, where the options bound it; a stream that tries again outlives its attempts. */
function longestLifeMs({ life, reconnect }: PlanOptions): number {
  const attemptMs = reconnect.mode === 'none' ? life.maxTimeMs : undefined;
  return Math.min(life.forMs ?? Infinity, attemptMs ?? Infinity);
}

function curveOf(load: Load, durationMs: number): Curve {
  switch (load.model) {
    case 'closed':
      return curveThrough([{ durationMs: load.rampUpMs, target: load.connections }], durationMs);
    case 'open':
      return curveThrough([{ durationMs: load.rampUpMs, target: load.rate }], durationMs);
    case 'closed-stages':
    case 'open-stages':
      return curveThrough(load.stages, durationMs);
  }
}

/** Stages are no ramp: what they ask for is the test itself. */
function rampUpOf(load: Load): number {
  return 'rampUpMs' in load ? load.rampUpMs : 0;
}
