import { monotonicMs } from '../../client/clock.ts';
import { NotMeasurable } from '../not-measurable.ts';
import type { Visit } from '../origin/visit.ts';
import { watchVisits } from '../origin/watch-visits.ts';
import { type Judgement, type Probe, probe } from '../probe.ts';
import { openRaw } from '../raw/raw-exchange.ts';
import { sleep } from '../sleep.ts';
import { scripted } from '../ways/scripted.ts';
import type { ProbeContext, Way } from '../ways/way.ts';

interface SlowClient {
  /** What the origin could write though the client read nothing. */
  takenBytes: number;
  /** All that it was to write: it could have gone on. */
  everything: boolean;
}

interface Times {
  /** Enough to tell a proxy that never stops from one with large buffers. */
  mostBytes: number;
  /** The origin's connection took nothing for so long: it is full. */
  restMs: number;
  mostMs: number;
}

/** As figures are told in. */
const MB = 1e6;
/** Kernels alone keep some megabytes of it. */
const FAIL_BYTES = 50 * MB;
const TIMES: Times = { mostBytes: 64 * MB, restMs: 1_500, mostMs: 10_000 };
/** Times what the direct way keeps: a proxy has two connections, each with buffers of its own. */
const MOST_TIMES_DIRECT = 4;

export const slowClient: Probe = probe<SlowClient>({
  id: 'slow-client',
  title: 'an origin is slowed down by a client that reads slowly',
  requirement: `While a client reads nothing, the proxy takes at most ${MOST_TIMES_DIRECT} times what the direct way takes, and no more than ${FAIL_BYTES / MB} MB.`,
  seconds: 4,
  load: 'heavy',
  measure: (way, context) => measureSlowClient(way, context, TIMES),
  judge: judgeSlowClient,
});

export async function measureSlowClient(
  way: Way,
  { origin, signal }: ProbeContext,
  { mostBytes, restMs, mostMs }: Times,
): Promise<SlowClient> {
  const { key, request } = scripted(way, { steps: [{ do: 'flood', mostBytes }] });
  const exchange = await openRaw(request, signal);
  try {
    exchange.pause();
    exchange.sendHead();
    const arrived = await watchVisits(origin, key, { forMs: mostMs, until: (all) => all.length > 0, signal });
    if (arrived.length === 0)
      throw new NotMeasurable('the flood that was asked for never reached the origin');
    const visits = await settled(mostMs);
    return { takenBytes: takenOf(visits), everything: isWhole(visits) };
  } finally {
    exchange.reset();
  }

  /** Until the origin has written everything, or could write nothing for a while. */
  async function settled(withinMs: number): Promise<readonly Visit[]> {
    const endMs = monotonicMs() + withinMs;
    for (let before = -1; ; ) {
      const visits = await origin.visits(key);
      const taken = takenOf(visits);
      const leftMs = endMs - monotonicMs();
      if (signal.aborted || leftMs <= 0 || taken === before || isWhole(visits)) return visits;
      before = taken;
      // What ends the wait is looked at behind it.
      await sleep(Math.min(restMs, leftMs), signal);
    }
  }
}

function takenOf(visits: readonly Visit[]): number {
  return Math.max(0, ...visits.map(({ bytesTaken }) => bytesTaken));
}

function isWhole(visits: readonly Visit[]): boolean {
  return visits.some(({ end }) => end?.by === 'script');
}

function judgeSlowClient(direct: SlowClient, proxied: SlowClient): Judgement {
  const { takenBytes, everything } = proxied;
  const figures = {
    direct: { takenBytes: direct.takenBytes, everything: direct.everything },
    proxied: { takenBytes, everything },
    evidence: [
      { k: 'takenBytes', v: takenBytes },
      { k: 'takenTimesDirect', v: Math.round((takenBytes / Math.max(1, direct.takenBytes)) * 10) / 10 },
    ],
  };
  const taken = `${megabytes(takenBytes)}${everything ? ' and more' : ''} from the origin while the client read nothing`;
  const directly = `directly, the connection takes ${megabytes(direct.takenBytes)}`;
  if (takenBytes <= MOST_TIMES_DIRECT * direct.takenBytes) {
    return {
      ...figures,
      status: 'pass',
      summary: `took ${megabytes(takenBytes)} while the client read nothing; ${directly}`,
    };
  }
  const isEndless = takenBytes > FAIL_BYTES;
  return {
    ...figures,
    status: isEndless ? 'fail' : 'warn',
    fault: 'buffer.unbounded',
    summary: `took ${taken}; ${directly}`,
  };
}

function megabytes(bytes: number): string {
  return `${Number((bytes / MB).toPrecision(3))} MB`;
}
