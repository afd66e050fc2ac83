import type { MetricFigures } from '../../../src/results/bench/result.ts';
import { against, type Observed } from '../against-server.ts';
import { type Check, exactly, trusted, within } from '../check.ts';
import type { Script, ServedAttempt, Step, Transport, Turn } from '../script.ts';
import { beginning, between, byStream, mean, quantile, stampOf, timesOf } from '../stamps.ts';
import type { Say, TruthCase } from '../truth-case.ts';

/** How streams travel. */
interface Way {
  words: string;
  transport: Transport;
  /** Of HTTP/2; 1: each has its own. */
  streamsPerConnection: number;
}

export const TLS: Way = { words: 'HTTP/1.1 over TLS', transport: 'https', streamsPerConnection: 1 };
const HTTP2: Way = { words: 'HTTP/2', transport: 'h2', streamsPerConnection: 1 };
export const SHARED: Way = { words: 'HTTP/2, 20 a connection', transport: 'h2', streamsPerConnection: 20 };

interface Load {
  /** In three equal parts: those that stay, those that end, those that are reset; shared connections are full of them. */
  streams: number;
  rampUpMs: number;
  seconds: number;
}

/** A handshake takes either side some milliseconds: more a second would be late by each other. */
const FULL: Load = { streams: 120, rampUpMs: 3_000, seconds: 7 };

export const t11: TruthCase = {
  id: 'T11',
  title: 'TLS and HTTP/2, a stream a connection and twenty: marks, gaps, endings, and how many connections',
  run: async (say: Say) => {
    const checks: Check[] = [];
    for (const way of [TLS, HTTP2, SHARED]) {
      say(way.words);
      checks.push(...(await transports(way, FULL)));
    }
    return checks;
  },
};

const BEAT_MS = 200;
const RETRY_MS = 300;

function eventText(id: number): string {
  return `id: ${id}\ndata: event ${id}\n\n`;
}

function eventStep(id: number, afterMs: number): Step {
  return { name: `event ${id}`, afterMs, say: { text: eventText(id) } };
}

const GREETING = `retry: ${RETRY_MS}\n: hello\n\n`;

const OPENING: Turn = [
  { name: 'headers', afterMs: 60, say: 'headers' },
  { name: 'comment', afterMs: 60, say: { text: GREETING } },
];

/** Six events, whatever becomes of it. */
const FIRST: Turn = [...OPENING, eventStep(1, 60), ...[2, 3, 4, 5, 6].map((id) => eventStep(id, BEAT_MS))];
const AGAIN: Turn = [...OPENING, eventStep(7, 60)];

const STAYS: Script = [FIRST];
const ENDS: Script = [[...FIRST, { name: 'end', afterMs: BEAT_MS, say: 'end' }], AGAIN];
const IS_RESET: Script = [[...FIRST, { name: 'end', afterMs: BEAT_MS, and: 'reset' }], AGAIN];

export async function transports(way: Way, load: Load): Promise<Check[]> {
  const { streams, rampUpMs, seconds } = load;
  const { words, transport, streamsPerConnection } = way;
  const flags = ['-c', `${streams}`, '--ramp-up', `${rampUpMs}ms`, '--for', `${seconds}s`, '-k'];
  if (streamsPerConnection > 1) flags.push('--streams-per-connection', `${streamsPerConnection}`);
  const observed = await against({ scripts: [STAYS, ENDS, IS_RESET], transport }, { streams, load: flags });
  const checks = [
    ...countsOf(observed, way, load),
    ...marksOf(observed, load),
    ...gapsOf(observed),
    ...outagesOf(observed),
    trusted(observed.result.verdict),
  ];
  return checks.map((check) => ({ ...check, what: `${words}: ${check.what}` }));
}

function countsOf({ served, result }: Observed, way: Way, { streams }: Load): Check[] {
  const { counts, endings, metrics } = result;
  const third = streams / 3;
  const attempts = streams + 2 * third;
  const shared = way.streamsPerConnection > 1;
  const connections = shared ? Math.ceil(streams / way.streamsPerConnection) : attempts;
  const accepted = 1 + Math.max(...served.map(({ connection }) => connection));
  return [
    exactly('requests that the server read', attempts, served.length),
    exactly('attempts', attempts, counts.attempts),
    exactly('connections that the server accepted', connections, accepted),
    exactly('time_to_tcp: values, one a connection', connections, metrics.time_to_tcp?.count),
    exactly('time_to_tls: values, one a connection', connections, metrics.time_to_tls?.count),
    exactly('answers over HTTP/2', way.transport === 'h2' ? attempts : 0, counts.http2),
    exactly('events', 6 * streams + 2 * third, counts.events),
    exactly(
      'bytes',
      attempts * GREETING.length + (6 * streams + 2 * third) * eventText(1).length,
      counts.bytes,
    ),
    exactly('endings: eof', third, endings.eof),
    exactly('endings: reset', third, endings.reset),
    exactly('open at the end', streams, counts.open),
    exactly(
      'resumed after event 6',
      2 * third,
      served.filter(({ lastEventId }) => lastEventId === '6').length,
    ),
  ];
}

