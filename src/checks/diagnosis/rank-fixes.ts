import type { Fix } from '../../results/check/result.ts';
import { isRuledOut } from '../between/absence.ts';
import type { Hop } from '../between/hop.ts';
import type { FaultId } from '../faults/fault.ts';
import type { FixKind, OriginFix, Sign } from '../fixes/cause-kind.ts';
import { heartbeatFlag, heartbeatLine, isOftenEnough } from '../fixes/heartbeat.ts';
import { ORIGIN_FIXES } from '../fixes/origin.ts';
import { placeOf, siteOf } from '../fixes/place.ts';
import { inRange } from '../fixes/version-range.ts';
import { TELLING } from './behaviour.ts';
import type { Presence } from './presence.ts';
import { type RankedCause, weighSigns } from './rank-causes.ts';
import type { RunSeen } from './run-seen.ts';

/** As many as somebody tries. */
const MOST_FIXES = 6;
/** Whose the cause is known to be: nobody needs the lines of others. */
const KNOWN = 0.8;
/** What does not help against such a cause is not told of. */
const LIKELY = 0.5;

/** What to change, likeliest to help first: in who is in between, and at the origin. */
export function rankFixes(
  fault: FaultId,
  verify: string,
  causes: readonly RankedCause[],
  presence: Presence,
  run: RunSeen,
): Fix[] {
  const { hops } = presence;
  const inVain = inVainAtOrigin(fault, run);
  const inVainAgainstIt = inVainAgainst(causes, hops, run);
  const theirs = ofTheKnown(causes).flatMap(({ product, kind, confidence }) => {
    const version = hops.find((hop) => hop.product === product.id)?.version;
    return kind.fixes
      .filter(({ faults = kind.faults, ...range }) => faults.includes(fault) && inRange(version, range))
      .filter(({ where, line }) => where !== 'origin' || !inVain.includes(line))
      .map((fix, place) => ({
        fix: { ...fixOf(fix, placeOf(product, fix), verify), ...siteOf(product, fix), cause: kind.id },
        // The second one of a cause does as well, and comes behind it.
        weight: confidence * 0.999 ** place,
      }));
  });
  const ours = ORIGIN_FIXES.filter(
    (fix) =>
      fix.faults.includes(fault) &&
      !inVainAgainstIt.includes(fix.line) &&
      isHeeded(fix, presence, weighSigns(fix.signs ?? [], fault, run)),
  ).map((fix) => {
    const odds = (fix.helps / (1 - fix.helps)) * weighSigns(fix.signs ?? [], fault, run);
    const eases = fix.eases ? { eases: true as const } : {};
    return { fix: { ...fixOf(fix, 'origin', verify), ...eases }, weight: odds / (1 + odds) };
  });
  const likeliest = [...theirs, ...ours]
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ fix }) => oftenEnough(fix, fault, run));
  return once(likeliest).slice(0, MOST_FIXES);
}

function ofTheKnown(causes: readonly RankedCause[]): readonly RankedCause[] {
  const [first] = causes;
  if (first === undefined || first.confidence <= KNOWN) return causes;
  return causes.filter(({ product }) => product === first.product);
}

/** What the run has tried at its own origin, without the effect. */
function inVainAtOrigin(fault: FaultId, run: RunSeen): readonly string[] {
  return ORIGIN_FIXES.filter(
    ({ faults, signs = [] }) => faults.includes(fault) && weighSigns(signs.filter(isTried), fault, run) === 0,
  ).map(({ line }) => line);
}

/** Whether somebody may heed it: one who does is known, nobody is and they may be there, or it was seen to help. */
function isHeeded({ heededBy }: OriginFix, { hops, absent = [] }: Presence, signs: number): boolean {
  if (heededBy === undefined || signs > 1) return true;
  const gone = new Set(absent.filter(isRuledOut).map(({ product }) => product));
  if (heededBy.every((product) => gone.has(product))) return false;
  const sure = hops.filter(({ confidence }) => confidence >= TELLING);
  return sure.length === 0 || sure.some(({ product }) => heededBy.includes(product));
}

/** A fault beside it makes something pointless by itself, which is not tried for that. */
function isTried(sign: Sign): boolean {
  return !('fault' in sign);
}

/**
 * What was measured not to help against the cause that it likely is, in somebody who is known to be there; it may help against
 * what else a head lets others do.
 */
function inVainAgainst(
  [likeliest]: readonly RankedCause[],
  hops: readonly Hop[],
  run: RunSeen,
): readonly string[] {
  if (likeliest === undefined || likeliest.confidence < LIKELY) return [];
  if (!hops.some(({ product }) => product === likeliest.product.id)) return [];
  return run.is({ probe: 'response-headers', figure: 'allows', is: ['caches', 'collecting'] })
    ? []
    : (likeliest.kind.inVainAtOrigin ?? []);
}

/** A heartbeat comes as often as the limit that was seen wants it, and is proved by a run that expects it so often. */
function oftenEnough(fix: Fix, fault: FaultId, run: RunSeen): Fix {
  const limitMs = run.least('idleLimitMs', 'idle');
  if (limitMs === undefined || !fix.line.includes(heartbeatLine())) return fix;
  // What is often enough anyhow is sent for its own reason.
  if (isOftenEnough(limitMs) && run.hasFault('idle.cut') !== true) return fix;
  const fitted = { ...fix, line: fix.line.replace(heartbeatLine(), heartbeatLine(limitMs)) };
  if (fault !== 'idle.cut') return fitted;
  // What it has to be under stands in the line.
  const { caution: _, ...certain } = fitted;
  return { ...certain, verify: `${fix.verify} ${heartbeatFlag(limitMs)}` };
}

function fixOf({ line, basis, needs, caution }: FixKind, where: string, verify: string): Fix {
  return {
    ...{ where, line, basis },
    ...(needs !== undefined && { needs }),
    ...(caution !== undefined && { caution }),
    verify,
  };
}

function once(fixes: readonly Fix[]): Fix[] {
  const written = new Set<string>();
  return fixes.filter(({ where, line }) => {
    const text = `${where}\n${line}`;
    if (written.has(text)) return false;
    written.add(text);
    return true;
  });
}
