import type { Ending } from '../../../src/results/bench/metric.ts';
import type { BenchResult } from '../../../src/results/bench/result.ts';
import { against } from '../against-server.ts';
import { type Check, exactly, trusted, within } from '../check.ts';
import {
  chunk,
  event,
  HEAD,
  LAST_CHUNK,
  refusal,
  type Script,
  type ServedAttempt,
  type Step,
  type Turn,
} from '../script.ts';
import { byStream, quantile, stampOf } from '../stamps.ts';
import type { TruthCase } from '../truth-case.ts';

/** How the server leaves its streams, and how each is then told to have ended. */
interface Manner {
  words: string;
  ending: Ending;
  /** What it does after its last event; nothing: it stops answering. */
  last?: Pick<Step, 'write' | 'and'>;
}

export const ENDS_CLEANLY: Manner = {
  words: 'ends cleanly',
  ending: 'eof',
  last: { write: LAST_CHUNK, and: 'finish' },
};
const RESETS: Manner = { words: 'resets', ending: 'reset', last: { and: 'reset' } };
const FALLS_SILENT: Manner = { words: 'stops answering', ending: 'idle' };

interface Load {
  streams: number;
  rampUpMs: number;
  retryMs: number;
  /** From the first event to the last, and from there to the end. */
  beatMs: number;
  seconds: number;
}

const FULL: Load = { streams: 150, rampUpMs: 1_500, retryMs: 500, beatMs: 1_000, seconds: 14 };

/** Outages of each stream; after them it is left in peace. */
const OUTAGES = 2;
/** Connections of each stream: a refused one in every outage. */
const ATTEMPTS = 1 + 2 * OUTAGES;

export const t3: TruthCase = {
  id: 'T3',
  title: 'the server ends, resets or falls silent after 2 s: every outage, and what it is made of',
  run: async (say) => {
    const checks: Check[] = [];
    for (const manner of [ENDS_CLEANLY, RESETS, FALLS_SILENT]) {
      say(`a server that ${manner.words}`);
      checks.push(...(await outages(manner, FULL)));
    }
    return checks;
  },
};

export async function outages(manner: Manner, load: Load): Promise<Check[]> {
  const { words, ending, last } = manner;
  const { streams, rampUpMs, seconds } = load;
  const flags = ['-c', `${streams}`, '--ramp-up', `${rampUpMs}ms`, '--for', `${seconds}s`];
  if (last === undefined) flags.push('--idle-timeout', `${idleMs(load)}ms`);
  const { result, served } = await against(serverThat(manner, load), { streams, load: flags });
  const { counts, endings } = result;
  const happened = byStream(served).flatMap((attempts) => outagesOf(attempts, manner, load));
  const failures = ending === 'eof' ? 1 : 2;
  const checks = [
    exactly('outages that the server made', OUTAGES * streams, happened.length),
    exactly('outages', happened.length, counts.outages),
    exactly('attempts', ATTEMPTS * streams, counts.attempts),
    exactly('attempts that failed', failures * OUTAGES * streams, counts.failedAttempts),
    exactly(`endings: ${ending}`, OUTAGES * streams, endings[ending]),
    exactly('endings: status', OUTAGES * streams, endings.status),
    exactly('endings: open', streams, endings.open),
    exactly('streams open at the end', streams, counts.open),
    exactly(
      'requests with the right Last-Event-ID',
      ATTEMPTS * streams,
      served.filter(asksFromRightEvent).length,
    ),
    ...partsOf(result, happened),
    trusted(result.verdict),
  ];
  return checks.map((check) => ({ ...check, what: `${words}: ${check.what}` }));
}

/** Silence that is taken for an end. */
function idleMs({ beatMs }: Load): number {
  return 1.5 * beatMs;
}

