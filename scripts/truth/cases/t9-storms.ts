import type { Storm } from '../../../src/results/bench/result.ts';
import { against, type Observed } from '../against-server.ts';
import { type Check, exactly, says, trusted, within } from '../check.ts';
import { chunk, event, HEAD, refusal, type Script, type ServedAttempt, type Turn } from '../script.ts';
import { byStream, stampOf } from '../stamps.ts';
import type { TruthCase } from '../truth-case.ts';

/** Streams come back so long after they were cut, those of each script apart from the others: a herd would keep itself waiting. */
const RETRY_MS = 300;
const APART_MS = 40;
/** And once more so long after they were refused. */
const RETRY_AFTER_SECONDS = 1;

interface Load {
  streams: number;
  /** Of them, those that are cut. */
  share: string;
  workers: number;
}

/** All in whole seconds: windows of the run are seconds since the storm. */
const RAMP_UP_S = 1;
const STORM_S = 3;
const SECONDS = 7;

/** @param nth of the scripts */
function streamOf(nth: number): Turn {
  return [
    { name: 'headers', afterMs: 20, write: HEAD + chunk(`retry: ${RETRY_MS + APART_MS * nth}\n\n`) },
    { name: 'event', afterMs: 20, write: event(1) },
  ];
}

/** Told to try again so much later. */
function refused(status: string): Turn {
  const write = refusal(status, [`Retry-After: ${RETRY_AFTER_SECONDS}`]);
  return [{ name: `refusal ${status}`, afterMs: 5, write, and: 'finish' }];
}

const BUSY = refused('503');
const TOO_MANY = refused('429');

/** Those of the last script are refused when they come, which is no part of a storm. */
const ALL_COME_BACK: readonly Script[] = [
  [streamOf(0), BUSY, streamOf(0)],
  [streamOf(1), TOO_MANY, streamOf(1)],
  [streamOf(2), BUSY, BUSY, streamOf(2)],
  [streamOf(3)],
  [streamOf(4)],
  [streamOf(5)],
  [BUSY, streamOf(6)],
];

const SOME_STAY_AWAY: readonly Script[] = [[streamOf(0), BUSY], [streamOf(1)], [streamOf(2)], [streamOf(3)]];

export const t9: TruthCase = {
  id: 'T9',
  title: 'a storm: how long until half, 95 % and all are back, and what met them',
  run: async (say) => {
    say('a storm from which all come back');
    const back = await storm({ streams: 420, share: '50%', workers: 2 });
    say('a storm from which some never do');
    return [...back, ...(await lastingStorm({ streams: 60, share: '100%', workers: 1 }))];
  },
};

export async function storm(load: Load): Promise<Check[]> {
  const observed = await stormOn(ALL_COME_BACK, load);
  const { served, result } = observed;
  const did = whatHappened(served);
  const { cut, back } = did;
  return [
    ...counts(observed, did),
    ...([50, 95, 100] as const).map((percent) =>
      within(`until ${percent} % were back`, 5, {
        kind: 'lag',
        expected: back[Math.ceil((percent / 100) * cut.length) - 1] ?? Number.NaN,
        measured: result.storm?.[`back${percent}`],
      }),
    ),
    within('until the last was cut', 5, {
      kind: 'time',
      expected: Math.max(...cut.map(({ at }) => at)) - did.beganAt,
      measured: result.storm?.cutWithin,
    }),
    exactly('open at the end', load.streams, result.counts.open),
    exactly('outages', cut.length, result.counts.outages),
    exactly('outages that were over', cut.length, result.metrics.outage?.count),
    trusted(result.verdict),
  ];
}

/** Of a quarter that never comes back nobody says when it was. */
async function lastingStorm(load: Load): Promise<Check[]> {
  const observed = await stormOn(SOME_STAY_AWAY, load);
  const { served, result } = observed;
  const did = whatHappened(served);
  const { cut, back } = did;
  const away = cut.length - back.length;
  const checks = [
    ...counts(observed, did),
    within('until 50 % were back', 5, {
      kind: 'lag',
      expected: back[Math.ceil(0.5 * cut.length) - 1] ?? Number.NaN,
      measured: result.storm?.back50,
    }),
    says('until 95 % were back', 'never', neverOr(result.storm?.back95)),
    says('until 100 % were back', 'never', neverOr(result.storm?.back100)),
    exactly('outages cut short by the end of the run', away, result.censored.outage?.count),
  ];
  return checks.map((check) => ({ ...check, what: `some stay away: ${check.what}` }));
}

function neverOr(ms: number | null | undefined): string {
  return ms === null ? 'never' : String(ms);
}

async function stormOn(
  scripts: readonly Script[],
  { streams, share, workers }: Load,
): Promise<Observed & { result: { storm?: Storm } }> {
  const load = ['-c', `${streams}`, '--ramp-up', `${RAMP_UP_S}s`, '--for', `${SECONDS}s`, '--seed', '9'];
  load.push('--drop-at', `${STORM_S}s:${share}`, '--workers', `${workers}`);
  return against({ scripts, transport: 'http' }, { streams, load });
}

/** A storm as the server saw it, from the first stream that left. */
interface Happened {
  beganAt: number;
  /** Those that were cut, and what came of each until it was back. */
  cut: readonly { at: number; refusals: readonly ServedAttempt[] }[];
  /** When each was back, since the beginning, in their order. */
  back: readonly number[];
  /** Most attempts in a second of the run since then. */
  peak: number;
}

function whatHappened(served: readonly ServedAttempt[]): Happened {
  const cut = byStream(served).flatMap((attempts) => {
    const held = attempts.findIndex((attempt, index) => isStream(attempt) && index < attempts.length - 1);
    const at = attempts[held]?.leftAt;
    if (at === undefined) return [];
    const later = attempts.slice(held + 1);
    const refusals = later.filter((attempt) => !isStream(attempt));
    return [{ at, refusals, restored: later.find(isStream) }];
  });
  const beganAt = Math.min(...cut.map(({ at }) => at));
  const back = cut.flatMap(({ restored }) =>
    restored === undefined ? [] : [stampOf(restored, 'headers') - beganAt],
  );
  const perSecond = Array.from({ length: SECONDS - STORM_S }, (_, second) => {
    const from = beganAt + 1000 * second;
    return served.filter(({ acceptedAt }) => acceptedAt >= from && acceptedAt < from + 1000).length;
  });
  return { beganAt, cut, back: back.sort((one, other) => one - other), peak: Math.max(...perSecond) };
}

function isStream({ stamps }: ServedAttempt): boolean {
  return stamps.some(({ name }) => name === 'headers');
}

function counts({ result, served }: Observed, { cut, back, peak }: Happened): Check[] {
  const { storm: figures } = result;
  const refusals = cut.flatMap(({ refusals }) => refusals.flatMap(({ stamps }) => stamps));
  const withStatus = (status: number) => refusals.filter(({ name }) => name === `refusal ${status}`).length;
  const anywhere = served.filter((attempt) => !isStream(attempt)).length;
  return [
    exactly('streams that were cut', cut.length, figures?.cut),
    exactly('streams that came back', back.length, figures?.back),
    exactly('answers 429 to them', withStatus(429), figures?.status429),
    exactly('answers 503 to them', withStatus(503), figures?.status503),
    exactly('refusals in the whole run', anywhere, result.endings.status),
    exactly('attempts', served.length, result.counts.attempts),
    exactly('most attempts in a second', peak, figures?.peakAttemptsPerSecond),
  ];
}
