import type { Framing } from '../client/records.ts';
import type { HarEnding } from './har-ending.ts';
import type { HarEntry } from './har-entry.ts';
import type { CloseRecord, OpenRecord } from './records.ts';

/** The answer of an entry that a browser wrote; `undefined` where none came. Its connection is 0. */
export function openRecord(entry: HarEntry, startedAt: number): OpenRecord | undefined {
  const { request, response, startedDateTime } = entry;
  const { status, statusText, headers, httpVersion } = response;
  if (status < 200) return undefined;
  const http = /^h[23]|HTTP\/[23]/i.test(httpVersion ?? '') ? '2' : '1.1';
  const headersMs = headersMsOf(entry);
  const contentType = contentTypeOf(entry);
  const recorded = headerLists(headers);
  if (contentType !== '') recorded['content-type'] ??= contentType;
  const ts = startedDateTime ? new Date(Date.parse(startedDateTime) + headersMs).toISOString() : undefined;
  return {
    type: 'open',
    conn: 0,
    t: startedAt + headersMs,
    ...(ts === undefined ? {} : { ts }),
    status,
    statusText: statusText ?? '',
    headers: recorded,
    url: request.url,
    method: request.method,
    requestHeaders: headerLists(request.headers),
    http,
    framing: framingOf(http, recorded),
    // Bodies stand in the file decoded.
    encoding: 'identity',
    timing: { headers: headersMs },
  };
}

/** The end of an entry that a browser wrote. Its connection is 0. */
export function closeRecord(
  entry: HarEntry,
  ending: Omit<HarEnding, 'known' | 'rejected'>,
  startedAt: number,
): CloseRecord {
  const { status, content, bodySize } = entry.response;
  const headersMs = headersMsOf(entry);
  const end = Math.max(headersMs, entry.time ?? 0);
  return {
    type: 'close',
    conn: 0,
    t: startedAt + end,
    ...ending,
    ...(status < 200 ? {} : { status }),
    ...sizeOf('bytes', content.size),
    ...sizeOf('wireBytes', bodySize),
    timing: status < 200 ? { end } : { headers: headersMs, end },
  };
}

/** -1 and 0 say that nothing is known. */
function sizeOf(name: 'bytes' | 'wireBytes', size: number | null | undefined) {
  return size && size > 0 ? { [name]: size } : {};
}

function framingOf(http: string, headers: OpenRecord['headers']): Framing {
  if (http === '2') return 'h2';
  if (/chunked/i.test(String(headers['transfer-encoding'] ?? ''))) return 'chunked';
  return headers['content-length'] === undefined ? 'close' : 'length';
}

/** Milliseconds from the start until the headers had come. */
function headersMsOf({ timings }: HarEntry): number {
  const { blocked, dns, connect, send, wait } = timings;
  return [blocked, dns, connect, send, wait].reduce<number>((sum, each) => sum + Math.max(0, each ?? 0), 0);
}

/** Wall clock at its start, in milliseconds since the epoch; 0 where it is not known. */
export function startOf({ startedDateTime }: HarEntry): number {
  return startedDateTime ? Date.parse(startedDateTime) : 0;
}

export function contentTypeOf({ response }: HarEntry): string {
  const header = response.headers.find(({ name }) => name.toLowerCase() === 'content-type');
  return header?.value ?? response.content.mimeType ?? '';
}

/** Without the pseudo-headers of HTTP/2. */
function headerLists(pairs: HarEntry['request']['headers']): Record<string, string | string[]> {
  const lists = new Map<string, string[]>();
  for (const { name, value } of pairs) {
    if (name.startsWith(':')) continue;
    const key = name.toLowerCase();
    lists.set(key, [...(lists.get(key) ?? []), value]);
  }
  return Object.fromEntries(
    [...lists].map(([name, [first = '', ...more]]) => [name, more.length === 0 ? first : [first, ...more]]),
  );
}
