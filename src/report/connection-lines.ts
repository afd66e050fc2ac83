import type { OpenInfo, Redirect } from '../client/records.ts';
import type { SentRequest } from '../client/stream-sink.ts';
import type { Timing } from '../results/listen.ts';
import { maskHeaders, maskUrl } from '../results/redaction.ts';
import { displayWidth } from './display-width.ts';
import { escapeInline } from './escape.ts';

/** The phases of a connection in the order they end, with the names of the `timing` record. */
const PHASES = ['dns', 'tcp', 'tls', 'sent', 'headers'] as const;

/** A request that left so long after the connection was ready is a delay of ours, not the server's. */
const LATE_REQUEST_MS = 2;

const FRAMING_WORDS = {
  chunked: 'chunked',
  length: 'with Content-Length',
  close: 'until the connection ends',
  h2: '',
} as const;

/** What answered and how: status, type, protocol, framing, coding, address, proxy. */
export function connectionParts(info: OpenInfo): string[] {
  const type = info.contentType === '' ? 'no Content-Type' : info.contentType;
  const protocol = `HTTP/${info.http} ${FRAMING_WORDS[info.framing]}`.trimEnd();
  const parts = [statusText(info), escapeInline(type), protocol];
  if (info.encoding !== 'identity' && info.encoding !== '') parts.push(escapeInline(info.encoding));
  if (info.tls !== undefined) parts.push(info.tls);
  if (info.remoteAddress !== undefined) parts.push(address(info.remoteAddress, info.remotePort));
  if (info.proxy !== undefined) parts.push(`via proxy ${info.proxy}`);
  return parts;
}

/** `404 Not Found`, or the number alone where the server sent no words (HTTP/2 has none). */
export function statusText(info: Pick<OpenInfo, 'status' | 'statusText'>): string {
  return `${info.status} ${escapeInline(info.statusText)}`.trimEnd();
}

/**
 * `dns 1 · tcp 2 · tls 9 · headers 40 ms`: when each phase was over, from the attempt's start; `sent` only where it
 * explains something.
 */
export function phaseTimes(timing: Timing): string {
  const { dns = 0, tcp = 0, tls = 0, sent = 0 } = timing;
  const late = sent - Math.max(dns, tcp, tls) >= LATE_REQUEST_MS;
  const parts = PHASES.flatMap((phase) => {
    const at = timing[phase];
    return at === undefined || (phase === 'sent' && !late) ? [] : [`${phase} ${shortMs(at)}`];
  });
  return parts.length === 0 ? '' : `${parts.join(' · ')} ms`;
}

/** `302 http://a/ → http://b/`, with the credentials that stayed behind. */
export function redirectText(redirect: Redirect, showSecrets: boolean): string {
  const url = (text: string) => escapeInline(showSecrets ? text : maskUrl(text));
  const dropped =
    redirect.dropped.length === 0
      ? ''
      : ` (another origin: without ${redirect.dropped.map(escapeInline).join(', ')})`;
  return `${redirect.status} ${url(redirect.from)} → ${url(redirect.to)}${dropped}`;
}

/** Status line and headers as the server wrote them, one a line, without line ends. */
export function headerLines(info: OpenInfo, showSecrets: boolean): string[] {
  const headers = showSecrets ? info.headers : maskHeaders(info.headers);
  return [`HTTP/${info.http} ${statusText(info)}`, ...headers.map(([name, value]) => `${name}: ${value}`)];
}

/** A request's line and headers, one a line, without line ends. */
export function requestLines(request: SentRequest, showSecrets: boolean): string[] {
  const target = showSecrets ? request.target : maskUrl(request.target);
  const headers = showSecrets ? request.headers : maskHeaders(request.headers);
  return [`${request.method} ${target}`, ...headers.map(([name, value]) => `${name}: ${value}`)];
}

/** Joins parts with ` · ` into lines of at most `width` columns; a part longer than that has its own line. */
export function joinParts(parts: readonly string[], width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const part of parts) {
    const longer = line === '' ? part : `${line} · ${part}`;
    if (line !== '' && displayWidth(longer) > width) {
      lines.push(line);
      line = part;
    } else {
      line = longer;
    }
  }
  if (line !== '') lines.push(line);
  return lines;
}

function shortMs(ms: number): string {
  return String(ms < 9.95 ? Number(ms.toFixed(1)) : Math.round(ms));
}

function address(host: string, port: number | undefined): string {
  const bracketed = host.includes(':') ? `[${host}]` : host;
  return port === undefined ? bracketed : `${bracketed}:${port}`;
}
