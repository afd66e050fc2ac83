import { setTimeout as sleep } from 'node:timers/promises';
import type { Verdict } from '../../../src/results/bench/result.ts';
import { against, type Meanwhile, type Observed } from '../against-server.ts';
import { about, below, type Check, exactly, has, says, trusted, within } from '../check.ts';
import { freeze } from '../freeze.ts';
import { ONE_EVENT } from '../script.ts';
import { beginning, quantile, stampOf } from '../stamps.ts';
import type { TruthCase } from '../truth-case.ts';

interface OpenLoad {
  perSecond: number;
  seconds: number;
  /** Into the run. */
  freezeAfterMs: number;
  frozenMs: number;
}

const FULL: OpenLoad = { perSecond: 50, seconds: 20, freezeAfterMs: 8_000, frozenMs: 2_000 };

export const t2a: TruthCase = {
  id: 'T2a',
  title: 'the server freezes for 2 s: those who came then waited, on both clocks',
  run: () => frozenServer(FULL),
};

export const t2b: TruthCase = {
  id: 'T2b',
  title: 'the load generator freezes for 2 s: the corrected clock tells, and the run is invalid',
  run: () => frozenWorker(FULL),
};

async function frozenServer(load: OpenLoad): Promise<Check[]> {
  const observed = await openRun(load, ({ server }) => [server.pid]);
  const { metrics, verdict } = observed.result;
  const { time_to_first_event: uncorrected, time_to_first_event_from_planned: corrected } = metrics;
  const waits = waitsFromPlan(observed, load);
  const p99 = quantile(waits, 0.99);
  return [
    ...soundness(observed, load, waits),
    within('first event, from planned, p99', 5, { kind: 'lag', expected: p99, measured: corrected?.p99 }),
    within('first event p99', 5, { kind: 'time', expected: p99, measured: uncorrected?.p99 }),
    within('first event, from planned, max', 5, {
      kind: 'lag',
      expected: Math.max(...waits),
      measured: corrected?.max,
    }),
    within('first event max', 5, { kind: 'time', expected: Math.max(...waits), measured: uncorrected?.max }),
    within('the two clocks apart, p99', 5, {
      kind: 'time',
      expected: uncorrected?.p99 ?? Number.NaN,
      measured: corrected?.p99,
    }),
    trusted(verdict),
  ];
}

export async function frozenWorker(load: OpenLoad): Promise<Check[]> {
  const observed = await openRun(load, ({ bench }) => bench.workers);
  const { metrics, verdict } = observed.result;
  const { time_to_first_event: uncorrected, time_to_first_event_from_planned: corrected } = metrics;
  const waits = waitsFromPlan(observed, load);
  return [
    ...soundness(observed, load, waits),
    within('first event, from planned, p99', AFTER_FREEZE_MS, {
      kind: 'lag',
      expected: quantile(waits, 0.99),
      measured: corrected?.p99,
    }),
    within('first event, from planned, max', AFTER_FREEZE_MS, {
      kind: 'lag',
      expected: Math.max(...waits),
      measured: corrected?.max,
    }),
    below('first event p99', 50, uncorrected?.p99),
    says('verdict', 'INVALID', verdict.status),
    has('a reason', 'generator-late', codes(verdict)),
  ];
}

/** A hundred starts are due at once when the worker goes on, and what it reads waits behind them. */
const AFTER_FREEZE_MS = 20;

/** Starts at an even rate; some of the processes are stopped in the middle. */
async function openRun(
  { perSecond, seconds, freezeAfterMs, frozenMs }: OpenLoad,
  whom: (running: Meanwhile) => readonly number[],
): Promise<Observed> {
  const streams = perSecond * seconds;
  const order = {
    streams,
    load: ['-r', `${perSecond}/s`, '--for', `${seconds}s`, '--workers', '1', '--reconnect', 'none'],
  };
  return against(ONE_EVENT, order, async (running) => {
    await running.server.asked;
    await sleep(freezeAfterMs);
    await freeze(whom(running), frozenMs);
  });
}

/** The load was what it was to be, and so was the freeze. */
function soundness({ result }: Observed, load: OpenLoad, waits: readonly number[]): Check[] {
  const { perSecond, seconds, frozenMs } = load;
  const streams = perSecond * seconds;
  return [
    exactly('streams planned', streams, result.counts.planned),
    about('streams started', streams / 100, streams, result.counts.started),
    // Who comes while it lasts waits for the rest of it: all from none to the whole, evenly.
    within('p99 that the plan and the freeze come to', 50, {
      kind: 'load',
      expected: frozenMs - 0.01 * 1000 * seconds,
      measured: quantile(waits, 0.99),
    }),
  ];
}

/** From when the plan had each stream come until the server sent its event. */
function waitsFromPlan({ served }: Observed, { perSecond }: OpenLoad): number[] {
  const plannedMs = (stream: number) => (stream * 1000) / perSecond;
  const beganAt = beginning(served, plannedMs);
  return served.map((attempt) => stampOf(attempt, 'event') - beganAt - plannedMs(attempt.stream));
}

function codes({ reasons }: Verdict): string[] {
  return reasons.map(({ code }) => code);
}
