import { DECODABLE_CODINGS } from '../../client/content-coding.ts';
import type { Evidence, Measured } from '../../results/check/result.ts';
import { tenthsOf } from '../duration.ts';
import type { FaultId } from '../faults/fault.ts';
import { lagsOf } from '../lags.ts';
import { type Manner, mannerOf } from '../manner.ts';
import { NotMeasurable } from '../not-measurable.ts';
import { observe } from '../observe.ts';
import { notAsked, wasAsked } from '../origins-answer.ts';
import { type Judgement, type Probe, probe } from '../probe.ts';
import { scripted } from '../scripted.ts';
import type { ProbeContext, Way } from '../way.ts';

/** What the client offers to decode; `identity`: nothing. */
type Coding = 'identity' | 'gzip' | 'br' | 'zstd';

/** One stream: what was asked for, and how late its events came. */
interface Sample {
  coding: Coding;
  sizeBytes: number;
  noTransform: boolean;
  /** What the body was encoded with; `NO_HEAD` where nobody can tell. */
  applied: string;
  /** Three of four events came no later; `null`: fewer than that came at all. */
  lagMs: number | null;
  /** In which way they are late, where they are. */
  manner: Manner;
}

const NO_HEAD = 'none';

/** Of each stream. */
interface Pace {
  events: number;
  everyMs: number;
}

const PACE: Pace = { events: 15, everyMs: 100 };
/** Behind the end of a stream, for what was held back until then. */
const GRACE_MS = 3_000;

const CODINGS: readonly Coding[] = ['identity', 'gzip', 'br', 'zstd'];
/** Small events may be too small to be compressed, or held; large ones pass what is held of the small. */
const SIZES_BYTES = [60, 2_048];

/** Later than without compression by so much: held back, or at least for a timer. */
const HELD_MS = 500;
const LATE_MS = 100;

export const encoding: Probe = probe<readonly Sample[]>({
  id: 'encoding',
  title: 'events come at once where the client accepts compression',
  requirement: 'Events are no later with Accept-Encoding (gzip, br, zstd) than without, small or large.',
  seconds: 5,
  load: 'quiet',
  connections: 4,
  measure: (way, context) => measureEncoding(way, context, PACE),
  judge: judgeEncoding,
});

export async function measureEncoding(
  way: Way,
  context: ProbeContext,
  pace: Pace,
): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  for (const coding of CODINGS.filter(isDecodable)) {
    const variants = SIZES_BYTES.flatMap((sizeBytes) =>
      [false, true].map((noTransform) => ({ coding, sizeBytes, noTransform })),
    );
    samples.push(...(await Promise.all(variants.map((variant) => sample(variant, way, context, pace)))));
  }
  return samples;
}

function isDecodable(coding: Coding): boolean {
  return coding === 'identity' || DECODABLE_CODINGS.includes(coding);
}

async function sample(
  variant: Pick<Sample, 'coding' | 'sizeBytes' | 'noTransform'>,
  way: Way,
  { pool, origin, signal }: ProbeContext,
  { events, everyMs }: Pace,
): Promise<Sample> {
  const { coding, sizeBytes, noTransform } = variant;
  const { key, request } = scripted(way, {
    headers: [['Cache-Control', noTransform ? 'no-cache, no-transform' : 'no-cache']],
    // What compresses well stays longest in a compressor.
    steps: [{ do: 'events', count: events, everyMs, sizeBytes, fill: 'text' }],
  });
  const headers = request.headers.filter(([name]) => name.toLowerCase() !== 'accept-encoding');
  if (coding !== 'identity') headers.push(['Accept-Encoding', coding]);
  const seen = await observe(
    pool,
    { ...request, headers },
    { forMs: events * everyMs + GRACE_MS, until: (so) => so.events.length >= events, signal },
  );
  signal.throwIfAborted();
  if (seen.head === undefined && seen.end?.info.by !== 'for') throw new NotMeasurable('no answer came');
  if (!(await wasAsked(origin, key))) throw new NotMeasurable(notAsked(seen.head?.status));
  if (seen.head !== undefined && seen.head.status !== 200) {
    throw new NotMeasurable(`the answer was HTTP ${seen.head.status}`);
  }
  const lags = lagsOf(seen.events, origin);
  const sorted = [...lags].sort((a, b) => a - b);
  return {
    ...variant,
    applied: seen.head?.encoding ?? NO_HEAD,
    lagMs: sorted[Math.ceil(events * 0.75) - 1] ?? null,
    manner: mannerOf(lags, (events - 1) * everyMs),
  };
}

/** How late a stream is, by the proxy; endless where its events never came. */
interface Lateness {
  sample: Sample;
  ms: number;
}

