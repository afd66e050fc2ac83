import type { CloseInfo, HeaderPair, OpenInfo } from '../client/records.ts';
import { harTimings } from './har-timings.ts';

/**
 * HTTP Archive 1.2 (http://www.softwareishard.com/blog/har-12-spec/), written from its beginning to its end: an entry
 * for each attempt, its events in `_eventSourceMessages`, as Chrome's developer tools export them. Only the entry under
 * way is not whole, so that nothing has to be kept in memory. Every line ends where something is complete: a file that
 * was cut can be read up to its last whole line.
 *
 * What HAR has no place for and a replay needs stands in fields of our own: an entry's `_ssekitOpen` and
 * `_ssekitClose` are its records as a recording has them, `_ssekitBefore` those between it and the entry before
 * (`_ssekitAfter` of the log: behind the last one), and a message's `_t` is when it came in the run, in milliseconds.
 */

export interface HarRequest {
  method: string;
  url: string;
  headers: readonly HeaderPair[];
  http: string;
  /** What was sent with it, as it may be shown. */
  body?: { text: string; bytes: number } | undefined;
}

/** The beginning of an attempt. Records are lines of a recording. */
interface EntryStart {
  wallMs: number;
  remoteAddress?: string | undefined;
  before: readonly string[];
  /** Absent where no answer came. */
  open?: string | undefined;
}

interface HarMessage {
  /** Seconds since the epoch. */
  time: number;
  eventName: string;
  eventId: string;
  data: string;
  _t: number;
}

/** What every HAR file of ours begins with. */
export const HAR_BEGINNING = '{"log":{"version":"1.2","creator":{"name":"ssekit",';

/** The beginning of the file. */
export function harBeginning(version: string): string {
  return `${HAR_BEGINNING}"version":${JSON.stringify(version)}},"pages":[],"entries":[`;
}

/** The rest of the file. `after`: the records behind the last entry. */
export function harEnd(after: readonly string[]): string {
  return `\n]${recordsField('_ssekitAfter', after)}}}\n`;
}

/** An entry up to its first event. `ordinal` counts the entries of the file from 0. */
export function entryBeginning(request: HarRequest, start: EntryStart, ordinal: number): string {
  const fields = entryFields(request, start);
  const { open, before } = start;
  const own = recordsField('_ssekitBefore', before) + (open === undefined ? '' : `,"_ssekitOpen":${open}`);
  return `${separator(ordinal)}${fields.slice(0, -1)}${own},"_eventSourceMessages":[`;
}

/** A request that was answered with a redirect: a whole entry. When it was answered is not known. */
export function redirectEntry(
  request: HarRequest,
  { status, to, wallMs }: { status: number; to: string; wallMs: number },
  ordinal: number,
): string {
  const fields = entryFields(request, { wallMs });
  const rest = {
    response: { ...NO_RESPONSE, status, redirectURL: to },
    timings: { send: 0, wait: 0, receive: 0 },
    time: 0,
    comment: 'a redirect: its time is in that of the entry that it leads to',
  };
  return `${separator(ordinal)}${fields.slice(0, -1)},${JSON.stringify(rest).slice(1)}`;
}

/** An event of the entry. `ordinal` counts those of the entry from 0. */
export function harMessage(message: HarMessage, ordinal: number): string {
  return separator(ordinal) + JSON.stringify(message);
}

/**
 * The rest of an entry.
 *
 * @param open the answer, its headers as they may be shown; absent where none came
 * @param record the end, as a line of a recording
 */
export function entryEnd(open: OpenInfo | undefined, close: CloseInfo, record: string): string {
  const fields = JSON.stringify({ response: responseObject(open, close), ...harTimings(close) });
  return `\n],${fields.slice(1, -1)},"_ssekitClose":${record}}`;
}

function separator(ordinal: number): string {
  return ordinal === 0 ? '\n' : ',\n';
}

function recordsField(name: string, records: readonly string[]): string {
  return records.length === 0 ? '' : `,${JSON.stringify(name)}:[${records.join(',')}]`;
}

function entryFields(
  request: HarRequest,
  { wallMs, remoteAddress }: Pick<EntryStart, 'wallMs' | 'remoteAddress'>,
) {
  return JSON.stringify({
    startedDateTime: new Date(wallMs).toISOString(),
    _resourceType: 'eventsource',
    request: requestObject(request),
    cache: {},
    ...(remoteAddress === undefined ? {} : { serverIPAddress: remoteAddress }),
  });
}

function requestObject({ method, url, headers, http, body }: HarRequest): object {
  const [, mimeType = ''] = headers.find(([name]) => name.toLowerCase() === 'content-type') ?? [];
  return {
    method,
    url,
    httpVersion: http === '' ? '' : `HTTP/${http}`,
    cookies: [],
    headers: headers.map(([name, value]) => ({ name, value })),
    queryString: queryOf(url),
    ...(body === undefined ? {} : { postData: { mimeType, params: [], text: body.text } }),
    headersSize: -1,
    bodySize: body?.bytes ?? -1,
  };
}

const NO_RESPONSE = {
  status: 0,
  statusText: '',
  httpVersion: '',
  cookies: [],
  headers: [],
  content: { size: 0, mimeType: 'x-unknown' },
  redirectURL: '',
  headersSize: -1,
  bodySize: -1,
};

function responseObject(open: OpenInfo | undefined, close: CloseInfo): object {
  const error = close.error === undefined ? {} : { _error: close.error.code };
  // Of a redirect that could not be followed the status is all that is known.
  if (open === undefined) return { ...NO_RESPONSE, status: close.status ?? 0, ...error };
  const coded = open.encoding !== 'identity';
  return {
    ...NO_RESPONSE,
    status: open.status,
    statusText: open.statusText,
    httpVersion: `HTTP/${open.http}`,
    headers: open.headers.map(([name, value]) => ({ name, value })),
    content: {
      size: close.bytes,
      ...(coded ? { compression: close.bytes - close.wireBytes } : {}),
      mimeType: open.contentType === '' ? 'x-unknown' : open.contentType,
    },
    bodySize: close.wireBytes,
    ...error,
  };
}

function queryOf(url: string): object[] {
  if (!URL.canParse(url)) return [];
  return [...new URL(url).searchParams].map(([name, value]) => ({ name, value }));
}
