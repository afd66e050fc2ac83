import type { CheckResult } from '../../results/check/result.ts';
import { findingsSection } from './findings.ts';
import { liveSection } from './live.ts';
import { nextSection } from './next.ts';
import { othersSection } from './others.ts';
import { pathSection } from './path.ts';
import type { CheckScreenOptions, Section } from './section.ts';
import { toDoSection } from './to-do.ts';
import { lastWordSection, verdictSection } from './verdict.ts';

/** In the order that they are printed; what stands in a group has no line between. */
const GROUPS: readonly (readonly Section[])[] = [
  [verdictSection, pathSection, liveSection],
  [findingsSection],
  [othersSection],
  [toDoSection, nextSection, lastWordSection],
];

/**
 * The closing text of check-proxy, for people: the verdict first, then each fault with what to do about it; at the end, where
 * the eye is, all that is to be done, and the verdict again.
 */
export function checkText(result: CheckResult, options: CheckScreenOptions): string {
  return GROUPS.map((group) => group.map((section) => section(result, options)).join(''))
    .filter((text) => text !== '')
    .join('\n');
}
