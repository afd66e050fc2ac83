import type { HeaderPair } from '../../client/records.ts';
import type { ProxyGuess } from '../../results/check/result.ts';
import type { SeenRequest } from '../origin/visit.ts';
import { type Absence, absentFrom, isRuledOut } from './absence.ts';
import type { AnswerSeen } from './answer-seen.ts';
import { guessOf, type Hop } from './hop.ts';
import { type Chain, chainOf } from './links.ts';
import { isNamedIn, MARKS, type Mark, rankOf } from './marks.ts';
import { namesAlone } from './names-alone.ts';
import { passesOwn } from './own-names.ts';
import {
  ALPHABETICAL,
  CONSUMED,
  HTTP_1_0,
  LOWER_CASE,
  LOWER_CASE_FRAMING,
  PADDED_CHUNKS,
} from './reasons.ts';
import { viaInOrder } from './via.ts';

export interface Identified {
  /** Client's side first. */
  hops: readonly Hop[];
  /** The likeliest of them. */
  guess?: ProxyGuess;
  /** Which of them are one proxy, and which are another. */
  chain: Chain;
  /** Who is hardly there. */
  absent: readonly Absence[];
}

/** Headers lie, and many proxies pass the origin's own through: nobody is known for certain by them. */
const MOST_CERTAIN = 0.97;
/** So sure is who explains a manner that others share. */
const EXPLAINS = 0.7;
/** Fewer names than that are in order by chance. */
const FEWEST_IN_ORDER = 5;

/** Who is in between, by what they leave on a request and an answer. A guess: what the probes measure outranks it. */
export function identify(seen: AnswerSeen): Identified {
  const added = seen.proxied.filter((pair) => !seen.direct.some((own) => isSame(own, pair)));
  const asked = seen.request?.headers ?? [];
  // A proxy may write the origin's names in lower case.
  const foreign = added.filter((pair) => !seen.direct.some((own) => isSame(lowered(own), lowered(pair))));
  const isOriginKnown = seen.direct.length > 0;
  const found = [
    ...MARKS.flatMap((mark) => foundBy(mark, mark.on === 'request' ? asked : foreign, isOriginKnown)),
    ...manners(seen, added),
  ];
  const absent = absentFrom(seen);
  const ruledOut = new Set(absent.filter(isRuledOut).map(({ product }) => product));
  // A name outweighs what is not seen of him, a manner does not.
  const told = merged(found).filter((hop) => !ruledOut.has(hop.product) || !hop.because.every(isManner));
  const seenOf = new Set(told.map(({ product }) => product));
  return {
    ...toldBy(told, {
      answered: added,
      via: viaInOrder(asked, added),
      written: { headers: seen.proxied, ...(seen.bodyStart !== undefined && { bodyStart: seen.bodyStart }) },
      isHttp2: seen.clientHttp === '2',
    }),
    absent: absent.filter(({ product }) => !seenOf.has(product)),
  };
}

/** Who is in between by what an answer says of whoever gave it, and by nothing else. */
export function identifyByName(answered: readonly HeaderPair[]): Identified {
  const via = viaInOrder([], answered);
  const marks = MARKS.filter(({ on }) => on === 'answer');
  const found = merged(marks.flatMap((mark) => foundBy(mark, answered)));
  return { ...toldBy(found, { answered, via }), absent: [] };
}

function toldBy(found: readonly Hop[], headers: Parameters<typeof chainOf>[1]): Omit<Identified, 'absent'> {
  const hops = inOrder(withoutExplained(found), headers.via);
  const chain = chainOf(hops, headers);
  const [likeliest] = [...hops].sort((a, b) => b.confidence - a.confidence);
  return { hops, ...(likeliest !== undefined && { guess: guessOf(likeliest) }), chain };
}

