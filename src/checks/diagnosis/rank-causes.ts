import type { FaultId } from '../faults/fault.ts';
import type { CauseKind, Product, Sign } from '../fixes/cause-kind.ts';
import { PRODUCTS } from '../fixes/products.ts';
import type { Hop } from './hop.ts';
import { unlistedAmong, weightOf } from './presence.ts';
import type { RunSeen } from './run-seen.ts';

/** A cause and how likely it is that it is the one. */
export interface RankedCause {
  product: Product;
  kind: CauseKind;
  /** 0 to 1. */
  confidence: number;
}

/** What the catalogue does not have, and how likely it is that it does it. */
export interface RankedUnlisted {
  /** Whose setting it is; nothing for somebody who was not seen. */
  product?: string;
  /** 0 to 1. */
  confidence: number;
}

export interface Ranking {
  /** Likeliest first. */
  causes: readonly RankedCause[];
  /** What else it may be, by who was seen. */
  unlisted: readonly RankedUnlisted[];
  /** Causes of the same fault that what was seen excludes. */
  ruledOut: readonly string[];
}

/** No figure of a stream shows a configuration for certain. */
const MOST_CERTAIN = 0.97;
/** What cuts streams at no common age is hardly the setting of anybody. */
const MOST_AT_ANY_AGE = 0.3;
/** What is less likely than this isn't worth a reader's time. */
const WORTH_TELLING = 0.02;

/**
 * The causes of a fault: how common each is, times who is known to be in between, times what each sign says (the odds form of
 * Bayes' rule), beside what is in no catalogue: a setting of who was seen, and somebody who was not. A sign can rule a cause
 * out whoever is in between; that somebody is in between can not.
 */
export function rankCauses(fault: FaultId, run: RunSeen, hops: readonly Hop[]): Ranking {
  const scored = PRODUCTS.flatMap((product) =>
    product.causes
      .filter(({ faults }) => faults.includes(fault))
      .map((kind) => {
        const signs = weighSigns(kind.signs ?? [], fault, run);
        return { product, kind, score: weightOf(product, hops) * (kind.weight ?? 1) * signs, signs };
      }),
  );
  const beside = unlistedAmong(hops);
  const all =
    scored.reduce((sum, { score }) => sum + score, 0) + beside.reduce((sum, { weight }) => sum + weight, 0);
  const causes = scored
    .map(({ product, kind, score }) => ({
      product,
      kind,
      confidence: Math.min(rounded(score / all), mostCertain(fault, run)),
    }))
    .filter(({ confidence }) => confidence >= WORTH_TELLING)
    .sort((a, b) => b.confidence - a.confidence);
  const unlisted = beside.map(({ weight, ...who }) => ({ ...who, confidence: rounded(weight / all) }));
  return {
    causes,
    unlisted,
    ruledOut: scored.filter(({ signs }) => signs === 0).map(({ kind }) => kind.id),
  };
}

/** What signs say together: more than 1 for, less against, 0 impossible. */
export function weighSigns(signs: readonly Sign[], fault: FaultId, run: RunSeen): number {
  return signs.reduce((product, sign) => {
    if (sign.of !== undefined && ![sign.of].flat().includes(fault)) return product;
    const seen = run.is(sign);
    if (seen === undefined) return product;
    return product * (seen ? sign.times : (sign.otherwise ?? 1));
  }, 1);
}

function mostCertain(fault: FaultId, run: RunSeen): number {
  const atAnyAge = run.is({ probe: 'lifetime', figure: 'commonAge', is: false });
  return fault === 'lifetime.cut' && atAnyAge ? MOST_AT_ANY_AGE : MOST_CERTAIN;
}

function rounded(share: number): number {
  return Math.min(MOST_CERTAIN, Math.round(share * 100) / 100);
}
