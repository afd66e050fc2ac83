import type { Cause, Fix, Measured, ProbeResult } from '../../results/check/result.ts';
import { type Absence, isRuledOut } from '../between/absence.ts';
import type { Hop } from '../between/hop.ts';
import { faultNamed, flagsThatMeasure } from '../faults/catalogue.ts';
import type { FaultId } from '../faults/fault.ts';
import { LOOK_FOR } from '../fixes/look-for.ts';
import { type Betrayed, betrayedBy, faultsAmong, surer, TELLING } from './behaviour.ts';
import { productOf } from './cause-id.ts';
import { isHolding, knobsOf, rivalOf } from './knobs.ts';
import { type Presence, sureOfOneLike } from './presence.ts';
import { type RankedCause, type RankedUnlisted, rankCauses } from './rank-causes.ts';
import { rankFixes } from './rank-fixes.ts';
import { RunSeen, type Witness } from './run-seen.ts';
import { placeOfUnlisted, unlistedCause, unlistedId } from './unlisted.ts';

/** What is known of who is in between, before anything is judged. */
export interface Surroundings {
  hops: readonly Hop[];
  /** Who is hardly there; default: nobody that it is known of. */
  absent?: readonly Absence[];
  /** Versions of HTTP: `clientHttp`, `originHttp`. */
  path: Measured;
  /** What else was seen and is no result of its own; default: nothing. */
  witnesses?: readonly Witness[];
}

/** As many causes as somebody looks into. */
const MOST_CAUSES = 5;
/** Of what somebody would do who is not there, nobody asks for more. */
const MOST_ABSENT = 2;
/** What is in no catalogue is told of from here on: nobody can do anything about it but look. */
const UNLISTED_TOLD = 0.1;
/** As likely as this beside what no catalogue has, somebody who was not seen is worth a try. */
const WORTH_TRYING = 0.15;

/**
 * Adds to each result that warns or fails what causes it and what mends it, likeliest first. Changes nothing else.
 *
 * @param betrayed what `givenAway` comes to, for who needs that besides
 */
export function diagnose(
  results: readonly ProbeResult[],
  surroundings: Surroundings,
  betrayed = givenAway(results, surroundings),
): ProbeResult[] {
  const { path, witnesses = [], ...presence } = surroundings;
  const run = new RunSeen([...results, ...witnesses], path);
  return results.map((result) => {
    const fault = faultOf(result);
    if (fault === undefined) return result;
    // A fault does not prove who makes it by what it takes to be its cause.
    const others = betrayed.filter((each) => each.fault !== fault);
    return { ...result, ...explained(fault, run, withBehaviour(presence, others)) };
  });
}

/** Whom faults give away, by what each of them shows alone. */
export function givenAway(
  results: readonly ProbeResult[],
  { path, witnesses = [], ...presence }: Surroundings,
): readonly Betrayed[] {
  const run = new RunSeen([...results, ...witnesses], path);
  return betrayedBy(faultsAmong(results), run, presence);
}

function explained(fault: FaultId, run: RunSeen, presence: Presence): Pick<ProbeResult, 'causes' | 'fixes'> {
  const { hops } = presence;
  const { causes, unlisted, ruledOut } = rankCauses(fault, run, presence);
  const told = causes.slice(0, MOST_CAUSES);
  // Nobody asks for what the others could have done.
  const spokenOf = new Set([...told.map(({ product }) => product.id), ...hops.map(({ product }) => product)]);
  const excluded = [...ruledOut, ...rivals(fault, run, presence)].filter((id) => spokenOf.has(productOf(id)));
  const notThem = [...new Set([...ofTheAbsent(fault, run, presence), ...excluded])];
  const verify = verifyBy(fault, run);
  const fixes = rankFixes(fault, verify, worthTrying(told, unlisted, hops), presence, run);
  return {
    causes: [
      ...told.map(({ kind, confidence }) => ({ id: kind.id, confidence })),
      ...unlisted.filter(({ confidence }) => confidence >= UNLISTED_TOLD).map(unlistedCause),
    ]
      .sort((a, b) => b.confidence - a.confidence)
      .slice(0, MOST_CAUSES)
      .map((cause): Cause => ({ ...cause, ruledOut: notThem })),
    fixes: fixes.length > 0 ? fixes : lookFor(fault, verify, unlisted),
  };
}

