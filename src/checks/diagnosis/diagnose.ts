import type { Cause, Measured, ProbeResult } from '../../results/check/result.ts';
import { faultNamed, flagsThatMeasure } from '../faults/catalogue.ts';
import type { FaultId } from '../faults/fault.ts';
import type { Hop } from './hop.ts';
import { knobsOf, rivalOf } from './knobs.ts';
import { rankCauses } from './rank-causes.ts';
import { rankFixes } from './rank-fixes.ts';
import { RunSeen } from './run-seen.ts';

/** What is known of who is in between, before anything is judged. */
export interface Surroundings {
  hops: readonly Hop[];
  /** Versions of HTTP: `clientHttp`, `originHttp`. */
  path: Measured;
}

/** As many causes as somebody looks into. */
const MOST_CAUSES = 5;
/** What a stream does tells who is in between where it tells this much. */
const TELLING = 0.7;

/** Adds to each result that warns or fails what causes it and what mends it, likeliest first. Changes nothing else. */
export function diagnose(results: readonly ProbeResult[], { hops, path }: Surroundings): ProbeResult[] {
  const run = new RunSeen(results, path);
  const known = withBehaviour(hops, run, results);
  return results.map((result) => {
    const fault = faultOf(result);
    return fault === undefined ? result : { ...result, ...explained(fault, run, known) };
  });
}

function explained(
  fault: FaultId,
  run: RunSeen,
  hops: readonly Hop[],
): Pick<ProbeResult, 'causes' | 'fixes'> {
  const { causes, ruledOut } = rankCauses(fault, run, hops);
  const told = causes.slice(0, MOST_CAUSES);
  // Nobody asks for what the others could have done.
  const spokenOf = new Set([...told.map(({ product }) => product.id), ...hops.map(({ product }) => product)]);
  const excluded = [...new Set([...ruledOut, ...rivals(fault, run, hops)])].filter((id) =>
    spokenOf.has(productOf(id)),
  );
  return {
    causes: told.map(({ kind, confidence }): Cause => ({ id: kind.id, confidence, ruledOut: excluded })),
    fixes: rankFixes(fault, verifyBy(fault, run), told, hops, run),
  };
}

/** Whom the behaviour gives away stands in between, whatever the headers say. */
function withBehaviour(hops: readonly Hop[], run: RunSeen, results: readonly ProbeResult[]): readonly Hop[] {
  const betrayed = results.flatMap((result): Hop[] => {
    const fault = faultOf(result);
    const [first] = fault === undefined ? [] : rankCauses(fault, run, hops).causes;
    if (first === undefined || first.confidence < TELLING) return [];
    return [{ product: first.product.id, confidence: first.confidence, because: [first.kind.id] }];
  });
  const more = betrayed.filter(({ product }) => !hops.some((hop) => hop.product === product));
  return [...hops, ...new Map(more.map((hop) => [hop.product, hop])).values()];
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
  const hidden = fault.startsWith('buffer.') && buffering === true && compression === undefined;
  return hidden && run.hasFault('compression.holds-events') !== undefined ? `${flags},encoding` : flags;
}

function faultOf({ fault }: ProbeResult): FaultId | undefined {
  return fault === undefined ? undefined : faultNamed(fault)?.id;
}
