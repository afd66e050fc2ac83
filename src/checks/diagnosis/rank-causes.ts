import type { FaultId } from '../faults/fault.ts';
import type { CauseKind, Product, Sign } from '../fixes/cause-kind.ts';
import { PRODUCTS } from '../fixes/products.ts';
import type { Hop } from './hop.ts';
import type { RunSeen } from './run-seen.ts';

/** A cause and how likely it is that it is the one. */
export interface RankedCause {
  product: Product;
  kind: CauseKind;
  /** 0 to 1; what is left to 1 is somebody who isn't in the catalogue. */
  confidence: number;
}

export interface Ranking {
  /** Likeliest first. */
  causes: readonly RankedCause[];
  /** Causes of the same fault that what was seen excludes. */
  ruledOut: readonly string[];
}

/** As likely as somebody rare: whoever isn't in the catalogue, and settings that it doesn't know. */
const SOMEBODY_ELSE = 1.5;
/** Times as likely, a product that is certainly there. */
const THERE = 30;
/** What others keep when who is there is known for certain: there may be a second one behind. */
const NOT_SEEN = 0.2;
/** No figure of a stream shows a configuration for certain. */
const MOST_CERTAIN = 0.97;
/** What cuts streams at no common age is hardly the setting of anybody. */
const MOST_AT_ANY_AGE = 0.3;
/** What is less likely than this isn't worth a reader's time. */
const WORTH_TELLING = 0.02;

/**
 * The causes of a fault: how common each is, times who is known to be in between, times what each sign says (the odds form of
 * Bayes' rule). A sign can rule a cause out whoever is in between; that somebody is in between can not.
 */
export function rankCauses(fault: FaultId, run: RunSeen, hops: readonly Hop[]): Ranking {
  const scored = PRODUCTS.flatMap((product) =>
    product.causes
      .filter(({ faults }) => faults.includes(fault))
      .map((kind) => {
        const signs = weighSigns(kind.signs ?? [], run);
        const before = product.commonness * (kind.weight ?? 1) * presence(product, hops);
        return { product, kind, score: before * signs, excluded: signs === 0 };
      }),
  );
  const all = scored.reduce((sum, { score }) => sum + score, SOMEBODY_ELSE);
  const causes = scored
    .map(({ product, kind, score }) => ({
      product,
      kind,
      confidence: Math.min(rounded(score / all), mostCertain(fault, run)),
    }))
    .filter(({ confidence }) => confidence >= WORTH_TELLING)
    .sort((a, b) => b.confidence - a.confidence);
  return { causes, ruledOut: scored.filter(({ excluded }) => excluded).map(({ kind }) => kind.id) };
}

/** What signs say together: more than 1 for, less against, 0 impossible. */
export function weighSigns(signs: readonly Sign[], run: RunSeen): number {
  return signs.reduce((product, sign) => {
    const seen = run.is(sign);
    if (seen === undefined) return product;
    return product * (seen ? sign.times : (sign.otherwise ?? 1));
  }, 1);
}

function presence({ id, looksLike = [] }: Product, hops: readonly Hop[]): number {
  const surest = Math.max(0, ...hops.map(({ confidence }) => confidence));
  const own = hops.find(({ product }) => product === id)?.confidence ?? 0;
  const alike = hops.find(({ product }) => looksLike.includes(product))?.confidence ?? 0;
  const there = Math.max(own, alike / 4);
  return there > 0 ? 1 + THERE * there : 1 - (1 - NOT_SEEN) * surest;
}

function mostCertain(fault: FaultId, run: RunSeen): number {
  const atAnyAge = run.is({ probe: 'lifetime', figure: 'commonAge', is: false });
  return fault === 'lifetime.cut' && atAnyAge ? MOST_AT_ANY_AGE : MOST_CERTAIN;
}

function rounded(share: number): number {
  return Math.min(MOST_CERTAIN, Math.round(share * 100) / 100);
}
