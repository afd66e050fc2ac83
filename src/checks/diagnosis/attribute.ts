import type { Cause, CheckResult, Fix, ProbeResult } from '../../results/check/result.ts';
import { guessOf, type Hop } from '../between/hop.ts';
import { type Chain, isAlike, type Link } from '../between/links.ts';
import type { FaultId } from '../faults/fault.ts';
import { placeOf } from '../fixes/place.ts';
import { PRODUCTS } from '../fixes/products.ts';
import { type Betrayed, surer, TELLING } from './behaviour.ts';
import { productOf } from './cause-id.ts';

/** Fixes that go elsewhere than into a proxy. */
const ELSEWHERE = new Set(['origin', 'client']);

/** What was found, and at which of the proxies on the way. */
export type Attributed = Pick<CheckResult, 'results'> & {
  path: Pick<CheckResult['path'], 'proxies' | 'proxyOrder' | 'guess'>;
};

/**
 * Tells of each cause and fix which of several proxies it is for, where that can be told.
 *
 * @param betrayed whom the behaviour gives away: one of those who are known, or one more
 */
export function attribute(
  results: readonly ProbeResult[],
  chain: Chain,
  betrayed: readonly Betrayed[],
): Attributed {
  const { links, isOrderSeen } = withBetrayed(chain, results, betrayed);
  const proxies = links.map(({ candidates, via }) => ({
    candidates: candidates.map(guessOf),
    ...(via !== undefined && { via }),
  }));
  const [likeliest] = links.flatMap(({ candidates }) => candidates).toSorted(byConfidence);
  const guess = likeliest === undefined ? {} : { guess: guessOf(likeliest) };
  if (links.length < 2) return { results, path: { proxies, ...guess } };
  return {
    results: results.map((result) => attributed(result, links)),
    path: { proxies, ...guess, proxyOrder: isOrderSeen ? 'seen' : 'assumed' },
  };
}

function attributed(result: ProbeResult, links: readonly Link[]): ProbeResult {
  const causes = result.causes.map((cause) => at(cause, placeIn(links, productOf(cause.id))));
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
    const product = PRODUCTS.find(({ id }) => id === productOf(cause.id));
    const kind = product?.causes.find(({ id }) => id === cause.id);
    return kind?.fixes.some((fix) => fix.line === line && product && placeOf(product, fix) === where);
  })?.proxy;
}

/** Who is given away by what none of those who are known does stands there, too: behind them, as far as anybody knows. */
function withBetrayed(
  { links: known, isOrderSeen }: Chain,
  results: readonly ProbeResult[],
  betrayed: readonly Betrayed[],
): Chain {
  let links = known;
  for (const { fault, hop } of betrayed) {
    const places = links.filter((link) => mayBe(link, hop.product));
    const ruledOut = results.flatMap((result) =>
      result.fault === fault ? (result.causes[0]?.ruledOut ?? []) : [],
    );
    if (places.length === 1) links = links.map((link) => (link === places[0] ? withSurer(link, hop) : link));
    else if (places.length === 0 && links.every(({ candidates }) => cannot(candidates, fault, ruledOut)))
      links = [...links, { candidates: [hop] }];
  }
  return { links, isOrderSeen: isOrderSeen && links.length === known.length };
}

/** What a proxy does tells which of several it is. */
function withSurer(link: Link, hop: Hop): Link {
  const candidates = surer(link.candidates, hop).toSorted(byConfidence);
  return { ...link, candidates };
}

/** Whether somebody is known by name, and none of his causes of that fault is left. */
function cannot([likeliest]: readonly Hop[], fault: FaultId, ruledOut: readonly string[]): boolean {
  if (likeliest === undefined || likeliest.confidence < TELLING) return false;
  const product = PRODUCTS.find(({ id }) => id === likeliest.product);
  const able = product?.causes.filter(({ id, faults }) => faults.includes(fault) && !ruledOut.includes(id));
  return able?.length === 0;
}

function byConfidence(one: Hop, other: Hop): number {
  return other.confidence - one.confidence;
}

function mayBe({ candidates }: Link, product: string): boolean {
  const looksLike = PRODUCTS.find(({ id }) => id === product)?.looksLike ?? [];
  return candidates.some((hop) => isAlike(hop.product, product) || looksLike.includes(hop.product));
}
