import { type Observed, runAgainst, urlOf } from '../against-server.ts';
import { about, below, type Check, exactly, trusted, within } from '../check.ts';
import { ONE_EVENT } from '../script.ts';
import { type ScriptedServer, startScriptedServer } from '../scripted-server.ts';
import { beginning, quantile } from '../stamps.ts';
import type { Say, TruthCase } from '../truth-case.ts';

const WINDOW_MS = 100;

export const t6: TruthCase = {
  id: 'T6',
  title: 'a plan of 1,000 and of 2,000 starts a second: all of them, evenly',
  run: async (say) => {
    const server = await startScriptedServer({ scripts: [ONE_EVENT], transport: 'http' });
    try {
      // A server that is compiled meanwhile, or that takes the core of the load, has its part in when streams start.
      server.giveWay();
      await run(server, { perSecond: 2_000, seconds: 2 });
      return [
        ...(await pace(server, { perSecond: 1_000, seconds: 10, stallMs: 5 }, say)),
        // 10 ms is the longest that is not late.
        ...(await pace(server, { perSecond: 2_000, seconds: 10, stallMs: 10 }, say)),
      ];
    } finally {
      server.stop();
    }
  },
};

interface Load {
  perSecond: number;
  seconds: number;
}

function run(server: ScriptedServer, { perSecond, seconds }: Load): Promise<Observed> {
  server.forget();
  return runAgainst(server, {
    url: urlOf(server, 'http'),
    streams: perSecond * seconds,
    load: ['-r', `${perSecond}/s`, '--for', `${seconds}s`, '--reconnect', 'none', '--workers', '1'],
    samples: true,
  });
}

/** @param load.stallMs a stall of so many milliseconds, which moves its starts into the next window, may be */
async function pace(server: ScriptedServer, load: Load & { stallMs: number }, say: Say): Promise<Check[]> {
  const { perSecond, seconds, stallMs } = load;
  say(`${perSecond} starts a second`);
  const { result, served, samples } = await run(server, load);
  const streams = perSecond * seconds;
  const perMs = perSecond / 1000;
  const planned = perMs * WINDOW_MS;
  const plannedMs = (stream: number) => stream / perMs;
  const beganAt = beginning(served, plannedMs);
  // One worker tells of its starts in their order.
  const delays = samples.get('start_delay') ?? [];
  const started = perWindow(
    delays.map((delay, stream) => plannedMs(stream) + delay),
    seconds,
  );
  const travel = served.map(({ stream, acceptedAt }) => {
    return acceptedAt - beganAt - plannedMs(stream) - (delays[stream] ?? Number.NaN);
  });
  const { counts, metrics, verdict } = result;
  const wander = perMs * stallMs;
  const checks = [
    exactly('streams planned', streams, counts.planned),
    about('streams started', streams / 100, streams, counts.started),
    about('requests that the server read', streams / 100, counts.started, served.length),
    about('fewest starts in 100 ms', wander, planned, Math.min(...started)),
    about('most starts in 100 ms', wander, planned, Math.max(...started)),
    // The server may be late itself: its stamps hold the marks of the worker to account, not each window.
    within('accepted after the worker marked its start, p50', 1, {
      kind: 'time',
      expected: 0,
      measured: quantile(travel, 0.5),
    }),
    within('accepted after the worker marked its start, p95', stallMs, {
      kind: 'time',
      expected: 0,
      measured: quantile(travel, 0.95),
    }),
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
