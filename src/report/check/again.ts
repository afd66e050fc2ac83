import type { CheckResult, Fix } from '../../results/check/result.ts';
import { escapeInline } from '../escape.ts';
import { rowsText } from '../rows.ts';
import { AT_APPLICATION } from './proof.ts';
import type { CheckScreenOptions } from './section.ts';

/** Who is so sure has a name. */
const KNOWN = 0.7;

const REFUSED = 'the reload was refused';
const STANDS_TWICE = 'such a line stands there twice';

/** Why a fix that is there may not show: a run knows nothing of those before it. */
export function againText(
  fixes: readonly Fix[],
  result: CheckResult,
  { palette, columns }: CheckScreenOptions,
): string {
  const [known] = fixes.flatMap((fix) => nameOfKnown(fix, result) ?? []);
  const reasons = [
    ...notInForce(fixes),
    ...(known === undefined
      ? []
      : [`another ${escapeInline(known)} stands behind this one, which can not be told from here`]),
  ];
  if (reasons.length === 0) return '';
  const either = reasons.length > 1 ? 'Either ' : 'Maybe ';
  return rowsText([['', `the same again? ${either}${reasons.join(', or ')}`, palette.dim]], palette, columns);
}

/** Why lines that stand there once may have no effect: as the product takes a second one. */
function notInForce(fixes: readonly Fix[]): string[] {
  const replacing = fixes.filter(({ replaces }) => replaces);
  if (replacing.length === 0) return [];
  const notRestarted = fixes.some(({ restart }) => restart) ? ['it was reloaded, and not restarted'] : [];
  const [twice, ...others] = new Set(replacing.map((fix) => fix.twice));
  if (others.length > 0 || twice === undefined) return [STANDS_TWICE, REFUSED, ...notRestarted];
  if (twice === 'refused') return [`${REFUSED}, as it is where ${STANDS_TWICE}`, ...notRestarted];
  const which = twice === 'both' ? 'both count' : `the ${twice} one counts`;
  return [`${STANDS_TWICE} (${which})`, REFUSED, ...notRestarted];
}

/** The product that is known to be there, and that has the cause: a second one like it would look no other. */
function nameOfKnown({ where, cause = '' }: Fix, { path }: CheckResult): string | undefined {
  if (where === AT_APPLICATION) return undefined;
  const candidates = path.proxies.flatMap((proxy) => proxy.candidates);
  return candidates.find(({ name, confidence }) => confidence >= KNOWN && cause.startsWith(`${name}.`))?.name;
}
