import { setTimeout as sleep } from 'node:timers/promises';
import type { Verdict } from '../../../src/results/bench/result.ts';
import { against, type Meanwhile, type Observed } from '../against-server.ts';
import { below, type Check, exactly, has, says, trusted, within } from '../check.ts';
import { ONE_EVENT } from '../script.ts';
import { freeze } from '../scripted-server.ts';
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
    ...countsOf(observed, load),
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
    ...countsOf(observed, load),
    within('first event, from planned, p99', 5, {
      kind: 'lag',
      expected: quantile(waits, 0.99),
      measured: corrected?.p99,
    }),
    within('first event, from planned, max', 5, {
      kind: 'lag',
      expected: Math.max(...waits),
      measured: corrected?.max,
    }),
    below('first event p99', 50, uncorrected?.p99),
    says('verdict', 'INVALID', verdict.status),
    has('a reason', 'generator-late', codes(verdict)),
  ];
}

/** Starts at an even rate; some of the processes are stopped in the middle. */
async function openRun(
  { perSecond, seconds, freezeAfterMs, frozenMs }: OpenLoad,
  whom: (running: Meanwhile) => readonly number[],
): Promise<Observed> {
  const streams = perSecond * seconds;
  const order = {
    streams,
    load: ['-r', `${perSecond}/s`, '--for', `${seconds}s`, '--workers', '1', ...ONCE],
  };
  return against(ONE_EVENT, order, async (running) => {
    await running.server.asked;
    await sleep(freezeAfterMs);
    await freeze(whom(running), frozenMs);
  });
}

const ONCE = ['--reconnect', 'none'];

function countsOf({ result, served }: Observed, { perSecond, seconds }: OpenLoad): Check[] {
  return [
    exactly('streams started', perSecond * seconds, result.counts.started),
    exactly('requests that the server read', perSecond * seconds, served.length),
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
