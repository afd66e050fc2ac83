import type { CheckResult, Fix } from '../../results/check/result.ts';
import { escapeInline } from '../escape.ts';
import { rowsText } from '../rows.ts';
import type { CheckScreenOptions } from './section.ts';

/** With more of them a whole check is as quick, and shorter to write. */
const MOST_NAMED = 6;

/** Where a fix goes that is not for a proxy. */
export const AT_APPLICATION = 'origin';

/** A command that proves fixes, and what has to be so before. */
interface Proof {
  when?: string;
  command: string;
}

type Checked = Pick<CheckResult, 'target' | 'mode' | 'origin' | 'results' | 'skipped'>;

/** What proves fixes: a command for all that go into a proxy, another for those of the application. */
export function proofsOf(
  fixes: readonly Fix[],
  result: Checked,
  options: Pick<CheckScreenOptions, 'againAt' | 'lookAt'>,
): Proof[] {
  // The embedded proxy stays as it is.
  if (result.mode === 'demo') return [];
  const apart = result.mode !== 'passive';
  const isAtApplication = ({ where }: Fix) => apart && where === AT_APPLICATION;
  const ofProxy = fixes.filter((fix) => !isAtApplication(fix));
  return [
    ...(ofProxy.length > 0 ? [byCheck(ofProxy, result, options.againAt)] : []),
    ...(fixes.some(isAtApplication) ? [byLook(result, options.lookAt)] : []),
  ];
}

/** The command, with what has to be so before it above it. */
export function proofRows(label: string, proofs: readonly Proof[], options: CheckScreenOptions): string {
  const { palette, columns } = options;
  return proofs
    .map(({ when, command }, at) => {
      const name = at === 0 ? label : '';
      // What is to be copied is never folded.
      if (when === undefined) return rowsText([[name, command, palette.cyan]], palette, undefined);
      return (
        rowsText([[name, when]], palette, columns) +
        rowsText([['', command, palette.cyan]], palette, undefined)
      );
    })
    .join('');
}

/** With what could not be seen while the fault was there, and may show another. */
function byCheck(
  fixes: readonly Fix[],
  { target, mode, results, skipped }: Checked,
  againAt: (url: string) => string,
): Proof {
  const missed = skipped.filter(({ hidden }) => hidden).map(({ probe }) => probe);
  // A look at all takes no longer than one at some.
  if (mode === 'passive' && missed.length > 0) return { command: againAt(target) };
  const measuring = new Set([...fixes.flatMap(({ verify }) => probesOf(verify)), ...missed]);
  // Looking alone has some of the probes: what it had, it will have again.
  const looked = new Set(results.map(({ probe }) => probe));
  const probes = [...measuring].filter((each) => mode !== 'passive' || looked.has(each));
  const only = probes.length === 0 || probes.length > MOST_NAMED ? '' : ` --only ${probes.join(',')}`;
  return { command: `${againAt(target)}${escapeInline(only)}` };
}

/** Or people would check until it goes. */
const STAYS = ' (a check with ssekit in its place finds the same again: it sees nothing of what that sends)';

/** What the application sends can't be seen while ssekit stands in its place. */
function byLook({ target, mode, origin }: Checked, lookAt: (url: string) => string): Proof {
  const place = mode === 'own-origin' && origin !== undefined ? ` at ${escapeInline(origin)}` : '';
  return { when: `with your application running again${place}${STAYS}:`, command: lookAt(target) };
}

/** `--only timing,threshold`: what has found something once finds it again without `--long`, unless that was given. */
function probesOf(verify: string): string[] {
  return /--only (\S+)/.exec(verify)?.[1]?.split(',') ?? [];
}
