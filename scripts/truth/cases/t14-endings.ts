import { createServer } from 'node:net';
import type { Ending } from '../../../src/results/bench/metric.ts';
import type { MetricFigures } from '../../../src/results/bench/result.ts';
import { against, type Observed } from '../against-server.ts';
import { BenchCommand } from '../bench-command.ts';
import { type Check, exactly, says, trusted, within } from '../check.ts';
import {
  chunk,
  event,
  HEAD,
  LAST_CHUNK,
  refusal,
  type ServedAttempt,
  type Step,
  type Turn,
} from '../script.ts';
import { beginning } from '../stamps.ts';
import type { TruthCase } from '../truth-case.ts';

/** A way to end, and how it is told. */
interface Fate {
  /** What is done so long behind the last sign of life. */
  turn(lastMs: number): Turn;
  ending: Ending;
  /** As errors are counted; absent: it is none. */
  error?: string;
  /** The answer was a stream. */
  opened: boolean;
}

const IDLE_MS = 1_200;

const OPENING: Turn = [
  { name: 'headers', afterMs: 30, write: HEAD },
  { name: 'event', afterMs: 100, write: event(1) },
];

const UNFRAMED = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n';
const PAGE = 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhello';

function streamWith(end: Omit<Step, 'name' | 'afterMs'>): (lastMs: number) => Turn {
  return (afterMs) => [...OPENING, { name: 'end', afterMs, ...end }];
}

function answerOf(write: string): (lastMs: number) => Turn {
  return (afterMs) => [{ name: 'end', afterMs, write, and: 'finish' }];
}

const FATES: readonly Fate[] = [
  { turn: streamWith({ write: LAST_CHUNK, and: 'finish' }), ending: 'eof', opened: true },
  {
    turn: (afterMs) => [
      { name: 'headers', afterMs: 30, write: `${UNFRAMED}data: 1\n\n` },
      { name: 'end', afterMs, and: 'finish' },
    ],
    ending: 'eof',
    opened: true,
  },
  // Inside an event, and inside the transfer.
  {
    turn: (afterMs) => [
      ...OPENING,
      { name: 'half', afterMs: 50, write: chunk('data: half an ev') },
      { name: 'end', afterMs, write: LAST_CHUNK, and: 'finish' },
    ],
    ending: 'truncated',
    error: 'TRUNCATED',
    opened: true,
  },
  { turn: streamWith({ and: 'finish' }), ending: 'truncated', error: 'TRUNCATED', opened: true },
  { turn: streamWith({ and: 'reset' }), ending: 'reset', error: 'ECONNRESET', opened: true },
  { turn: () => OPENING, ending: 'idle', error: 'IDLE_TIMEOUT', opened: true },
  { turn: () => [], ending: 'idle', error: 'IDLE_TIMEOUT', opened: false },
  { turn: answerOf(refusal('503')), ending: 'status', error: 'HTTP_STATUS HTTP 503', opened: false },
  { turn: answerOf(refusal('404')), ending: 'status', error: 'HTTP_STATUS HTTP 404', opened: false },
  { turn: answerOf(PAGE), ending: 'wrong_type', error: 'WRONG_TYPE', opened: false },
  { turn: answerOf('HTTP/1.1 204 No Content\r\n\r\n'), ending: 'no_content', opened: false },
  { turn: answerOf('no HTTP at all\r\n\r\n'), ending: 'protocol', error: 'NOT_HTTP', opened: false },
  { turn: answerOf(''), ending: 'protocol', error: 'EMPTY_REPLY', opened: false },
  {
    turn: (afterMs) => [{ name: 'end', afterMs, and: 'reset' }],
    ending: 'reset',
    error: 'ECONNRESET',
    opened: false,
  },
  {
    turn: () => [
      ...OPENING,
      ...new Array<Step>(10).fill({ name: 'comment', afterMs: 500, write: chunk(': \n\n') }),
    ],
    ending: 'open',
    opened: true,
  },
];

/** Each fate comes sooner and later: so long behind the last sign of life. */
const LAST_MS = [300, 350, 400, 450, 500];

const FAILURES: readonly Ending[] = ['truncated', 'reset', 'idle', 'status', 'wrong_type', 'protocol'];

interface Load {
  /** They come in a second, each fate as often as any other. */
  streams: number;
  /** From then on nobody comes. */
  restSeconds: number;
}

export const t14a: TruthCase = {
  id: 'T14a',
  title: 'each way to end: how many, how long they lived, after what silence, and by which error',
  run: async (say) => {
    say('every way that a server ends');
    const ends = await endings({ streams: 150, restSeconds: 3 });
    say('no server');
    return [...ends, ...(await nobodyThere(80))];
  },
};

