import { headerValue } from '../../../client/headers.ts';
import type { HeaderPair } from '../../../client/records.ts';
import type { Measured } from '../../../results/check/result.ts';
import { HEEDS_ACCEL_BUFFERING } from '../../fixes/origin-lines.ts';
import { HiddenByFault } from '../../not-measurable.ts';
import { isThereTwice, NOT_SHARED, ONE_ALONE } from '../../observation/needed-headers.ts';
import type { ObservedHead } from '../../observation/observation.ts';
import { type Coded, codedOf, isApplied, isStalled, latenessOf } from '../coded-streams.ts';
import { OWN } from '../origins-own.ts';
import {
  NO_STREAM,
  type PassiveJudgement,
  type PassiveProbe,
  type PassiveSeen,
  WHOSE,
} from '../passive-probe.ts';
import type { WaySeen } from '../stream-seen.ts';
import { headOf, whoPassively } from '../who-passively.ts';

const NO_TRANSFORM = /\bno-transform\b/i;
/** Less is a guess. */
const SURE = 0.7;

/** What is wrong with a head, and what it lets others do. */
interface Wrong {
  allows: 'caches' | 'compression' | 'collecting';
  text: string;
  /** The application says it so itself. */
  isOwn: boolean;
}

export const responseHeaders: PassiveProbe = {
  id: 'response-headers',
  title: 'the head of the answer says that this is a stream',
  requirement:
    'Cache-Control keeps caches from storing the stream; nobody in between compresses what the origin says no-transform of; the answer has no Content-Length, and no encoding that nobody asked for; Access-Control-Allow-Origin is there once, if at all.',
  enoughMs: 0,
  compressed: true,
  judge(seen) {
    const { proxied, direct } = seen;
    const head = headOf(proxied);
    if (head === undefined) throw new HiddenByFault(NO_STREAM);
    const own = direct && headOf(direct);
    const packing = packingIn(proxied, direct);
    const wrong = wrongWith(head, packing, own);
    const missing = missingIn(head.headers, knowsAccelBuffering(seen));
    const figures = {
      direct: own === undefined ? {} : measured(own, direct && encodedIn(direct)),
      proxied: measured(head, packing?.encoding),
      runs: 1,
    };
    const isOwn = wrong.length > 0 && wrong.every((each) => each.isOwn);
    const evidence = [
      ...(isOwn ? [{ k: OWN, v: true }] : []),
      ...wrong.map(({ allows }) => ({ k: 'allows', v: allows })),
      ...(missing.length === 0 ? [] : [{ k: 'missing', v: missing.join(', ') }]),
      ...(packing?.by === 'proxy' && forbidsTransforms(head) ? [{ k: 'noTransformIgnored', v: true }] : []),
    ];
    if (isThereTwice(head.headers) && (own === undefined || !isThereTwice(own.headers))) {
      const whose = own === undefined ? `: ${WHOSE}` : '; directly it is there once or not at all';
      const twice = `${ONE_ALONE} is there twice, with which browsers let no page of another origin read the stream${whose}`;
      return {
        ...figures,
        status: 'fail',
        fault: 'headers.cors-twice',
        summary: [twice, ...wrong.map(({ text }) => text)].join('; '),
        evidence: [{ k: 'answerHeaderTwice', v: ONE_ALONE }, ...evidence],
      };
    }
    if (wrong.length === 0) {
      const without = missing.length === 0 ? '' : `, though without ${missing.join(' and ')}`;
      const summary = `the head is one of a stream${without}${packedText(packing)}`;
      return { ...figures, status: 'pass', summary, ...onlyIfPacked(packing, head), evidence };
    }
    return {
      ...figures,
      status: 'warn',
      fault: 'headers.not-of-a-stream',
      summary: `${wrong.map(({ text }) => text).join('; ')}${isOwn ? '; directly it is the same: the application sends it so' : ''}`,
      evidence,
    };
  },
};

/** A stream that is compressed where the client accepts it, and who does that, where it can be told. */
interface Packing {
  encoding: string;
  by: 'proxy' | 'origin' | 'somebody';
  /** Whether events wait for that; nothing where too few came to tell. */
  holds?: boolean;
}

function packingIn(proxied: WaySeen, direct: WaySeen | undefined): Packing | undefined {
  const encoding = encodedIn(proxied);
  if (encoding === undefined) return undefined;
  const holds = holdsIn(codedOf(proxied).filter(isApplied));
  const packing = { encoding, ...(holds !== undefined && { holds }) };
  if (direct?.gzip?.head === undefined) return { ...packing, by: 'somebody' };
  return { ...packing, by: encodedIn(direct) === undefined ? 'proxy' : 'origin' };
}

