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
  else if (path.guess !== undefined)
    rows.push(['proxy', guessText(path.guess, path, mode === 'passive' && origin === undefined)]);
  const isToExplain = results.some(({ fault }) => fault !== undefined);
  if (isToExplain && (path.guess?.confidence ?? 0) < SURE) rows.push(...ruledOutRows(path));
  const { forwardedFor = 0 } = path;
  if (forwardedFor > Math.max(1, path.proxies.length)) {
    rows.push([
      'besides',
      `X-Forwarded-For has ${forwardedFor} addresses: at least so many proxies are on the way`,
    ]);
  }
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
  const guessed = guess === undefined ? '?' : guess.name + (guess.confidence < SURE ? '?' : '');
  const named = hops.length > 0 ? hops : [guessed];
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

function proxyText({ candidates, via }: ProxySeen, beside = ''): string {
  if (candidates.length === 0) return `calls itself ${escapeInline(via ?? '?')} in Via`;
  const names = candidates.map(
    ({ name, version, confidence }) =>
      `${escapeInline(name)}${version === undefined ? '' : ` ${escapeInline(version)}`} (${percentage(confidence)})`,
  );
  const reasons = [...new Set(candidates.flatMap(({ because }) => because))];
  return `${likelyText(candidates)} ${names.join(' or ')}${beside}${reasonsText(reasons)}`;
}

function likelyText([likeliest]: ProxySeen['candidates']): string {
  return likeliest !== undefined && likeliest.confidence >= SURE ? 'probably' : 'maybe';
}

/** As many as anybody reads. */
const MOST_NAMES = 6;

/** Who is not there is of interest where nobody knows who is. */
function ruledOutRows({ ruledOut = [] }: CheckResult['path']): Row[] {
  const reasons = [...new Set(ruledOut.flatMap(({ because }) => because.slice(0, 1)))];
  const texts = reasons.map((reason) => {
    const names = ruledOut
      .filter(({ because }) => because[0] === reason)
      .map(({ name }) => escapeInline(name));
    const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
    return `${names.slice(0, MOST_NAMES).join(', ')}${more} (${escapeInline(reason)})`;
  });
  return texts.length === 0 ? [] : [['not', texts.join('; ')]];
}

/** With those who are possible, too, where it is no more than a guess; who answers may write so himself, with nobody in between. */
function guessText(guess: ProxyGuess, { proxies: [seen] }: CheckResult['path'], isAlone: boolean): string {
  if (guess.confidence >= SURE) return proxyText({ candidates: [guess] });
  const others = seen?.candidates.filter(({ name }) => name !== guess.name) ?? [];
  return proxyText({ candidates: [guess, ...others] }, isAlone ? ', or nobody' : '');
}

function reasonsText(because: readonly string[]): string {
  return because.length === 0 ? '' : `: ${because.map(escapeInline).join(', ')}`;
}

/** `95 %` */
export function percentage(share: number): string {
  return `${Math.round(share * 100)} %`;
}
