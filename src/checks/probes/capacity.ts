import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Evidence, Measured } from '../../results/check/result.ts';
import { durationText } from '../duration.ts';
import type { Observation } from '../observation.ts';
import { observe } from '../observe.ts';
import { ONE_EVENT } from '../origin/script.ts';
import { type Judgement, type Probe, probe } from '../probe.ts';
import { scripted } from '../scripted.ts';
import type { ProbeContext, Way } from '../way.ts';

interface Capacity {
  streams: number;
  /** Streams of other probes that were open besides, along both ways. */
  besides: number;
  /** Those that had an event while all were open. */
  served: number;
  /** Those that the origin was asked for: as many may be served by a proxy that holds events back. */
  asked: number;
  /** The last of those that had an event waited so long for it. */
  slowestMs: number | null;
  /** What became of the others, and how often: `waits`, `status 503`, `eof`, `connect_error`, … */
  others: Readonly<Record<string, number>>;
}

/** Who has had no event by then is not served. */
const PATIENCE_MS = 5_000;

export const capacity: Probe = probe<Capacity>({
  id: 'capacity',
  title: 'many streams are open at once',
  requirement: `As many streams as --max-connections says are open at once, and each has its first event within ${PATIENCE_MS / 1_000} s.`,
  seconds: 6,
  load: 'heavy',
  connections: ({ maxConnections }) => maxConnections,
  measure: (way, context) => measureCapacity(way, context, PATIENCE_MS),
  judge: judgeCapacity,
});

export async function measureCapacity(
  way: Way,
  { origin, pool, options, signal }: ProbeContext,
  patienceMs: number,
): Promise<Capacity> {
  const besides = pool.size;
  const streams = options.maxConnections;
  const key = randomUUID();
  const { request } = scripted(
    way,
    {
      steps: [
        ONE_EVENT,
        // It is the client that leaves, when it has seen all; where nobody tells the origin, it ends by itself.
        { do: 'wait', ms: 2 * patienceMs },
      ],
    },
    key,
  );
  const over = new AbortController();
  const all: Promise<Observation>[] = [];
  let waiting = streams;
  const watch = () => {
    let counted = false;
    const count = () => {
      if (counted) return;
      counted = true;
      waiting -= 1;
      if (waiting === 0) over.abort();
    };
    const seen = observe(pool, request, {
      forMs: 2 * patienceMs,
      until({ events }) {
        if (events.length > 0) count();
        return false;
      },
      signal: AbortSignal.any([signal, over.signal]),
    });
    all.push(seen);
    void seen.then(count);
  };
  while (all.length < streams) watch();
  await delay(patienceMs, undefined, { signal: AbortSignal.any([signal, over.signal]) }).catch(() => {});
  const asked = (await origin.visits(key)).length;
  over.abort();
  return { streams, besides, asked, ...countsOf(await Promise.all(all)) };
}

function countsOf(all: readonly Observation[]): Pick<Capacity, 'served' | 'slowestMs' | 'others'> {
  const waits: number[] = [];
  const others: Record<string, number> = {};
  for (const seen of all) {
    const [first] = seen.events;
    if (first !== undefined) waits.push(first.at - seen.startedAt);
    else others[fateOf(seen)] = (others[fateOf(seen)] ?? 0) + 1;
  }
  return { served: waits.length, slowestMs: waits.length === 0 ? null : Math.max(...waits), others };
}

function fateOf({ end, head }: Observation): string {
  if (end === undefined || end.info.reason === 'client') return 'waits';
  return end.info.reason === 'status' && head !== undefined ? `status ${head.status}` : end.info.reason;
}

function judgeCapacity(direct: Capacity, proxied: Capacity): Judgement {
  const plateau = placesOf(proxied);
  const figures = { direct: measured(direct), proxied: measured(proxied) };
  const [fate, times] = Object.entries(proxied.others).sort(([, a], [, b]) => b - a)[0] ?? [];
  if (plateau < Math.min(proxied.streams, placesOf(direct))) {
    const besides = proxied.besides === 0 ? '' : `, besides ${proxied.besides} of other probes`;
    const evidence: Evidence[] = [
      { k: 'plateau', v: plateau, n: plateau, of: proxied.streams },
      { k: 'streamsBesides', v: proxied.besides },
      ...(fate === undefined || times === undefined
        ? []
        : [{ k: 'othersFate', v: fate, n: times, of: proxied.streams - proxied.served }]),
    ];
    return {
      ...figures,
      evidence,
      status: 'fail',
      fault: 'capacity.limit',
      summary: `${plateau} of ${proxied.streams} streams were served at once${besides}; the others: ${fatesOf(proxied)}`,
    };
  }
  return { ...figures, evidence: [], status: 'pass', summary: summaryOf(proxied, plateau) };
}

/** Where no event came through at all, they are held back, which is another probe's finding: the origin knows whom it serves. */
function placesOf({ served, asked, streams }: Capacity): number {
  return served > 0 ? served : Math.min(asked, streams);
}

function summaryOf({ streams, slowestMs }: Capacity, plateau: number): string {
  const all =
    plateau === streams ? `${streams} streams` : `${plateau} of ${streams} streams, as many as directly,`;
  const slowest = slowestMs === null ? '' : `, the last first event after ${durationText(slowestMs)}`;
  return `${all} were open at once${slowest}`;
}

function fatesOf({ others }: Capacity): string {
  return Object.entries(others)
    .map(([fate, times]) => `${times} ${FATES[fate] ?? fate}`)
    .join(', ');
}

const FATES: Readonly<Record<string, string>> = {
  waits: 'waited',
  eof: 'ended with no event',
  connect_error: 'could not connect',
  protocol: 'closed without an answer',
};

function measured({ streams, served, asked, slowestMs }: Capacity): Measured {
  return { streams, served, reachedOrigin: asked, slowestFirstEventMs: slowestMs };
}
