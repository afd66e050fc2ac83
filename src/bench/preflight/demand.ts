import type { BenchOptions, Load } from '../options.ts';
import type { Plan } from '../plan/plan.ts';

/** For so long the kernel keeps the port of a connection that we closed first (TIME_WAIT). */
const TIME_WAIT_MS = 60_000;

/** What a plan asks of the machine. */
export interface Demand {
  /** Most streams open at a time. */
  open: number;
  /** `false`: an upper bound, because only the server knows how long its streams last. */
  certain: boolean;
  /** Connections that so many streams take. */
  connections: number;
  /** Most connections that we closed within a minute: each keeps its port for that long. */
  lingering: number;
  /** The steepest part of the schedule. */
  startsPerSecond: number;
}

export function demandOf(options: BenchOptions, plan: Plan): Demand {
  const { open, certain } = openStreams(options, plan);
  const perConnection = options.streamsPerConnection ?? 1;
  return {
    open,
    certain,
    connections: Math.ceil(open / perConnection),
    lingering: Math.ceil(leftPerMinute(options, plan, open) / perConnection),
    startsPerSecond: startsPerSecond(options.load),
  };
}

/** A closed model holds what was asked for; an open one whatever the streams' lives add up to. */
function openStreams(options: BenchOptions, plan: Plan): { open: number; certain: boolean } {
  const { life, reconnect } = options;
  if (plan.model === 'closed') return { open: plan.peak, certain: true };
  if (life.forMs !== undefined) {
    return { open: Math.min(plan.peak, busiest(plan, life.forMs)), certain: true };
  }
  // A stream that always comes back, and that nothing else ends, is there until the run is over.
  const endless = life.maxEvents === undefined && life.untilData === undefined;
  return { open: plan.peak, certain: endless && reconnect.mode === 'persistent' };
}

function leftPerMinute({ life, behaviour }: BenchOptions, plan: Plan, open: number): number {
  const cut = (behaviour.drop?.share ?? 0) * open;
  const weLeave = life.forMs !== undefined || life.maxEvents !== undefined || life.untilData !== undefined;
  const share = weLeave ? 1 : (behaviour.cancel?.share ?? 0);
  if (share === 0) return cut;
  const starts = busiest(plan, TIME_WAIT_MS);
  if (plan.model === 'open') return cut + share * starts;
  // Slots reopen: how often is known only where streams leave, or are cancelled, by time.
  const turnMs = weLeave ? life.forMs : behaviour.cancel?.afterMs;
  if (turnMs === undefined) return cut + share * starts;
  return cut + share * open * (Math.min(TIME_WAIT_MS, plan.durationMs) / Math.max(1, turnMs));
}

/** Most starts of the schedule within a span of time. */
function busiest(plan: Plan, spanMs: number): number {
  if (spanMs >= plan.durationMs) return plan.starts;
  const later = plan.arrivals()[Symbol.iterator]();
  let most = 0;
  let count = 0;
  let oldest = later.next();
  for (const { atMs } of plan.arrivals()) {
    count++;
    while (!oldest.done && oldest.value.atMs <= atMs - spanMs) {
      count--;
      oldest = later.next();
    }
    most = Math.max(most, count);
  }
  return most;
}

function startsPerSecond(load: Load): number {
  switch (load.model) {
    case 'open':
      return load.rate;
    case 'open-stages':
      return Math.max(0, ...load.stages.map(({ target }) => target));
    case 'closed':
      return load.connections / Math.max(1, load.rampUpMs / 1000);
    case 'closed-stages': {
      let from = 0;
      return load.stages.reduce((most, { target, durationMs }) => {
        const rate = (target - from) / Math.max(0.001, durationMs / 1000);
        from = target;
        return Math.max(most, rate);
      }, 0);
    }
  }
}
