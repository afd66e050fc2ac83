import type { CloseInfo, HeaderPair, Marks, OpenInfo } from '../client/records.ts';
import { toMicroseconds } from '../stats/microseconds.ts';

/**
 * HTTP Archive 1.2 (http://www.softwareishard.com/blog/har-12-spec/), written from its beginning to its end: an entry
 * for each attempt, its events in `_eventSourceMessages`, as Chrome's developer tools export them. Only the entry under
 * way is not whole, so that nothing has to be kept in memory.
 */

export interface HarRequest {
  method: string;
  url: string;
  headers: readonly HeaderPair[];
  http: string;
}

interface HarMessage {
  /** Seconds since the epoch. */
  time: number;
  eventName: string;
  eventId: string;
  data: string;
}

/** What a HAR file begins with. */
export function harBeginning(version: string): string {
  const creator = JSON.stringify({ name: 'ssekit', version });
  return `{"log":{"version":"1.2","creator":${creator},"pages":[],"entries":[`;
}

export const HAR_END = '\n]}}\n';

/** An entry up to its first event. `ordinal` counts the entries of the file from 0. */
export function entryBeginning(
  request: HarRequest,
  start: { ordinal: number; wallMs: number; remoteAddress?: string | undefined },
): string {
  const fields = {
    startedDateTime: new Date(start.wallMs).toISOString(),
    _resourceType: 'eventsource',
    request: requestObject(request),
    cache: {},
    ...(start.remoteAddress === undefined ? {} : { serverIPAddress: start.remoteAddress }),
  };
  return `${start.ordinal === 0 ? '' : ','}\n${JSON.stringify(fields).slice(0, -1)},"_eventSourceMessages":[`;
}

/** An event of the entry. `ordinal` counts those of the entry from 0. */
export function harMessage(message: HarMessage, ordinal: number): string {
  return `${ordinal === 0 ? '' : ','}\n${JSON.stringify(message)}`;
}

/** The rest of an entry. `open`: the answer, its headers as they may be shown; absent where none came. */
export function entryEnd(open: OpenInfo | undefined, close: CloseInfo): string {
  const { timings, time } = timingsOf(close.marks);
  const fields = { response: responseObject(open, close), timings, time };
  return `],${JSON.stringify(fields).slice(1)}`;
}

function requestObject({ method, url, headers, http }: HarRequest): object {
  return {
    method,
    url,
    httpVersion: http === '' ? '' : `HTTP/${http}`,
    cookies: [],
    headers: headers.map(([name, value]) => ({ name, value })),
    queryString: queryOf(url),
    headersSize: -1,
    bodySize: -1,
  };
}

function responseObject(open: OpenInfo | undefined, close: CloseInfo): object {
  const error = close.error === undefined ? {} : { _error: close.error.code };
  if (open === undefined) {
    const content = { size: 0, mimeType: 'x-unknown' };
    const nothing = { status: 0, statusText: '', httpVersion: '', cookies: [], headers: [], redirectURL: '' };
    return { ...nothing, content, headersSize: -1, bodySize: -1, ...error };
  }
  const coded = open.encoding !== 'identity';
  return {
    status: open.status,
    statusText: open.statusText,
    httpVersion: `HTTP/${open.http}`,
    cookies: [],
    headers: open.headers.map(([name, value]) => ({ name, value })),
    content: {
      size: close.bytes,
      ...(coded ? { compression: close.bytes - close.wireBytes } : {}),
      mimeType: open.contentType === '' ? 'x-unknown' : open.contentType,
    },
    redirectURL: '',
    headersSize: -1,
    bodySize: close.wireBytes,
    ...error,
  };
}

/** The phases between the marks, in milliseconds; -1 for those that there were not. `time` is their sum. */
function timingsOf(marks: Readonly<Marks>): { timings: object; time: number } {
  const { start, dns, tcp, tls, sent, headers, end = start } = marks;
  const connected = tls ?? tcp;
  const ready = connected ?? dns ?? start;
  const asked = sent ?? ready;
  const answered = headers ?? end;
  const phases = {
    blocked: -1,
    dns: dns === undefined ? -1 : dns - start,
    connect: connected === undefined ? -1 : connected - (dns ?? start),
    send: Math.max(0, asked - ready),
    wait: Math.max(0, answered - asked),
    receive: Math.max(0, end - answered),
  };
  const ssl = tls === undefined || tcp === undefined ? -1 : tls - tcp;
  const time = Object.values(phases).reduce((sum, each) => sum + Math.max(0, each), 0);
  const rounded = Object.entries({ ...phases, ssl }).map(([name, ms]) => [name, toMicroseconds(ms)]);
  return { timings: Object.fromEntries(rounded), time: toMicroseconds(time) };
}

function queryOf(url: string): object[] {
  if (!URL.canParse(url)) return [];
  return [...new URL(url).searchParams].map(([name, value]) => ({ name, value }));
}