export async function endings({ streams, restSeconds }: Load): Promise<Check[]> {
  const rule = 'error_rate < 1%';
  const scripts = LAST_MS.flatMap((lastMs) => FATES.map(({ turn }) => [turn(lastMs)]));
  const stages = `0s:${streams}/s,1s:${streams}/s,0s:0/s,${restSeconds}s:0/s`;
  const observed = await against(
    { scripts, transport: 'http' },
    {
      streams,
      load: [
        '--stages',
        stages,
        '--reconnect',
        'none',
        '--idle-timeout',
        `${IDLE_MS}ms`,
        '--threshold',
        rule,
      ],
    },
  );
  const { result, served } = observed;
  const fates = served.map(fateOf);
  const failed = fates.filter(({ ending }) => FAILURES.includes(ending)).length;
  const [judged] = result.thresholds;
  return [
    exactly('requests that the server read', streams, served.length),
    exactly('attempts', streams, result.counts.attempts),
    exactly('attempts that failed', failed, result.counts.failedAttempts),
    exactly('streams that failed', failed, result.counts.failed),
    exactly('never opened', fates.filter(({ opened }) => !opened).length, result.counts.neverOpened),
    says(
      rule,
      `${((100 * failed) / streams).toFixed(3)} % fails`,
      `${judged?.seen?.toFixed(3)} % ${judged?.pass ? 'holds' : 'fails'}`,
    ),
    ...errorsOf(observed),
    ...[...new Set(FATES.map(({ ending }) => ending))].flatMap((ending) =>
      endingOf(observed, ending, 1000 * (1 + restSeconds), streams),
    ),
    trusted(result.verdict),
  ];
}

function fateOf({ stream }: ServedAttempt): Fate {
  return FATES[stream % FATES.length] as Fate;
}

function errorsOf({ result, served }: Observed): Check[] {
  const kinds = new Set(FATES.flatMap(({ error }) => error ?? []));
  const counted = new Map(
    result.errors.map(({ code, sample, count }) => [
      code === 'HTTP_STATUS' ? `${code} ${sample.slice(0, 8)}` : code,
      count,
    ]),
  );
  return [
    ...[...kinds].map((kind) =>
      exactly(
        `errors: ${kind}`,
        served.filter((attempt) => fateOf(attempt).error === kind).length,
        counted.get(kind),
      ),
    ),
    exactly('kinds of errors', kinds.size, counted.size),
  ];
}

/** How many ended so, after what life, and after what silence. */
function endingOf({ result, served }: Observed, ending: Ending, runMs: number, perSecond: number): Check[] {
  const such = served.filter((attempt) => fateOf(attempt).ending === ending);
  const endsAt = beginning(served, (stream) => (1000 * stream) / perSecond) + runMs;
  const lives = such.map((attempt) => endOf(attempt, endsAt) - attempt.acceptedAt);
  const cuts = such
    .filter((attempt) => fateOf(attempt).opened)
    .map((attempt) => endOf(attempt, endsAt) - lastSignOf(attempt));
  const figures = result.metrics.lifetime[ending];
  const shortest = result.shortestCut[ending];
  return [
    exactly(`${ending}: attempts`, such.length, result.endings[ending]),
    exactly(`${ending}: lifetimes`, lives.length, figures?.count),
    ...lifetimesOf(ending, lives, figures),
    ...(cuts.length === 0 || ending === 'open'
      ? [says(`${ending}: shortest silence before it`, 'none', String(shortest ?? 'none'))]
      : [
          within(`${ending}: shortest silence before it`, 5, {
            kind: 'time',
            expected: Math.min(...cuts),
            measured: shortest,
          }),
        ]),
  ];
}

function lifetimesOf(ending: Ending, lives: readonly number[], figures: MetricFigures | undefined): Check[] {
  const sum = lives.reduce((total, life) => total + life, 0);
  const both = [
    ['min', Math.min(...lives)],
    ['mean', sum / lives.length],
  ] as const;
  return both.map(([name, expected]) =>
    within(`${ending}: lifetime ${name}`, 5, { kind: 'time', expected, measured: figures?.[name] }),
  );
}

/** When the server ended it, or the client was to. */
function endOf(attempt: ServedAttempt, endsAt: number): number {
  const { ending } = fateOf(attempt);
  if (ending === 'open') return endsAt;
  if (ending === 'idle') return lastSignOf(attempt) + IDLE_MS;
  return attempt.stamps.at(-1)?.at ?? Number.NaN;
}

function lastSignOf({ acceptedAt, stamps }: ServedAttempt): number {
  return stamps.filter(({ name }) => name !== 'end').at(-1)?.at ?? acceptedAt;
}

/** Nobody listens where they connect to. */
async function nobodyThere(streams: number): Promise<Check[]> {
  const { result } = await new BenchCommand({
    url: `http://127.0.0.1:${await closedPort()}/`,
    streams,
    load: ['-r', `${streams}/s`, '--for', '1s', '--reconnect', 'none'],
  }).ended;
  const [error] = result.errors;
  const checks = [
    exactly('endings: connect_error', streams, result.endings.connect_error),
    exactly('errors: ECONNREFUSED', streams, error?.code === 'ECONNREFUSED' ? error.count : 0),
    exactly('streams that failed', streams, result.counts.failed),
    exactly('never opened', streams, result.counts.neverOpened),
    exactly('headers that came', 0, result.metrics.time_to_headers?.count ?? 0),
  ];
  return checks.map((check) => ({ ...check, what: `no server: ${check.what}` }));
}

/** One that was free just now. */
function closedPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}
