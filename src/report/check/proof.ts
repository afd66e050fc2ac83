import type { CheckResult, Fix } from '../../results/check/result.ts';
import { escapeInline } from '../escape.ts';
import type { CheckScreenOptions } from './section.ts';

/** With more of them a whole check is as quick, and shorter to write. */
const MOST_NAMED = 6;

/** It goes where ssekit stands while it checks: what the probes ask can't show it. */
const AT_APPLICATION = 'origin';

/** A command that proves fixes, and what has to be so before; nothing where nothing of the user's was checked. */
export interface Proof {
  when?: string;
  command: string;
}

/** What proves a fix, or several at a time. */
export function proofOf(
  fixes: readonly Fix[],
  { target, mode, origin, results }: Pick<CheckResult, 'target' | 'mode' | 'origin' | 'results'>,
  { againAt, lookAt }: Pick<CheckScreenOptions, 'againAt' | 'lookAt'>,
): Proof | undefined {
  // The embedded proxy stays as it is.
  if (mode === 'demo' || fixes.length === 0) return undefined;
  if (mode !== 'passive' && fixes.every(({ where }) => where === AT_APPLICATION)) {
    const place = mode === 'own-origin' && origin !== undefined ? ` at ${origin}` : '';
    return { when: `with your application running again${place}:`, command: escapeInline(lookAt(target)) };
  }
  const measuring = new Set(fixes.flatMap(({ verify }) => probesOf(verify)));
  // Looking alone has some of the probes: what it had, it will have again.
  const looked = new Set(results.map(({ probe }) => probe));
  const probes = [...measuring].filter((each) => mode !== 'passive' || looked.has(each));
  const only = probes.length === 0 || probes.length > MOST_NAMED ? '' : ` --only ${probes.join(',')}`;
  return { command: `${againAt(target)}${escapeInline(only)}` };
}

/** `--only timing,threshold`: what has found something once finds it again without `--long`, unless that was given. */
function probesOf(verify: string): string[] {
  return /--only (\S+)/.exec(verify)?.[1]?.split(',') ?? [];
}
