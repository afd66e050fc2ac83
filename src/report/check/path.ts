import type { CheckResult, ProxyGuess } from '../../results/check/result.ts';
import { escapeInline } from '../escape.ts';
import { type Row, rowsText } from '../rows.ts';
import type { Section } from './section.ts';

/** Probes that write their requests themselves, or some of them, which they do in HTTP/1.1 whatever the client speaks. */
const BY_HAND = new Set(['type-method', 'client-gone', 'truncation', 'post', 'slow-client', '1xx']);

/** What was checked: the way from the client to the origin, and who seems to be on it. */
export const pathSection: Section = ({ target, mode, origin, path, results }, { palette, columns }) => {
  const rows: Row[] = [
    ['target', escapeInline(target)],
    ['path', mode === 'passive' ? passivePathText(path, origin) : pathText(path, origin)],
  ];
  const byHand = results.map(({ probe }) => probe).filter((probe) => BY_HAND.has(probe));
  if (path.clientHttp === '2' && byHand.length > 0) {
    rows.push([
      'besides',
      `HTTP/1.1, by hand, in ${byHand.join(', ')}; --http1.1 asks for all that its clients get`,
    ]);
  }
  if (path.guess !== undefined) rows.push(['proxy', guessText(path.guess)]);
  return rowsText(rows, palette, columns);
};

function pathText({ clientHttp, originHttp, hops }: CheckResult['path'], origin: string | undefined): string {
  const between = hops.length === 0 ? 'proxy' : hops.map(escapeInline).join(' ─ ');
  const last = originHttp === undefined ? '─' : `─HTTP/${escapeInline(originHttp)}─`;
  return `client ─HTTP/${escapeInline(clientHttp)}─ ${between} ${last} origin ${origin ?? ''}`.trimEnd();
}

/** Nobody but the direct way tells whether there is a proxy at all. */
function passivePathText(
  { clientHttp, hops, guess }: CheckResult['path'],
  direct: string | undefined,
): string {
  const named = hops.length > 0 ? hops : guess === undefined ? ['?'] : [guess.name];
  const way = `client ─HTTP/${escapeInline(clientHttp)}─ ${named.map(escapeInline).join(' ─ ')} ─ origin`;
  return direct === undefined
    ? `${way} (looked at alone)`
    : `${way} ${escapeInline(direct)} (looked at both ways)`;
}

function guessText({ name, confidence, because }: ProxyGuess): string {
  const reasons = because.length === 0 ? '' : `: ${because.map(escapeInline).join(', ')}`;
  return `probably ${escapeInline(name)} (${percentage(confidence)})${reasons}`;
}

/** `95 %` */
export function percentage(share: number): string {
  return `${Math.round(share * 100)} %`;
}
