import type { HeaderPair } from '../client/records.ts';
import type { ProxyGuess } from '../results/check/result.ts';
import { guessOf, type Hop } from './diagnosis/hop.ts';
import { type Chain, chainOf } from './links.ts';
import { MARKS, type Mark, rankOf } from './marks.ts';
import type { SeenRequest } from './origin/visit.ts';
import { viaInOrder } from './via.ts';

/** One answer that came through the proxy, and what is needed to see what was done to it. */
export interface AnswerSeen {
  /** Of the answer through the proxy, and of the same one directly. */
  proxied: readonly HeaderPair[];
  direct: readonly HeaderPair[];
  /** Of HTTP/1.1 only is the case of names the sender's own. */
  clientHttp: '1.0' | '1.1' | '2';
  /** The origin had sent `X-Accel-Buffering`. */
  accelBufferingSent: boolean;
  /** The request as it got to the origin through the proxy. */
  request?: SeenRequest;
  /** How the body began on the wire, chunk framing and all (latin1), where that was seen. */
  bodyStart?: string;
}

export interface Identified {
  /** Client's side first. */
  hops: readonly Hop[];
  /** The likeliest of them. */
  guess?: ProxyGuess;
  /** Which of them are one proxy, and which are another. */
  chain: Chain;
}

/** Headers lie, and many proxies pass the origin's own through: nobody is known for certain by them. */
const MOST_CERTAIN = 0.97;
/** So sure is who explains a manner that others share. */
const EXPLAINS = 0.7;
const HTTP_1_0 = 'origin-asked-in-http-1.0';
/** Fewer names than that are in order by chance. */
const FEWEST_IN_ORDER = 5;

/** Who is in between, by what they leave on a request and an answer. A guess: what the probes measure outranks it. */
export function identify(seen: AnswerSeen): Identified {
  const added = seen.proxied.filter((pair) => !seen.direct.some((own) => isSame(own, pair)));
  const asked = seen.request?.headers ?? [];
  const found = [
    ...MARKS.flatMap((mark) => foundBy(mark, mark.on === 'request' ? asked : added)),
    ...manners(seen, added),
  ];
  const via = viaInOrder(asked, added);
  const hops = inOrder(withoutExplained(merged(found)), via);
  const chain = chainOf(hops, { answered: added, via });
  const [likeliest] = [...hops].sort((a, b) => b.confidence - a.confidence);
  if (likeliest === undefined) return { hops, chain };
  return { hops, guess: guessOf(likeliest), chain };
}

function foundBy(mark: Mark, headers: readonly HeaderPair[]): Hop[] {
  return headers.flatMap(([name, value]) => {
    if (!mark.header.test(name)) return [];
    const match = (mark.value ?? /^/).exec(value);
    if (match === null) return [];
    const version = match.groups?.version;
    const because = [`${name.toLowerCase()}-header`];
    const { product, confidence } = mark;
    return [{ product, confidence, because, ...(version !== undefined && { version }) }];
  });
}

