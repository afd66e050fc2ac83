import type { CheckResult } from '../../results/check/result.ts';
import { rowsText } from '../rows.ts';
import { faultsFound, isToMend } from './faults-found.ts';
import { onlyWithOrigin } from './others.ts';
import type { Section } from './section.ts';

/** What to run next, where that is more than to mend something. */
export const nextSection: Section = (result, { palette, columns, program, lookAt, standInAt }) => {
  const { mode, target, interrupted } = result;
  const told = (label: string, what: string, command: string) =>
    rowsText([[label, what]], palette, columns) +
    // Never folded: it is to be copied.
    rowsText([['', command, palette.cyan]], palette, undefined);
  if (mode === 'demo')
    return told(
      'next',
      'this was the demo; your proxy, and your application behind it:',
      `${program} check-proxy http://localhost:8080/events --direct http://localhost:3000/events`,
    );
  if (mode === 'passive') {
    const more = onlyWithOrigin(result);
    if (more.length === 0 || interrupted) return '';
    const what = `${more.length} more with ssekit in the place of your application: stop it, then`;
    // Who was sent here by such a check is not sent back to it.
    return isMended(result)
      ? told('well', `${ENOUGH}: ${what}`, standInAt(target))
      : told('more', what, standInAt(target));
  }
  if (isMended(result))
    return told('done', `${AGAIN[mode]}, and at last look at its own stream:`, lookAt(target));
  return '';
};

const ENOUGH =
  'nothing that was seen is left to mend. The rest is optional, and needless where it has run before';

const AGAIN = {
  'own-origin': 'start your application again',
  'remote-origin': 'lead the proxy to your application again',
} as const;

function isMended(result: CheckResult): boolean {
  return !result.interrupted && result.results.length > 0 && !faultsFound(result).some(isToMend);
}
