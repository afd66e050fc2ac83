import { against } from '../against-server.ts';
import { about, below, type Check, exactly, trusted } from '../check.ts';
import { ONE_EVENT } from '../script.ts';
import { beginning } from '../stamps.ts';
import type { Say, TruthCase } from '../truth-case.ts';

const WINDOW_MS = 100;

export const t6: TruthCase = {
  id: 'T6',
  title: 'a plan of 1,000 and of 2,000 starts a second: all of them, evenly',
  run: async (say) => [
    ...(await pace({ perSecond: 1_000, seconds: 10 }, say)),
    ...(await pace({ perSecond: 2_000, seconds: 10 }, say)),
  ],
};

async function pace(load: { perSecond: number; seconds: number }, say: Say): Promise<Check[]> {
  const { perSecond, seconds } = load;
  say(`${perSecond} starts a second`);
  const streams = perSecond * seconds;
  const { result, served, samples } = await against(ONE_EVENT, {
    streams,
    load: ['-r', `${perSecond}/s`, '--for', `${seconds}s`, '--reconnect', 'none', '--workers', '1'],
    samples: true,
  });
  const perMs = perSecond / 1000;
  const planned = perMs * WINDOW_MS;
  const plannedMs = (stream: number) => stream / perMs;
  const beganAt = beginning(served, plannedMs);
  const accepted = perWindow(
    served.map(({ acceptedAt }) => acceptedAt - beganAt),
    seconds,
  );
  // One worker tells of its starts in their order.
  const delays = samples.get('start_delay') ?? [];
  const started = perWindow(
    delays.map((delay, stream) => plannedMs(stream) + delay),
    seconds,
  );
  const { counts, metrics, verdict } = result;
  const wanderOff = Math.round(planned * 0.05);
  const checks = [
    exactly('streams planned', streams, counts.planned),
    about('streams started', streams / 100, streams, counts.started),
    exactly('connections that the server accepted', counts.started, served.length),
    about('fewest starts in 100 ms, as the worker marked them', wanderOff, planned, Math.min(...started)),
    about('most starts in 100 ms, as the worker marked them', wanderOff, planned, Math.max(...started)),
    about('fewest in 100 ms, as the server accepted them', wanderOff, planned, Math.min(...accepted)),
    about('most in 100 ms, as the server accepted them', wanderOff, planned, Math.max(...accepted)),
    below('start_delay p99', 10, metrics.start_delay?.p99),
    trusted(verdict),
  ];
  return checks.map((check) => ({ ...check, what: `${perSecond}/s: ${check.what}` }));
}

/** How many of the times, in milliseconds of the run, fall into each stretch of 100 ms. */
function perWindow(times: readonly number[], seconds: number): number[] {
  const counts = new Array<number>((1000 * seconds) / WINDOW_MS).fill(0);
  for (const time of times) {
    const window = Math.floor(time / WINDOW_MS);
    if (window < counts.length) counts[window] = (counts[window] ?? 0) + 1;
  }
  return counts;
}
