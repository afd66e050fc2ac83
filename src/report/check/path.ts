import type { CheckResult, ProxyGuess, ProxySeen } from '../../results/check/result.ts';
import { formatDuration } from '../duration.ts';
import { escapeInline } from '../escape.ts';
import { type Row, rowsText } from '../rows.ts';
import type { Section } from './section.ts';

/** Probes that write their requests themselves, or some of them, which they do in HTTP/1.1 whatever the client speaks. */
const BY_HAND = new Set(['type-method', 'client-gone', 'truncation', 'post', 'slow-client', '1xx']);

/** What was checked: the way from the client to the origin, and who seems to be on it. */
export const pathSection: Section = (
  { target, mode, origin, clock, path, results },
  { palette, columns },
) => {
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
  if (path.proxies.length > 1) rows.push(...proxyRows(path));
  else if (path.guess !== undefined) rows.push(['proxy', guessText(path.guess)]);
  const limited = results.filter(({ limitedByClock }) => limitedByClock).map(({ probe }) => probe);
  if (clock !== undefined && limited.length > 0) {
    rows.push([
      'clock',
      `the origin's is known to ±${formatDuration(clock.uncertaintyMs)}: too little for ${limited.join(', ')}, which may be wrong for that reason`,
    ]);
  }
  return rowsText(rows, palette, columns);
};

function pathText(path: CheckResult['path'], origin: string | undefined): string {
  const { clientHttp, originHttp, hops } = path;
  const between = severalText(path) ?? (hops.length === 0 ? 'proxy' : hops.map(escapeInline).join(' ─ '));
  const last = originHttp === undefined ? '─' : `─HTTP/${escapeInline(originHttp)}─`;
  return `client ─HTTP/${escapeInline(clientHttp)}─ ${between} ${last} origin ${origin ?? ''}`.trimEnd();
}

/** Nobody but the direct way tells whether there is a proxy at all. */
function passivePathText(path: CheckResult['path'], direct: string | undefined): string {
  const { clientHttp, hops, guess } = path;
  const named = hops.length > 0 ? hops : guess === undefined ? ['?'] : [guess.name];
  const between = severalText(path) ?? named.map(escapeInline).join(' ─ ');
  const way = `client ─HTTP/${escapeInline(clientHttp)}─ ${between} ─ origin`;
  return direct === undefined
    ? `${way} (looked at alone)`
    : `${way} ${escapeInline(direct)} (looked at both ways)`;
}

/** `nginx ─ haproxy?`; nothing where there is one. */
function severalText({ proxies }: CheckResult['path']): string | undefined {
  return proxies.length > 1 ? proxies.map(shortName).join(' ─ ') : undefined;
}

/** Less than that is a guess. */
const SURE = 0.7;

function shortName({ candidates: [likeliest], via }: ProxySeen): string {
  if (likeliest === undefined) return escapeInline(via ?? '?');
  return escapeInline(likeliest.name) + (likeliest.confidence < SURE ? '?' : '');
}

/** A row each, numbered from the client: causes and fixes name them so. */
function proxyRows({ proxies, proxyOrder }: CheckResult['path']): Row[] {
  const order =
    proxyOrder === 'assumed' ? ' (which of them comes first is not seen: this is the usual order)' : '';
  return [
    ['proxies', `${proxies.length}, from the client to the origin${order}:`],
    ...proxies.map((proxy, at): Row => ['', `${at + 1}  ${proxyText(proxy)}`]),
  ];
}

function proxyText({ candidates, via }: ProxySeen): string {
  if (candidates.length === 0) return `calls itself ${escapeInline(via ?? '?')} in Via`;
  const names = candidates.map(
    ({ name, version, confidence }) =>
      `${escapeInline(name)}${version === undefined ? '' : ` ${escapeInline(version)}`} (${percentage(confidence)})`,
  );
  const reasons = [...new Set(candidates.flatMap(({ because }) => because))];
  return `probably ${names.join(' or ')}${reasonsText(reasons)}`;
}

function guessText({ name, confidence, because }: ProxyGuess): string {
  return `probably ${escapeInline(name)} (${percentage(confidence)})${reasonsText(because)}`;
}

function reasonsText(because: readonly string[]): string {
  return because.length === 0 ? '' : `: ${because.map(escapeInline).join(', ')}`;
}

/** `95 %` */
export function percentage(share: number): string {
  return `${Math.round(share * 100)} %`;
}
