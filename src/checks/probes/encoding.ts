import { DECODABLE_CODINGS } from '../../client/content-coding.ts';
import type { Evidence, Measured } from '../../results/check/result.ts';
import { tenthsOf } from '../duration.ts';
import type { FaultId } from '../faults/fault.ts';
import { type Stretch, UNEVENLY } from '../lateness/arrivals.ts';
import { lagsOf } from '../lateness/lags.ts';
import { isOneBehind } from '../lateness/lateness.ts';
import { type Manner, mannerOf } from '../lateness/manner.ts';
import { HiddenByFault, NotMeasurable } from '../not-measurable.ts';
import { observe } from '../observation/observe.ts';
import { notAsked, wasAsked } from '../observation/origins-answer.ts';
import { type Judgement, type Probe, probe } from '../probe.ts';
import { scripted } from '../ways/scripted.ts';
import type { ProbeContext, Way } from '../ways/way.ts';

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
  /** None of those that came was later. */
  mostMs: number;
  /** In which way they are late, where they are. */
  manner: Manner;
  /** Each came when the next was sent: as late as that is, which is minutes on a quiet stream. */
  oneBehind: boolean;
}

const NO_HEAD = 'none';

/** How each stream is sent. */
type Pace = readonly Stretch[];

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
  measure: (way, context) => measureEncoding(way, context, UNEVENLY),
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
  pace: Pace,
): Promise<Sample> {
  const expected = pace.reduce((sum, { count }) => sum + count, 0);
  const forMs = pace.reduce((sum, { count, everyMs }) => sum + count * everyMs, 0);
  const { coding, sizeBytes, noTransform } = variant;
  const { key, request } = scripted(way, {
    headers: [['Cache-Control', noTransform ? 'no-cache, no-transform' : 'no-cache']],
    // What compresses well stays longest in a compressor.
    steps: pace.map((stretch) => ({ do: 'events', ...stretch, sizeBytes, fill: 'text' })),
  });
  const headers = request.headers.filter(([name]) => name.toLowerCase() !== 'accept-encoding');
  if (coding !== 'identity') headers.push(['Accept-Encoding', coding]);
  const seen = await observe(
    pool,
    { ...request, headers },
    { forMs: forMs + GRACE_MS, until: (so) => so.events.length >= expected, signal },
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
    lagMs: sorted[Math.ceil(expected * 0.75) - 1] ?? null,
    mostMs: sorted.length < expected ? Number.POSITIVE_INFINITY : (sorted.at(-1) ?? 0),
    manner: mannerOf(lags, forMs - (pace.at(-1)?.everyMs ?? 0)),
    oneBehind: isOneBehind(timesOf(seen.events, lags)),
  };
}

/** Of events that each have a lag: none where one is somebody else's. */
function timesOf(events: readonly { at: number }[], lags: readonly number[]) {
  const arrivalsMs = lags.length < events.length ? [] : events.map(({ at }) => at);
  return { arrivalsMs, sentMs: arrivalsMs.map((at, nth) => at - (lags[nth] ?? 0)) };
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
  const isLate = (limitMs: number) => (each: Lateness) => isLater(each, bare, limitMs);
  // Who is one behind with both is so by something else.
  const isBehind = ({ sample }: Lateness) =>
    isCompressed(sample) &&
    isOwnBehind(sample, direct) &&
    !bare.some((each) => isAlike(each.sample, sample) && each.sample.oneBehind);
  const behind = coded.filter(isBehind);
  const held = coded.filter((each) => isLate(HELD_MS)(each) || isBehind(each));
  const late = coded.filter((each) => isLate(LATE_MS)(each) || isBehind(each));
  if (proxied.every(({ applied, lagMs }) => applied === NO_HEAD && lagMs === null)) {
    throw new HiddenByFault('no head and no event came, with compression or without');
  }
  const figures = { direct: measured(direct), proxied: measured(proxied) };
  const heldBare = bare.filter(({ ms, sample }) => ms > HELD_MS || isOwnBehind(sample, direct));
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
  return {
    ...figures,
    status: held.length > 0 ? 'fail' : 'warn',
    fault: 'compression.holds-events',
    summary: `with Accept-Encoding ${listed(late.map(({ sample }) => sample.coding))} events of ${listed(late.map(({ sample }) => `${sample.sizeBytes} B`))} ${howLate(late, behind)}${isCured(late) ? '; no-transform cures it' : ''}`,
    evidence: [
      { k: 'stallsOnlyWhenCompressed', v: !isHeldBare },
      { k: 'noTransformCures', v: isCured(late) },
      { k: 'stalledEncodings', v: listed(late.map(({ sample }) => sample.coding)) },
      { k: 'stalledSizesBytes', v: listed(late.map(({ sample }) => String(sample.sizeBytes))) },
      ...sorts(coded),
      ...(behind.length === 0 ? heldFor(late) : [{ k: 'comesWithTheNext', v: true }]),
    ],
  };
}

/** Later than the same events are without compression: who holds both holds them now longer and now shorter. */
function isLater({ sample, ms }: Lateness, bare: readonly Lateness[], limitMs: number): boolean {
  // What is not compressed no compression holds, where any are held without.
  if (!isCompressed(sample) && bare.some(isLateAnyhow)) return false;
  const same = bare.filter((each) => isAlike(each.sample, sample));
  const isSure = isCompressed(sample) && !same.some(isLateAnyhow);
  return same.every(
    ({ ms: without }) => Number.isFinite(without) && ms - without > (isSure ? limitMs : HELD_MS),
  );
}

/** Where no head came, it may be. */
function isCompressed({ applied }: Sample): boolean {
  return applied !== 'identity';
}

function isLateAnyhow({ sample, ms }: Lateness): boolean {
  return ms > LATE_MS || sample.oneBehind;
}

/** What is one behind has no longest: it is as late as the next is far away. */
function howLate(late: readonly Lateness[], behind: readonly Lateness[]): string {
  const worst = Math.max(...late.map(({ ms }) => ms));
  if (!Number.isFinite(worst)) return 'do not come';
  const later = `up to ${Math.round(worst)} ms later than directly`;
  return behind.length > 0 ? `come one behind: each when the next is sent, here ${later}` : `come ${later}`;
}

/** … though not directly, where the machine would be what makes it look so. */
function isOwnBehind(sample: Sample, direct: readonly Sample[]): boolean {
  return sample.oneBehind && twinOf(sample, direct)?.oneBehind !== true;
}

/** How long at most, where all of them came: what no timer is shorter than that holds them. */
function heldFor(late: readonly Lateness[]): Evidence[] {
  const most = Math.max(...late.map(({ sample }) => sample.mostMs));
  return Number.isFinite(most) ? [{ k: 'stalledForMs', v: Math.round(most) }] : [];
}

/** What holds them without compression, where no other probe tells. */
function faultOf(held: readonly Lateness[]): FaultId {
  const is = (manner: Manner) => held.every(({ sample }) => sample.manner === manner);
  if (held.every(({ sample }) => sample.oneBehind)) return 'buffer.one-behind';
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