function judgeEncoding(direct: readonly Sample[], proxied: readonly Sample[]): Judgement {
  const all = proxied.map((sample): Lateness => ({ sample, ms: latenessOf(sample, twinOf(sample, direct)) }));
  const bare = all.filter(({ sample }) => sample.coding === 'identity');
  const coded = all.filter(({ sample }) => sample.coding !== 'identity');
  // Late beyond what the same events are without compression.
  const isLate = (limitMs: number) => (each: Lateness) => {
    const without = bare.find(({ sample }) => isAlike(sample, each.sample))?.ms ?? 0;
    return Number.isFinite(without) && each.ms - without > limitMs;
  };
  const held = coded.filter(isLate(HELD_MS));
  const late = coded.filter(isLate(LATE_MS));
  if (proxied.every(({ applied, lagMs }) => applied === NO_HEAD && lagMs === null)) {
    throw new NotMeasurable('no head and no event came, with compression or without');
  }
  const figures = { direct: measured(direct), proxied: measured(proxied) };
  const heldBare = bare.filter(({ ms }) => ms > HELD_MS);
  const isHeldBare = heldBare.length > 0;
  if (late.length === 0 && isHeldBare) {
    return {
      ...figures,
      status: 'fail',
      fault: faultOf(heldBare),
      summary: heldWhatever(heldBare, coded, direct),
      evidence: [
        { k: 'stallsOnlyWhenCompressed', v: false },
        { k: 'heldUncompressed', v: true },
        ...sorts(coded),
      ],
    };
  }
  if (late.length === 0) {
    return {
      ...figures,
      status: 'pass',
      summary: `events come as soon with ${listed(coded.map(({ sample }) => sample.coding))} as without`,
      evidence: [{ k: 'stallsOnlyWhenCompressed', v: false }, ...sorts(coded)],
    };
  }
  const worst = Math.max(...late.map(({ ms }) => ms));
  return {
    ...figures,
    status: held.length > 0 ? 'fail' : 'warn',
    fault: 'compression.holds-events',
    summary: `with Accept-Encoding ${listed(late.map(({ sample }) => sample.coding))} events of ${listed(late.map(({ sample }) => `${sample.sizeBytes} B`))} ${Number.isFinite(worst) ? `come up to ${Math.round(worst)} ms later than directly` : 'do not come'}${isCured(late) ? '; no-transform cures it' : ''}`,
    evidence: [
      { k: 'stallsOnlyWhenCompressed', v: !isHeldBare },
      { k: 'noTransformCures', v: isCured(late) },
      { k: 'stalledEncodings', v: listed(late.map(({ sample }) => sample.coding)) },
      { k: 'stalledSizesBytes', v: listed(late.map(({ sample }) => String(sample.sizeBytes))) },
      ...sorts(coded),
    ],
  };
}

/** What holds them without compression, where no other probe tells. */
function faultOf(held: readonly Lateness[]): FaultId {
  const is = (manner: Manner) => held.every(({ sample }) => sample.manner === manner);
  if (is('at the end')) return 'buffer.until-end';
  return is('ever later') ? 'rate.limit' : 'buffer.threshold';
}

/** Some compress what they take in, and undo it for a client that accepts none: who holds the events then isn't told by this. */
function heldWhatever(
  held: readonly Lateness[],
  coded: readonly Lateness[],
  direct: readonly Sample[],
): string {
  const added = coded.filter(
    ({ sample }) => sample.applied === sample.coding && twinOf(sample, direct)?.applied !== sample.coding,
  );
  const whatever = `events of ${listed(held.map(({ sample }) => `${sample.sizeBytes} B`))} are held whatever the client accepts`;
  return added.length === 0
    ? `${whatever}, and nothing is compressed: it is no compression that holds them`
    : `${whatever}; the proxy compresses them with ${listed(added.map(({ sample }) => sample.coding))} where it may, and its compression may be what holds them all`;
}

function latenessOf(proxied: Sample, direct: Sample | undefined): number {
  return proxied.lagMs === null ? Number.POSITIVE_INFINITY : proxied.lagMs - (direct?.lagMs ?? 0);
}

function twinOf(sample: Sample, others: readonly Sample[]): Sample | undefined {
  return others.find((other) => other.coding === sample.coding && isAlike(other, sample));
}

function isAlike(a: Sample, b: Sample): boolean {
  return a.sizeBytes === b.sizeBytes && a.noTransform === b.noTransform;
}

/** It holds nothing that must not be transformed. */
function isCured(late: readonly Lateness[]): boolean {
  return late.every(({ sample }) => !sample.noTransform);
}

/** What was compressed, and what couldn't be asked for. */
function sorts(coded: readonly Lateness[]): Evidence[] {
  const applied = coded.filter(({ sample }) => sample.applied === sample.coding);
  const missing = CODINGS.filter((coding) => !isDecodable(coding));
  return [
    { k: 'appliedEncodings', v: listed(applied.map(({ sample }) => sample.coding)) },
    ...(missing.length > 0 ? [{ k: 'untestedEncodings', v: listed(missing) }] : []),
  ];
}

function listed(names: readonly string[]): string {
  return [...new Set(names)].join(', ') || 'none';
}

function measured(samples: readonly Sample[]): Measured {
  return Object.fromEntries(
    samples.map(({ coding, sizeBytes, noTransform, lagMs }) => [
      `${coding}${sizeBytes}${noTransform ? 'NoTransform' : ''}LagMs`,
      tenthsOf(lagMs),
    ]),
  );
}
