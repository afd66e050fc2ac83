import type { FaultId } from '../faults/fault.ts';
import type { CauseKind, Product, Sign } from '../fixes/cause-kind.ts';
import { PRODUCTS } from '../fixes/products.ts';
import { type Presence, unlistedAmong, weightOf } from './presence.ts';
import type { RunSeen } from './run-seen.ts';

/** A cause and how likely it is that it is the one. */
export interface RankedCause {
  product: Product;
  kind: CauseKind;
  /** 0 to 1. */
  confidence: number;
  /** What signs say that hardly anybody else shows: more than 1 where it gives itself away. */
  ownSigns: number;
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
 * Bayes' rule), beside what is in no catalogue: a setting of who was seen, and somebody who was not. Those show what anybody
 * shows who does the like, as well as who fits it best. A sign can rule a cause out whoever is in between; that somebody is
 * in between can not.
 */
export function rankCauses(fault: FaultId, run: RunSeen, presence: Presence): Ranking {
  const scored = PRODUCTS.flatMap((product) =>
    product.causes
      .filter(({ faults }) => faults.includes(fault))
      .map((kind) => {
        const all = kind.signs ?? [];
        const signs = weighSigns(all, fault, run);
        const anybodys = weighSigns(
          all.filter((sign) => sign.anybodys === true),
          fault,
          run,
        );
        const score = weightOf(product, presence) * (kind.weight ?? 1) * signs;
        return { product, kind, score, signs, anybodys };
      }),
  );
  const best = scored.toSorted((a, b) => b.score - a.score)[0];
  const likelihood = Math.max(1, best?.anybodys ?? 1);
  const beside = unlistedAmong(presence.hops).map((each) => ({ ...each, weight: each.weight * likelihood }));
  const all =
    scored.reduce((sum, { score }) => sum + score, 0) + beside.reduce((sum, { weight }) => sum + weight, 0);
  const causes = scored
    .map(({ product, kind, score, signs, anybodys }) => ({
      product,
      kind,
      ownSigns: anybodys === 0 ? 0 : signs / anybodys,
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
    if (sign.given?.some((each) => run.is(each) !== true)) return product;
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
