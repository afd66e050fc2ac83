import type { HeaderPair } from '../../client/records.ts';
import { type AnswerWritten, beforeVarnish, isVarnish } from './before-varnish.ts';
import type { Hop } from './hop.ts';
import { isNamedIn, MARKS, rankOf } from './marks.ts';
import {
  ALPHABETICAL,
  CONSUMED,
  HTTP_1_0,
  LOWER_CASE,
  LOWER_CASE_FRAMING,
  PADDED_CHUNKS,
} from './reasons.ts';

/** One proxy on the way, as far as it can be told from the others. */
export interface Link {
  /** Who it may be, likeliest first; of one that nothing but `Via` tells of, nobody. */
  candidates: readonly Hop[];
  /** What it calls itself. */
  via?: string;
}

/** The proxies on the way that can be told apart, the client's side first. */
export interface Chain {
  links: readonly Link[];
  /** Whether something shows that order, which is the usual one otherwise. */
  isOrderSeen: boolean;
}

export const NO_CHAIN: Chain = { links: [], isOrderSeen: true };

/** So sure is who stands for a proxy of his own: what is told by less may be another's doing. */
const SURE = 0.7;
/** How chunks are written: by whoever answers the client. */
const OF_THE_FIRST: readonly string[] = [PADDED_CHUNKS, LOWER_CASE_FRAMING];
/** They pass names on as they are written, in the order that they came: who changed them is somebody else. */
const KEEPS_NAMES = new Set([
  'nginx',
  'apache',
  'varnish',
  'squid',
  'lighttpd',
  'h2o',
  'nghttpx',
  'tinyproxy',
]);
/** What is told of both is told of one. */
const MADE_OF: Readonly<Record<string, string>> = {
  fastly: 'varnish',
  bunny: 'nginx',
  next: 'node',
  'google-cloud-run': 'google-lb',
};
/** From here on a proxy is one that somebody runs, and no network or cloud of which it isn't known what else it does. */
const OWN_RANK = 2;

/** The headers that hops were told by. */
interface Headers {
  answered: readonly HeaderPair[];
  /** `Via` entries, the client's side first. */
  via: readonly string[];
  /** All that was answered; absent where an answer may be one of several. */
  written?: AnswerWritten;
  /** The client speaks HTTP/2, and nobody's HTTP/1.1 was seen. */
  isHttp2?: boolean;
}

/** As few proxies as explain what was seen: two only where one can't have done it all. */
export function chainOf(hops: readonly Hop[], headers: Headers): Chain {
  const { via } = headers;
  const named = via.map(
    (entry): Link => ({ candidates: hops.filter(({ product }) => isNamedIn(entry, product)), via: entry }),
  );
  const sure = hops.filter(({ confidence }) => confidence >= SURE);
  const links = sure.reduce((found, hop) => withSure(found, hop), named);
  const manners = unsureGroups(hops).filter((group) => isAnothers(group, links));
  if (links.length === 0) return { links: manners.slice(0, 1), isOrderSeen: true };
  return inOrder([...links, ...manners], headers);
}

/** Whether a proxy that says this may be that product. */
export function isAlike(product: string, other: string): boolean {
  return product === other || MADE_OF[product] === other || MADE_OF[other] === product;
}

/** Who is known by something else may be one that `Via` tells of without a name. */
function withSure(links: readonly Link[], hop: Hop): Link[] {
  if (links.some(({ candidates }) => candidates.includes(hop))) return [...links];
  const alike = links.findIndex(({ candidates }) =>
    candidates.some((one) => isAlike(one.product, hop.product)),
  );
  const nameless = links.findIndex(({ candidates }) => candidates.length === 0);
  const at = alike >= 0 ? alike : nameless;
  if (at < 0) return isOnlyTaken(hop, links) ? [...links] : [...links, { candidates: [hop] }];
  return links.map((link, place) =>
    place === at ? { ...link, candidates: likeliestFirst([...link.candidates, hop]) } : link,
  );
}

/** A header that is gone may have been taken out by a network that takes out others. */
function isOnlyTaken({ because }: Hop, links: readonly Link[]): boolean {
  const others = links.flatMap(({ candidates }) => candidates);
  return (
    because.every((reason) => reason === CONSUMED) && others.some((hop) => rankOf(hop.product) < OWN_RANK)
  );
}

