import { BenchCommand, type BenchRun } from '../bench-command.ts';
import { type Check, exactly, says, trusted, within } from '../check.ts';
import type { Passed, PassedOn, Passing, Share } from '../passing.ts';
import { ServerProcess } from '../server-process.ts';
import { quantile } from '../stamps.ts';
import type { TruthCase } from '../truth-case.ts';

const PROGRAM = new URL('../passing-server-process.ts', import.meta.url);

interface Load {
  streams: number;
  rampUpMs: number;
  seconds: number;
}

const PER_SECOND = 10;
/** The streams are there by then. */
const FIRST = 15;
/** So many are refused before the end: what came before has come. */
const LAST_REFUSED = 10;

/** The end of the run in which nothing is published. */
const QUIET_MS = 250;

/** Each stream has had events for a while when it begins to lack some. */
const SHARES: readonly Share[] = [
  { delayMs: 20 },
  { delayMs: 60 },
  { delayMs: 20, dropped: [24, 28, 29, 30, 34] },
  { delayMs: 20, repeated: [18, 27, 36] },
  { delayMs: 20, until: 45 },
  { delayMs: 20, until: 0 },
  { delayMs: 20, endsBehind: 24 },
  { delayMs: 60, dropped: [27, 32], repeated: [29] },
];

function serverFor({ seconds }: Load): Passing {
  const planned = Math.ceil((seconds - QUIET_MS / 1000) * PER_SECOND);
  const last = Array.from({ length: LAST_REFUSED }, (_, back) => planned - back);
  return { first: FIRST, refused: [26, 33, ...last], shares: SHARES };
}

export const t13: TruthCase = {
  id: 'T13',
  title: 'published events come late, not at all, twice: latency, and what is missing where',
  run: () => publishing({ streams: 160, rampUpMs: 800, seconds: 8 }),
};

export async function publishing(load: Load): Promise<Check[]> {
  const { run, did } = await publishTo(serverFor(load), load);
  const { counts, delivery, publish, metrics, censored, verdict } = run.result;
  const { published } = did;
  const accepted = published.filter((each) => each.accepted);
  const latencies = latenciesOf(did);
  const delivered = deliveredOf(did, load);
  const { delivery_latency: measured } = metrics;
  const all = [...latencies, ...new Array<number>(delivered.late.length).fill(Number.POSITIVE_INFINITY)];
  return [
    exactly('events that were sent', published.length, (publish?.planned ?? 0) - (publish?.notStarted ?? 0)),
    exactly('of them taken', accepted.length, publish?.published),
    exactly('of them refused', published.length - accepted.length, publish?.failed),
    exactly('refusals of one kind', published.length - accepted.length, publish?.errors[0]?.count),
    within('read by the server after its stamp, p50', 3, {
      kind: 'time',
      expected: 0,
      measured: quantile(
        published.map(({ readAt, sentAt }) => readAt - sentAt),
        0.5,
      ),
    }),
    exactly('events', did.passed.length, counts.events),
    exactly('received', delivered.received, delivery?.received),
    exactly('missing', delivered.missing, delivery?.missing),
    exactly('duplicated', delivered.duplicated, delivery?.duplicated),
    exactly('replayed', delivered.replayed, delivery?.replayed),
    exactly('partial', delivered.partial, delivery?.partial),
    exactly('unreached', load.streams / SHARES.length, delivery?.unreached),
    says(
      'delivery rate',
      rate(delivered.received / (delivered.received + delivered.missing)),
      rate(delivery?.rate ?? Number.NaN),
    ),
    exactly('delivery_latency: values', latencies.length, measured?.count),
    exactly('events that had not come by the end', delivered.late.length, censored.delivery_latency?.count),
    within('the longest of them', 5, {
      kind: 'time',
      expected: Math.max(...delivered.late),
      measured: censored.delivery_latency?.longest,
    }),
    ...([50, 90] as const).map((percent) =>
      within(`delivery_latency p${percent}`, 5, {
        kind: 'lag',
        expected: quantile(all, percent / 100),
        measured: measured?.[`p${percent}`],
      }),
    ),
    within('delivery_latency min', 5, {
      kind: 'lag',
      expected: Math.min(...latencies),
      measured: measured?.min,
    }),
    within('delivery_latency max', 5, {
      kind: 'lag',
      expected: Math.max(...latencies),
      measured: measured?.max,
    }),
    exactly('open at the end', load.streams, counts.open),
    trusted(verdict),
  ];
}

function rate(share: number): string {
  return share.toFixed(6);
}

async function publishTo(
  passing: Passing,
  { streams, rampUpMs, seconds }: Load,
): Promise<{ run: BenchRun; did: PassedOn }> {
  const server = await ServerProcess.start<PassedOn>(PROGRAM, passing);
  try {
    const url = `http://127.0.0.1:${server.port}/`;
    const load = ['-c', `${streams}`, '--ramp-up', `${rampUpMs}ms`, '--for', `${seconds}s`, '--workers', '1'];
    load.push('--publish', `${url}publish`, '--publish-rate', `${PER_SECOND}/s`);
    const run = await new BenchCommand({ url, streams, load }).ended;
    return { run, did: await server.told() };
  } finally {
    server.stop();
  }
}

/** From its stamp until it was written, each time that it was. */
function latenciesOf({ published, passed }: PassedOn): number[] {
  const sentAt = new Map(published.map((each) => [each.n, each.sentAt]));
  return passed.map(({ n, at }) => at - (sentAt.get(n) ?? Number.NaN));
}

/** What the streams were given, and what they were owed besides. */
interface Delivered {
  received: number;
  missing: number;
  duplicated: number;
  replayed: number;
  /** Numbers that some streams had and others lack. */
  partial: number;
  /** Of what was sent behind the last one of a stream: for how long it had not come. */
  late: readonly number[];
}

function deliveredOf({ published, passed }: PassedOn, { seconds }: Load): Delivered {
  // None is sent before its time.
  const beganAt = Math.min(...published.map(({ n, sentAt }) => sentAt - (1000 * (n - 1)) / PER_SECOND));
  const endsAt = beganAt + 1000 * seconds;
  const owed = published.filter(({ accepted, sentAt }) => accepted && sentAt <= endsAt - QUIET_MS);
  const sum: Omit<Delivered, 'partial'> & { late: number[] } = {
    ...{ received: 0, missing: 0, duplicated: 0, replayed: 0, late: [] },
  };
  const lacking = new Set<number>();
  for (const got of byStream(passed)) {
    const firsts = new Map<number, Passed>();
    for (const each of got) {
      const before = firsts.get(each.n);
      if (before === undefined) firsts.set(each.n, each);
      else sum[before.attempt === each.attempt ? 'duplicated' : 'replayed'] += 1;
    }
    const highest = Math.max(...firsts.keys());
    const missing = owed.filter(({ n }) => n >= FIRST && !firsts.has(n));
    for (const { n } of missing) lacking.add(n);
    sum.received += firsts.size;
    sum.missing += missing.length;
    sum.late.push(...missing.filter(({ n }) => n > highest).map(({ sentAt }) => endsAt - sentAt));
  }
  return { ...sum, partial: lacking.size };
}

function byStream(passed: readonly Passed[]): Passed[][] {
  const streams = new Map<number, Passed[]>();
  for (const each of passed) streams.set(each.stream, [...(streams.get(each.stream) ?? []), each]);
  return [...streams.values()];
}