/** How an answer is written, where no header tells by whom. */
function manners(
  { proxied, direct, clientHttp, accelBufferingSent, request, bodyStart = '' }: AnswerSeen,
  added: readonly HeaderPair[],
): Hop[] {
  const names = proxied.map(([name]) => name);
  const own = direct.map(([name]) => name).filter(isCased);
  const hops: Hop[] = [];
  const say = (product: string, confidence: number, reason: string) =>
    hops.push({ product, confidence, because: [reason] });
  if (accelBufferingSent && !names.some((name) => /^x-accel-buffering$/i.test(name))) {
    say('nginx', 0.85, 'x-accel-buffering-consumed');
  }
  if (request?.httpVersion === '1.0') say('nginx', 0.6, HTTP_1_0);
  // The rest is of HTTP/1.1 alone: HTTP/2 has lower-case names and no chunks.
  if (clientHttp === '2') return hops;
  const lowered = own.filter(
    (name) => !names.includes(name) && names.includes(name.toLowerCase()) && !isFraming(name),
  );
  const namesConnection = request?.headers.some(([name]) => name === 'connection') === true;
  // Node asks in HTTP/1.1, in which HAProxy and Envoy say nothing of a connection that may live on.
  if (lowered.length > 0 && namesConnection && request?.httpVersion === '1.1') {
    say('node', 0.7, 'lower-case-names');
  } else if (lowered.length > 0) {
    // Where some names are not, whoever wrote those stands before.
    say('haproxy', 0.4, 'lower-case-names');
    say('node', 0.3, 'lower-case-names');
    say('envoy', 0.25, 'lower-case-names');
  } else if (lowered.length === 0 && added.some(([name]) => name === 'transfer-encoding')) {
    say('h2o', 0.6, 'lower-case-transfer-encoding');
  }
  if (names.length >= FEWEST_IN_ORDER && isSorted(names) && !isSorted(direct.map(([name]) => name))) {
    say('caddy', 0.35, 'alphabetical-names');
    say('traefik', 0.35, 'alphabetical-names');
  }
  if (/^0[0-9a-f]{3}\r\n/i.test(bodyStart)) say('varnish', 0.7, 'zero-padded-chunk-size');
  return hops;
}

/** Of one connection: each proxy writes it anew. */
function isFraming(name: string): boolean {
  return /^(transfer-encoding|connection)$/i.test(name);
}

function isCased(name: string): boolean {
  return name !== name.toLowerCase();
}

/** By Go's order, which is that of the bytes of canonical names; what the server adds by itself comes behind. */
function isSorted(names: readonly string[]): boolean {
  const sent = names.filter((name) => !/^(date|content-length|transfer-encoding|connection)$/i.test(name));
  return sent.every((name, place) => place === 0 || (sent[place - 1] ?? '') <= name);
}

function isSame([oneName, oneValue]: HeaderPair, [name, value]: HeaderPair): boolean {
  return oneName === name && oneValue === value;
}

/** Reasons for the same product add up: each leaves less room for chance. */
function merged(found: readonly Hop[]): Hop[] {
  const hops = new Map<string, Hop>();
  for (const hop of found) {
    const before = hops.get(hop.product);
    const doubt = (1 - (before?.confidence ?? 0)) * (1 - hop.confidence);
    const version = before?.version ?? hop.version;
    hops.set(hop.product, {
      product: hop.product,
      confidence: Math.min(MOST_CERTAIN, Math.round((1 - doubt) * 100) / 100),
      because: [...new Set([...(before?.because ?? []), ...hop.because])],
      ...(version !== undefined && { version }),
    });
  }
  return [...hops.values()];
}

/** Who is suspected for nothing but what somebody surer does, too, is not suspected any more. */
function withoutExplained(hops: readonly Hop[]): Hop[] {
  const sure = hops.filter(({ confidence }) => confidence >= EXPLAINS);
  const explained = new Set(sure.flatMap(({ because }) => because));
  // Whoever is known to be there may be set to ask so.
  if (sure.length > 0) explained.add(HTTP_1_0);
  return hops.filter((hop) => sure.includes(hop) || !hop.because.every((reason) => explained.has(reason)));
}

/** The client's side first: as `Via` tells it, else networks of edges before balancers, and those before what runs beside the origin. */
function inOrder(hops: readonly Hop[], via: readonly string[]): Hop[] {
  const placeOf = ({ product }: Hop) => {
    const named = via.findIndex((entry) =>
      MARKS.some((mark) => mark.product === product && mark.header.test('Via') && mark.value?.test(entry)),
    );
    return named < 0 ? undefined : named;
  };
  return [...hops].sort((a, b) => {
    const [one, other] = [placeOf(a), placeOf(b)];
    if (one !== undefined && other !== undefined && one !== other) return one - other;
    return rankOf(a.product) - rankOf(b.product) || b.confidence - a.confidence;
  });
}