const MARKS = [
  { metric: 'time_to_headers', stamp: 'headers' },
  { metric: 'time_to_first_byte', stamp: 'comment' },
  { metric: 'time_to_first_event', stamp: 'event' },
] as const;

function marksOf({ served, result }: Observed, { streams, rampUpMs }: Load): Check[] {
  const { metrics } = result;
  const arrivals = served.map((attempt) => ({ ...attempt, acceptedAt: arrivedAt(attempt, served) }));
  const plannedMs = (stream: number) => (stream * rampUpMs) / streams;
  const beganAt = beginning(arrivals, plannedMs);
  /** When the ramp has it start; a reconnect counts from its start. */
  const plannedAt = ({ stream, attempt, acceptedAt }: ServedAttempt) =>
    attempt === 0 ? beganAt + plannedMs(stream) : acceptedAt;
  const makers = arrivals.filter((attempt) => madeConnection(attempt, served));
  return [
    within('time_to_tls p50', 5, {
      kind: 'time',
      expected: quantile(
        makers.map(({ acceptedAt, securedAt = Number.NaN }) => securedAt - acceptedAt),
        0.5,
      ),
      measured: metrics.time_to_tls?.p50,
    }),
    ...MARKS.flatMap(({ metric, stamp }) => [
      exactly(`${metric}: values`, served.length, metrics[metric]?.count),
      ...quantilesOf(
        metric,
        arrivals.map((each) => firstStamp(each, stamp) - each.acceptedAt),
        metrics[metric],
        'lag',
      ),
      // Who comes while its connection is being made waits for it.
      ...quantilesOf(
        `${metric}_from_planned`,
        arrivals.map((each) => firstStamp(each, stamp) - plannedAt(each)),
        metrics[`${metric}_from_planned`],
        'time',
      ),
    ]),
  ];
}

/** As far as the server can see: with its connection, or on one that was there. */
function arrivedAt(attempt: ServedAttempt, served: readonly ServedAttempt[]): number {
  return madeConnection(attempt, served) ? attempt.acceptedAt : attempt.askedAt;
}

/** The server read no request on its connection before. */
function madeConnection({ connection, askedAt }: ServedAttempt, served: readonly ServedAttempt[]): boolean {
  return served.every((other) => other.connection !== connection || other.askedAt >= askedAt);
}

function firstStamp(attempt: ServedAttempt, name: string): number {
  return timesOf(attempt, name)[0] ?? Number.NaN;
}

/** In a connection, and over an end in order. */
function gapsOf({ served, result }: Observed): Check[] {
  const { counts, metrics } = result;
  const did = byStream(served).flatMap((attempts) => {
    const ended = attempts[0]?.stream as number;
    // What was reset has no gap across.
    const spans = ended % 3 === 2 ? attempts.map((attempt) => [attempt]) : [attempts];
    return spans.flatMap((span) => between(span.flatMap((attempt) => timesOf(attempt, 'event'))));
  });
  const gaps = metrics.event_gap;
  return [
    exactly(
      'event gaps, and events that came with others',
      did.length,
      (gaps?.count ?? 0) + counts.coalescedEvents,
    ),
    within('event_gap mean', 5, { kind: 'time', expected: mean(did), measured: gaps?.mean }),
    within('event_gap max', 5, { kind: 'time', expected: Math.max(...did), measured: gaps?.max }),
  ];
}

function outagesOf({ served, result }: Observed): Check[] {
  const did = byStream(served).flatMap(([first, second]) =>
    first === undefined || second === undefined ? [] : [stampOf(second, 'headers') - stampOf(first, 'end')],
  );
  const { reconnect_time: measured } = result.metrics;
  return [
    exactly('reconnect_time: values', did.length, measured?.count),
    ...quantilesOf('reconnect_time', did, measured, 'time'),
  ];
}

function quantilesOf(
  name: string,
  did: readonly number[],
  figures: MetricFigures | undefined,
  kind: Check['kind'],
): Check[] {
  return [
    within(`${name} p50`, 5, { kind, expected: quantile(did, 0.5), measured: figures?.p50 }),
    // The server, too, is late to accept the first few connections.
    within(`${name} p90`, 5, { kind, expected: quantile(did, 0.9), measured: figures?.p90 }),
  ];
}