/** Where no line is known: what to look for, in whoever likeliest has it. */
function lookFor(fault: FaultId, verify: string, unlisted: readonly RankedUnlisted[]): Fix[] {
  const [likeliest] = unlisted.toSorted((a, b) => b.confidence - a.confidence);
  if (likeliest === undefined) return [];
  const line = LOOK_FOR[fault]?.line ?? `# look for what makes it so: ${faultNamed(fault)?.title ?? fault}`;
  const cause = unlistedId(likeliest.product);
  return [{ where: placeOfUnlisted(likeliest), line, basis: 'documented', verify, cause }];
}

/**
 * Nobody changes a product that was not seen where a setting of one that was is likelier, nor one of which hardly anything
 * speaks where it is more likely nobody who is known.
 */
function worthTrying(
  causes: readonly RankedCause[],
  unlisted: readonly RankedUnlisted[],
  hops: readonly Hop[],
): readonly RankedCause[] {
  const seen = new Map(hops.map((hop) => [hop.product, sureOfOneLike(hop, hops)]));
  const isSure = ({ product = '' }: RankedUnlisted) => (seen.get(product) ?? 0) >= TELLING;
  const likelier = Math.max(0, ...unlisted.filter(isSure).map(({ confidence }) => confidence));
  const isThere = ({ id, looksLike = [] }: RankedCause['product']) =>
    [id, ...looksLike].some((each) => seen.has(each));
  const least = Math.max(0, ...unlisted.map(({ confidence }) => confidence)) * WORTH_TRYING;
  return causes.filter(
    ({ product, confidence }) => (confidence > likelier && confidence > least) || isThere(product),
  );
}

/** Whom the behaviour gives away stands in between, whatever the headers say. */
function withBehaviour({ hops, ...presence }: Presence, betrayed: readonly Betrayed[]): Presence {
  let told = hops;
  for (const { hop } of betrayed) {
    const isKnown = told.some(({ product }) => product === hop.product);
    told = isKnown ? surer(told, hop) : told.concat(hop);
  }
  return { ...presence, hops: told };
}

/** Causes of whoever is not there: those that would be the likeliest if he might be. */
function ofTheAbsent(fault: FaultId, run: RunSeen, { hops, absent = [] }: Presence): string[] {
  const ruledOut = new Set(absent.filter(isRuledOut).map(({ product }) => product));
  if (ruledOut.size === 0) return [];
  const { causes } = rankCauses(fault, run, { hops, absent: absent.filter((each) => !isRuledOut(each)) });
  return causes
    .slice(0, MOST_ABSENT)
    .filter(({ product }) => ruledOut.has(product.id))
    .map(({ kind }) => kind.id);
}

/** Buffering where it is compression, and the other way about: what people suspect first. */
function rivals(fault: FaultId, run: RunSeen, presence: Presence): readonly string[] {
  const rival = rivalOf(fault, run);
  if (rival === undefined) return [];
  const { causes, ruledOut } = rankCauses(rival, run, presence);
  const may = causes.filter(({ kind }) => !kind.faults.includes(fault)).map(({ kind }) => kind.id);
  return [...may, ...ruledOut];
}

/** Where compression may hide behind a buffer, the proof looks for it, too. */
function verifyBy(fault: FaultId, run: RunSeen): string {
  const flags = flagsThatMeasure(fault);
  const { buffering, compression } = knobsOf(run);
  const hidden = isHolding(fault) && buffering === true && compression === undefined;
  return hidden && run.hasFault('compression.holds-events') !== undefined ? `${flags},encoding` : flags;
}

function faultOf({ fault }: ProbeResult): FaultId | undefined {
  return fault === undefined ? undefined : faultNamed(fault)?.id;
}
