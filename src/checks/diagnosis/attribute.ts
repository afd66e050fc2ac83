import type { Cause, CheckResult, Fix, ProbeResult } from '../../results/check/result.ts';
import { placeOf } from '../fixes/place.ts';
import { PRODUCTS } from '../fixes/products.ts';
import { type Chain, isAlike, type Link } from '../links.ts';
import { guessOf, type Hop } from './hop.ts';
import { isListed } from './unlisted.ts';

/** Who has such a share of the causes does it. */
const TELLING = 0.7;
/** Fixes that go elsewhere than into a proxy. */
const ELSEWHERE = new Set(['origin', 'client']);

/** What was found, and at which of the proxies on the way. */
export type Attributed = Pick<CheckResult, 'results'> & {
  path: Pick<CheckResult['path'], 'proxies' | 'proxyOrder'>;
};

/** Tells of each cause and fix which of several proxies it is for, where that can be told. Behaviour may give away one more. */
export function attribute(results: readonly ProbeResult[], chain: Chain): Attributed {
  const { links, isOrderSeen } = withBetrayed(chain, results);
  const proxies = links.map(({ candidates, via }) => ({
    candidates: candidates.map(guessOf),
    ...(via !== undefined && { via }),
  }));
  if (links.length < 2) return { results, path: { proxies } };
  return {
    results: results.map((result) => attributed(result, links)),
    path: { proxies, proxyOrder: isOrderSeen ? 'seen' : 'assumed' },
  };
}

function attributed(result: ProbeResult, links: readonly Link[]): ProbeResult {
  const causes = result.causes.map((cause) => at(cause, placeIn(links, productOf(cause))));
  const fixes = result.fixes.map((fix) => at(fix, placeOfFix(fix, causes)));
  const shares = links.map((_, place) =>
    causes.filter(({ proxy }) => proxy === place + 1).reduce((sum, { confidence }) => sum + confidence, 0),
  );
  const telling = shares.findIndex((share) => share >= TELLING);
  return { ...result, causes, fixes, ...(telling >= 0 && { proxy: telling + 1 }) };
}

function at<T extends object>(what: T, proxy: number | undefined): T & { proxy?: number } {
  return proxy === undefined ? what : { ...what, proxy };
}

/** From 1; nothing where none of the proxies may be that product, or several. */
function placeIn(links: readonly Link[], product: string): number | undefined {
  const may = links.flatMap((link, place) => (mayBe(link, product) ? [place + 1] : []));
  return may.length === 1 ? may[0] : undefined;
}

function placeOfFix({ where, line }: Fix, causes: readonly Cause[]): number | undefined {
  if (ELSEWHERE.has(where)) return undefined;
  return causes.find((cause) => {
    const product = PRODUCTS.find(({ id }) => id === productOf(cause));
    const kind = product?.causes.find(({ id }) => id === cause.id);
    return kind?.fixes.some((fix) => fix.line === line && product && placeOf(product, fix) === where);
  })?.proxy;
}

/** Who is given away by what none of those who are known does stands there, too: behind them, as far as anybody knows. */
function withBetrayed({ links: known, isOrderSeen }: Chain, results: readonly ProbeResult[]): Chain {
  let links = known;
  for (const { fault, causes } of results) {
    const [first] = causes;
    if (fault === undefined || first === undefined || !isListed(first)) continue;
    if (first.confidence < TELLING) continue;
    const hop: Hop = { product: productOf(first), confidence: first.confidence, because: [first.id] };
    const places = links.filter((link) => mayBe(link, hop.product));
    if (places.length === 1) links = links.map((link) => (link === places[0] ? surer(link, hop) : link));
    else if (places.length === 0 && links.every(({ candidates }) => cannot(candidates, fault, first)))
      links = [...links, { candidates: [hop] }];
  }
  return { links, isOrderSeen: isOrderSeen && links.length === known.length };
}

/** Whether somebody is known by name, and none of his causes of that fault is left. */
function cannot([likeliest]: readonly Hop[], fault: string, { ruledOut }: Cause): boolean {
  if (likeliest === undefined || likeliest.confidence < TELLING) return false;
  const product = PRODUCTS.find(({ id }) => id === likeliest.product);
  const able = product?.causes.filter(
    ({ id, faults }) => faults.some((each) => each === fault) && !ruledOut.includes(id),
  );
  return able?.length === 0;
}

/** What a proxy does tells which of several it is. */
function surer(link: Link, { product, confidence, because }: Hop): Link {
  if (link.candidates.length === 1) return link;
  const [own] = link.candidates.filter((hop) => hop.product === product);
  if (own === undefined) return link;
  const told = {
    ...own,
    confidence: Math.max(own.confidence, confidence),
    because: [...new Set([...own.because, ...because])],
  };
  const left = Math.round((1 - told.confidence) * 100) / 100;
  const others = link.candidates.filter((hop) => hop !== own);
  return {
    ...link,
    candidates: [told, ...others.map((hop) => ({ ...hop, confidence: Math.min(hop.confidence, left) }))],
  };
}

function mayBe({ candidates }: Link, product: string): boolean {
  const looksLike = PRODUCTS.find(({ id }) => id === product)?.looksLike ?? [];
  return candidates.some((hop) => isAlike(hop.product, product) || looksLike.includes(hop.product));
}

function productOf({ id }: Cause): string {
  return id.slice(0, id.indexOf('.'));
}