/** Five connections: a stream, a refusal, a stream, a refusal, and a stream that stays. */
function serverThat({ last }: Manner, { beatMs, retryMs }: Load): Script {
  const stream = (first: number): Turn => [
    { name: 'headers', afterMs: 20, write: HEAD + chunk(`retry: ${retryMs}\n\n`) },
    { name: 'event', afterMs: 100, write: event(first) },
    { name: 'last event', afterMs: beatMs, write: event(first + 1) },
    ...(last === undefined ? [] : [{ name: 'end', afterMs: beatMs, ...last }]),
  ];
  const refused: Turn = [{ name: 'refusal', afterMs: 50, write: refusal('503'), and: 'finish' }];
  const alive = Array.from(
    { length: 10 },
    (): Step => ({ name: 'sign', afterMs: beatMs, write: chunk(': \n\n') }),
  );
  const stays: Turn = [
    { name: 'headers', afterMs: 20, write: HEAD },
    { name: 'event', afterMs: 100, write: event(5) },
    ...alive,
  ];
  return [stream(1), refused, stream(3), refused, stays];
}

/** Last event that the stream had before each of its connections. */
const RESUMES_AFTER = ['', '2', '2', '4', '4'];

function asksFromRightEvent({ attempt, lastEventId }: ServedAttempt): boolean {
  return lastEventId === RESUMES_AFTER[attempt];
}

/** What an outage was made of, by the stamps of the server. */
interface Outage {
  reconnect_time: number;
  backoff: number;
  failed_attempts: number;
  reconnect_headers: number;
  reconnect_event: number;
  outage: number;
  silence_before_end: number;
}

function outagesOf(attempts: readonly ServedAttempt[], manner: Manner, load: Load): Outage[] {
  return Array.from({ length: OUTAGES }, (_, index) => {
    const [cut, refused, restored] = attempts.slice(2 * index, 2 * index + 3);
    if (cut === undefined || refused === undefined || restored === undefined) return [];
    const lastEventAt = stampOf(cut, 'last event');
    // Silence is noticed when it has lasted for the idle timeout.
    const endedAt = manner.last === undefined ? lastEventAt + idleMs(load) : stampOf(cut, 'end');
    const refusedAt = stampOf(refused, 'refusal');
    const headersAt = stampOf(restored, 'headers');
    const eventAt = stampOf(restored, 'event');
    return {
      reconnect_time: headersAt - endedAt,
      backoff: refused.acceptedAt - endedAt + restored.acceptedAt - refusedAt,
      failed_attempts: refusedAt - refused.acceptedAt,
      reconnect_headers: headersAt - restored.acceptedAt,
      reconnect_event: eventAt - restored.acceptedAt,
      outage: eventAt - endedAt,
      silence_before_end: endedAt - lastEventAt,
    };
  }).flat();
}

const PARTS = [
  'reconnect_time',
  'backoff',
  'failed_attempts',
  'reconnect_headers',
  'reconnect_event',
  'outage',
  'silence_before_end',
] as const;

function partsOf({ metrics }: BenchResult, happened: readonly Outage[]): Check[] {
  const figures = PARTS.flatMap((part) => {
    const measured = metrics[part];
    const did = happened.map((outage) => outage[part]);
    return [
      exactly(`${part}: values`, did.length, measured?.count),
      within(`${part} p50`, 5, { kind: 'time', expected: quantile(did, 0.5), measured: measured?.p50 }),
      within(`${part} p99`, 5, { kind: 'time', expected: quantile(did, 0.99), measured: measured?.p99 }),
    ];
  });
  const { reconnect_time: whole, backoff, failed_attempts: failed, reconnect_headers: headers } = metrics;
  const sum = (backoff?.mean ?? 0) + (failed?.mean ?? 0) + (headers?.mean ?? 0);
  // Each is recorded to the microsecond.
  const parts = within('backoff + failed_attempts + reconnect_headers, mean', 0.001, {
    kind: 'time',
    expected: whole?.mean ?? Number.NaN,
    measured: sum,
  });
  return [...figures, { ...parts, kind: 'exact' }];
}
