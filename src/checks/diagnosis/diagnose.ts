import type { Cause, Fix, Measured, ProbeResult } from '../../results/check/result.ts';
import { faultNamed, flagsThatMeasure } from '../faults/catalogue.ts';
import type { FaultId } from '../faults/fault.ts';
import { LOOK_FOR } from '../fixes/look-for.ts';
import type { Hop } from './hop.ts';
import { isHolding, knobsOf, rivalOf } from './knobs.ts';
import { sureOfOneLike } from './presence.ts';
import { type RankedCause, type RankedUnlisted, rankCauses } from './rank-causes.ts';
import { rankFixes } from './rank-fixes.ts';
import { RunSeen } from './run-seen.ts';
import { placeOfUnlisted, unlistedCause } from './unlisted.ts';

/** What is known of who is in between, before anything is judged. */
export interface Surroundings {
  hops: readonly Hop[];
  /** Versions of HTTP: `clientHttp`, `originHttp`. */
  path: Measured;
}

/** As many causes as somebody looks into. */
const MOST_CAUSES = 5;
/** What a stream does tells who is in between where it tells this much, and so does a header. */
const TELLING = 0.7;
/** What is in no catalogue is told of from here on: nobody can do anything about it but look. */
const UNLISTED_TOLD = 0.1;
/** As likely as this beside what no catalogue has, somebody who was not seen is worth a try. */
const WORTH_TRYING = 0.15;

/** Adds to each result that warns or fails what causes it and what mends it, likeliest first. Changes nothing else. */
export function diagnose(results: readonly ProbeResult[], { hops, path }: Surroundings): ProbeResult[] {
  const run = new RunSeen(results, path);
  const faults = [...new Set(results.flatMap((result) => faultOf(result) ?? []))];
  return results.map((result) => {
    const fault = faultOf(result);
    if (fault === undefined) return result;
    // A fault does not prove who makes it by what it takes to be its cause.
    const others = faults.filter((each) => each !== fault);
    return { ...result, ...explained(fault, run, withBehaviour(hops, run, others)) };
  });
}

function explained(
  fault: FaultId,
  run: RunSeen,
  hops: readonly Hop[],
): Pick<ProbeResult, 'causes' | 'fixes'> {
  const { causes, unlisted, ruledOut } = rankCauses(fault, run, hops);
  const told = causes.slice(0, MOST_CAUSES);
  // Nobody asks for what the others could have done.
  const spokenOf = new Set([...told.map(({ product }) => product.id), ...hops.map(({ product }) => product)]);
  const excluded = [...new Set([...ruledOut, ...rivals(fault, run, hops)])].filter((id) =>
    spokenOf.has(productOf(id)),
  );
  const verify = verifyBy(fault, run);
  const fixes = rankFixes(fault, verify, worthTrying(told, unlisted, hops), hops, run);
  return {
    causes: [
      ...told.map(({ kind, confidence }) => ({ id: kind.id, confidence })),
      ...unlisted.filter(({ confidence }) => confidence >= UNLISTED_TOLD).map(unlistedCause),
    ]
      .sort((a, b) => b.confidence - a.confidence)
      .slice(0, MOST_CAUSES)
      .map((cause): Cause => ({ ...cause, ruledOut: excluded })),
    fixes: fixes.length > 0 ? fixes : lookFor(fault, verify, unlisted),
  };
}

/** Where no line is known: what to look for, in whoever likeliest has it. */
function lookFor(fault: FaultId, verify: string, unlisted: readonly RankedUnlisted[]): Fix[] {
  const [likeliest] = unlisted.toSorted((a, b) => b.confidence - a.confidence);
  if (likeliest === undefined) return [];
  const line = LOOK_FOR[fault]?.line ?? `# look for what makes it so: ${faultNamed(fault)?.title ?? fault}`;
  return [{ where: placeOfUnlisted(likeliest), line, basis: 'documented', verify }];
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
function withBehaviour(hops: readonly Hop[], run: RunSeen, faults: readonly FaultId[]): readonly Hop[] {
  const betrayed = faults.flatMap((fault): Hop[] => {
    const [first] = rankCauses(fault, run, hops).causes;
    if (first === undefined || first.confidence < TELLING) return [];
    return [{ product: first.product.id, confidence: first.confidence, because: [first.kind.id] }];
  });
  return betrayed.reduce(surer, hops);
}

/** With somebody whom what he does gives away; those who were told by no more than what he looks like are that less likely. */
function surer(hops: readonly Hop[], told: Hop): readonly Hop[] {
  const own = hops.find(({ product }) => product === told.product);
  if (own === undefined) return [...hops, told];
  if (own.confidence >= told.confidence) return hops;
  const looks = own.because.join();
  return hops.map((hop) => {
    if (hop === own) return { ...hop, confidence: told.confidence };
    if (hop.because.join() !== looks) return hop;
    return { ...hop, confidence: Math.min(hop.confidence, 1 - told.confidence) };
  });
}

/** Buffering where it is compression, and the other way about: what people suspect first. */
function rivals(fault: FaultId, run: RunSeen, hops: readonly Hop[]): readonly string[] {
  const rival = rivalOf(fault, run);
  if (rival === undefined) return [];
  const { causes, ruledOut } = rankCauses(rival, run, hops);
  const may = causes.filter(({ kind }) => !kind.faults.includes(fault)).map(({ kind }) => kind.id);
  return [...may, ...ruledOut];
}

function productOf(causeId: string): string {
  return causeId.slice(0, causeId.indexOf('.'));
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