function foundBy(mark: Mark, headers: readonly HeaderPair[], isOriginKnown = false): Hop[] {
  return headers.flatMap(([name, value]) => {
    if (!mark.header.test(name)) return [];
    const match = (mark.value ?? /^/).exec(value);
    if (match === null) return [];
    const version = match.groups?.version;
    const because = [`${name.toLowerCase()}-header`];
    const { product, addedConfidence = mark.confidence } = mark;
    const confidence = isOriginKnown ? addedConfidence : mark.confidence;
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
  // Who writes an answer's headers himself has lost all of the origin's, and taken none for himself.
  const arrives = names.some((name) => /^x-accel-buffering$/i.test(name));
  if (accelBufferingSent && !arrives && passesOwn(proxied, direct) !== false) {
    say('nginx', 0.85, CONSUMED);
  }
  if (request?.httpVersion === '1.0') say('nginx', 0.6, HTTP_1_0);
  // The rest is of HTTP/1.1 alone: HTTP/2 has lower-case names and no chunks.
  if (clientHttp === '2') return hops;
  if (direct.length === 0) return [...hops, ...namesAlone(proxied)];
  const lowered = own.filter(
    (name) => !names.includes(name) && names.includes(name.toLowerCase()) && !isFraming(name),
  );
  if (lowered.length > 0 && request?.httpVersion === '1.1' && namesConnectionAsNode(request, proxied)) {
    say('node', 0.7, LOWER_CASE);
  } else if (lowered.length > 0 && request?.headers.some(isClosing) === true) {
    // HAProxy asks so with `option httpclose` or `http-server-close`, which stand in many old configurations.
    say('haproxy', 0.5, LOWER_CASE);
    say('node', 0.35, LOWER_CASE);
  } else if (lowered.length > 0) {
    // Where some names are not, whoever wrote those stands before.
    say('haproxy', 0.4, LOWER_CASE);
    say('node', 0.3, LOWER_CASE);
    say('envoy', 0.25, LOWER_CASE);
  } else if (added.some(([name]) => name === 'transfer-encoding')) {
    say('h2o', 0.6, LOWER_CASE_FRAMING);
  }
  if (names.length >= FEWEST_IN_ORDER && isSorted(names) && !isSorted(direct.map(([name]) => name))) {
    say('caddy', 0.35, ALPHABETICAL);
    say('traefik', 0.35, ALPHABETICAL);
  }
  if (/^0[0-9a-f]{3}\r\n/i.test(bodyStart)) say('varnish', 0.7, PADDED_CHUNKS);
  return hops;
}

/**
 * In HTTP/1.1 Node says to the origin that a connection is to live on, or passes to the client what the origin says of its own,
 * in the origin's place. HAProxy and Envoy say nothing of a connection that may live on, and of one that may not at the end.
 */
function namesConnectionAsNode(request: SeenRequest, proxied: readonly HeaderPair[]): boolean {
  if (request.headers.some(([name, value]) => name === 'connection' && /keep-alive/i.test(value)))
    return true;
  const names = proxied.map(([name]) => name);
  const [said, framed] = [
    names.indexOf('connection'),
    names.findIndex((name) => /^transfer-encoding$/i.test(name)),
  ];
  return said >= 0 && said < framed;
}

function isClosing([name, value]: HeaderPair): boolean {
  return name === 'connection' && /^close$/i.test(value);
}

/** What others may do as well: no name. */
function isManner(reason: string): boolean {
  return [HTTP_1_0, LOWER_CASE, ALPHABETICAL].includes(reason);
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

function lowered([name, value]: HeaderPair): HeaderPair {
  return [name.toLowerCase(), value];
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
    const named = via.findIndex((entry) => isNamedIn(entry, product));
    return named < 0 ? undefined : named;
  };
  return [...hops].sort((a, b) => {
    const [one, other] = [placeOf(a), placeOf(b)];
    if (one !== undefined && other !== undefined && one !== other) return one - other;
    return rankOf(a.product) - rankOf(b.product) || b.confidence - a.confidence;
  });
}