/** Those who share a manner are one proxy, whichever of them it is. */
function unsureGroups(hops: readonly Hop[]): Link[] {
  const unsure = hops.filter(({ confidence }) => confidence < SURE);
  const reasons = [...new Set(unsure.map(({ because }) => because.join()))];
  return reasons.map((reason) => ({
    candidates: likeliestFirst(unsure.filter(({ because }) => because.join() === reason)),
  }));
}

/** Names that were changed, where everybody else who is known passes them on as they are. */
function isAnothers({ candidates }: Link, links: readonly Link[]): boolean {
  if (links.length === 0) return true;
  const byNames = candidates.every(({ because }) =>
    because.every((why) => [LOWER_CASE, ALPHABETICAL].includes(why)),
  );
  const others = links.flatMap((link) => link.candidates.slice(0, 1));
  return byNames && others.length === links.length && others.every(({ product }) => KEEPS_NAMES.has(product));
}

/** How far in a proxy stands: the further, the more. */
interface Depth {
  at: number;
  /** Absent where nothing shows it but where such a product usually stands. */
  isTold?: true;
}

/** Those in `Via` keep their order; each of the others goes before the first that stands further in. */
function inOrder(links: readonly Link[], { answered, written, isHttp2 = false }: Headers): Chain {
  const http10 = links.find(({ candidates }) => candidates[0]?.because.includes(HTTP_1_0));
  const isBeforeHttp10 = (link: Link) => http10 !== undefined && link !== http10;
  const front = written && beforeVarnish(links, written);
  const depthIn = (link: Link): Depth => {
    if (link === front) return { at: OWN_RANK - 0.6, isTold: true };
    return isHttp2 && isVarnish(link)
      ? { at: OWN_RANK + 0.5 }
      : depthOf(link, answered, isBeforeHttp10(link));
  };
  const depths = new Map(links.map((link) => [link, depthIn(link)]));
  const depthOfLink = (link: Link) => depths.get(link) ?? { at: 0 };
  const ordered = links.filter(({ via }) => via !== undefined);
  const others = links
    .filter(({ via }) => via === undefined)
    .sort((a, b) => depthOfLink(a).at - depthOfLink(b).at);
  for (const link of others) {
    const behind = ordered.findIndex((other) => depthOfLink(other).at > depthOfLink(link).at);
    ordered.splice(behind < 0 ? ordered.length : behind, 0, link);
  }
  const isSeen = (link: Link, next: Link | undefined) =>
    next === undefined ||
    isBefore(depthOfLink(link), depthOfLink(next)) ||
    (link.via !== undefined && next.via !== undefined);
  return { links: ordered, isOrderSeen: ordered.every((link, at) => isSeen(link, ordered[at + 1])) };
}

/** More than two of one rank are apart by what they did to each other. */
const RANKS_APART = 0.5;
function isBefore(one: Depth, other: Depth): boolean {
  const apart = other.at - one.at;
  return apart > RANKS_APART || (apart > 0 && one.isTold === true && other.isTold === true);
}

/**
 * Networks of edges, balancers, what runs beside the origin; of equals, by what each did to the others.
 *
 * @param isBeforeHttp10 whether another is known to ask in HTTP/1.0: that one is the last, unless who comes behind passes the
 * version on, as HAProxy does, and Varnish that pipes
 */
function depthOf({ candidates }: Link, answered: readonly HeaderPair[], isBeforeHttp10: boolean): Depth {
  const [likeliest] = candidates;
  if (likeliest === undefined) return { at: OWN_RANK };
  const { product, because } = likeliest;
  const rank = rankOf(product);
  if (because.some((why) => OF_THE_FIRST.includes(why)) || because.includes(ALPHABETICAL))
    return { at: rank - 0.5, isTold: true };
  // Who writes in lower case leaves what is written before him as it is, and lowers what is written behind him.
  if (because.includes(LOWER_CASE)) return { at: rank + 0.2, isTold: true };
  const own = answered.find(([name, value]) =>
    MARKS.some(
      (mark) =>
        mark.product === product &&
        mark.on === 'answer' &&
        mark.header.test(name) &&
        (mark.value ?? /^/).test(value),
    ),
  );
  if (own === undefined) return { at: rank + (isBeforeHttp10 ? -0.2 : 0.2) };
  return { at: own[0] === own[0].toLowerCase() ? rank + 0.4 : rank, isTold: true };
}

function likeliestFirst(hops: readonly Hop[]): Hop[] {
  return [...hops].sort((a, b) => b.confidence - a.confidence);
}