function holdsIn(applied: readonly Coded[]): boolean | undefined {
  if (applied.some(isStalled)) return true;
  return applied.every((each) => latenessOf(each) !== undefined) ? false : undefined;
}

/** As it is where the client accepts an encoding. */
function encodedIn({ gzip, br }: WaySeen): string | undefined {
  return [gzip, br].map((seen) => seen?.head?.encoding).find((each = 'identity') => each !== 'identity');
}

function packedText(packing: Packing | undefined): string {
  if (packing?.holds !== false) return '';
  return `; it is compressed (${packing.encoding}) where the client accepts it, which holds no event`;
}

/** Who was not forbidden to compress a stream does no wrong by it unless he holds events, which another probe tells of. */
function onlyIfPacked(packing: Packing | undefined, head: ObservedHead): Pick<PassiveJudgement, 'onlyIf'> {
  if (packing === undefined || packing.by === 'origin') return {};
  const { encoding, by, holds } = packing;
  if (!forbidsTransforms(head)) {
    if (holds !== undefined) return {};
    return {
      onlyIf: `only if compression holds no event: the stream is compressed (${encoding}) where the client accepts it, and whether that holds any was not seen here; the probe encoding looks for it`,
    };
  }
  if (by === 'proxy') return {};
  return {
    onlyIf: `only if your application compresses the stream itself: it comes with ${encoding}, and no-transform forbids that to everybody else; --direct URL tells who does it`,
  };
}

function wrongWith(head: ObservedHead, packing: Packing | undefined, own: ObservedHead | undefined): Wrong[] {
  const cacheControl = headerValue(head.headers, 'cache-control');
  const wrong: Wrong[] = [];
  const say = (allows: Wrong['allows'], text: string, isOwn = false) => wrong.push({ allows, text, isOwn });
  if (cacheControl === undefined || !NOT_SHARED.test(cacheControl)) {
    const was = own && headerValue(own.headers, 'cache-control');
    const said =
      cacheControl === undefined ? 'there is no Cache-Control' : `Cache-Control is "${cacheControl}"`;
    const changed = was !== undefined && was !== cacheControl ? `, and "${was}" directly` : '';
    const text = `${said}${changed}: a cache in between may store the stream and hand it to others`;
    say('caches', text, own !== undefined && was === cacheControl);
  }
  if (packing !== undefined && packing.by !== 'origin') {
    const packed = `the stream is compressed (${packing.encoding}) where the client accepts it`;
    if (!forbidsTransforms(head)) {
      if (own !== undefined && forbidsTransforms(own))
        say('compression', `${packed}, and Cache-Control has no no-transform, as it has directly`);
    } else if (packing.by === 'proxy')
      say('compression', `${packed}, though Cache-Control says no-transform, and directly it is not`);
  }
  if (head.encoding !== 'identity')
    say(
      'compression',
      `it is encoded with ${head.encoding}, which nobody asked for`,
      own?.encoding === head.encoding,
    );
  if (head.framing === 'length')
    say(
      'collecting',
      'it has a Content-Length: somebody had all of it before it was sent',
      own?.framing === 'length',
    );
  return wrong;
}

function missingIn(headers: readonly HeaderPair[], withAccelBuffering: boolean): string[] {
  return [
    ...(NO_TRANSFORM.test(headerValue(headers, 'cache-control') ?? '') ? [] : ['no-transform']),
    ...(!withAccelBuffering || headerValue(headers, 'x-accel-buffering')?.trim().toLowerCase() === 'no'
      ? []
      : ['X-Accel-Buffering']),
  ];
}

/** Who knows X-Accel-Buffering is in between, or nobody is known. */
function knowsAccelBuffering(seen: PassiveSeen): boolean {
  const { hops } = whoPassively(seen, undefined);
  const sure = hops.filter(({ confidence }) => confidence >= SURE);
  return sure.length === 0 || sure.some(({ product }) => HEEDS_ACCEL_BUFFERING.includes(product));
}

function forbidsTransforms({ headers }: ObservedHead): boolean {
  return NO_TRANSFORM.test(headerValue(headers, 'cache-control') ?? '');
}

function measured({ headers, encoding, framing, http }: ObservedHead, packed: string | undefined): Measured {
  return {
    http,
    framing,
    encoding,
    ...(packed !== undefined && packed !== encoding && { encodingWhereAccepted: packed }),
    cacheControl: headerValue(headers, 'cache-control') ?? null,
    accelBuffering: headerValue(headers, 'x-accel-buffering') ?? null,
  };
}
