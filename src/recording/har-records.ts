import { RecordingError } from './recording-error.ts';
import type { EventRecord, RecordingRecord } from './records.ts';

/** A HAR file is one JSON text, and has to be in memory as a whole. */
const MAX_HAR_BYTES = 256 * 1024 * 1024;

const HINT = 'in the network panel of the developer tools: Export HAR, with the stream in the list';

interface HarEntry {
  startedDateTime?: string;
  request?: { method?: string; url?: string };
  response?: {
    status?: number;
    statusText?: string;
    httpVersion?: string;
    headers?: { name: string; value: string }[];
    content?: { mimeType?: string; text?: string; encoding?: string };
    _error?: unknown;
  };
  timings?: Record<string, number>;
  time?: number;
  _eventSourceMessages?: { time?: number; eventName?: string; eventId?: string; data?: string }[];
}

/**
 * The streams of a HAR file as records, one connection after the other: their events where the browser kept them, else
 * the body. Where a HAR file has both an event's id and time they are kept; its bytes it never has.
 *
 * @throws RecordingError for what is no HAR file, or has no stream in it
 */
export async function* harRecords(
  bytes: AsyncIterable<Buffer>,
): AsyncGenerator<RecordingRecord, void, undefined> {
  const entries = (await readEntries(bytes)).filter(isStream);
  if (entries.length === 0) {
    throw new RecordingError('there is no event stream in the HAR file', { hint: HINT });
  }
  const first = startOf(entries[0]);
  let earliest = 0;
  for (const [index, entry] of entries.entries()) {
    // Streams that were open at the same time are told one after the other.
    const startedAt = Math.max(earliest, startOf(entry) - first);
    for (const record of recordsOf(entry, index + 1, startedAt)) {
      earliest = Math.max(earliest, record.t);
      yield record;
    }
  }
}

type Told = Exclude<RecordingRecord, { type: 'other' }>;

function* recordsOf(entry: HarEntry, conn: number, startedAt: number): Generator<Told> {
  const { request = {}, response = {}, timings = {}, time = 0 } = entry;
  const phases = ['blocked', 'dns', 'connect', 'send', 'wait'];
  const headersMs = phases.reduce((sum, name) => sum + Math.max(0, timings[name] ?? 0), 0);
  const status = response.status ?? 0;
  if (status < 200) {
    yield { type: 'close', conn, t: startedAt + time, reason: 'connect_error', timing: { end: time } };
    return;
  }
  const openedAt = startedAt + headersMs;
  yield {
    type: 'open',
    conn,
    t: openedAt,
    ...(entry.startedDateTime === undefined
      ? {}
      : { ts: new Date(startOf(entry) + headersMs).toISOString() }),
    status,
    statusText: response.statusText ?? '',
    headers: headersOf(response.headers ?? [], response.content?.mimeType),
    url: request.url ?? '',
    method: request.method ?? 'GET',
    http: /^h2|HTTP\/2/i.test(response.httpVersion ?? '') ? '2' : '1.1',
    encoding: 'identity',
    timing: { headers: headersMs },
  };
  let last = openedAt;
  for (const record of contentOf(entry, conn, { openedAt, startedAt })) {
    last = Math.max(last, record.t);
    yield record;
  }
  const t = Math.max(last, startedAt + time);
  yield { type: 'close', conn, t, reason: 'eof', status, timing: { headers: headersMs, end: t - startedAt } };
}

function* contentOf(
  { _eventSourceMessages: messages, response, startedDateTime }: HarEntry,
  conn: number,
  { openedAt, startedAt }: { openedAt: number; startedAt: number },
): Generator<Told> {
  if (messages === undefined || messages.length === 0) {
    const { text = '', encoding } = response?.content ?? {};
    const bytes = Buffer.from(text, encoding === 'base64' ? 'base64' : 'utf8');
    if (bytes.length > 0) yield { type: 'chunk', conn, t: openedAt, bytes };
    return;
  }
  let lastEventId = '';
  const epoch = startedDateTime === undefined ? Number.NaN : Date.parse(startedDateTime);
  let t = openedAt;
  for (const { time, eventName, eventId: id = '', data = '' } of messages) {
    const eventId = String(id);
    const since = (time ?? Number.NaN) * 1000 - epoch;
    if (since >= 0) t = Math.max(t, startedAt + since);
    const event: EventRecord = {
      type: 'event',
      conn,
      t,
      event: String(eventName || 'message'),
      data: String(data),
      lastEventId: eventId,
    };
    yield eventId === lastEventId ? event : { ...event, id: eventId };
    lastEventId = eventId;
  }
}

async function readEntries(source: AsyncIterable<Buffer>): Promise<HarEntry[]> {
  const blocks: Buffer[] = [];
  let bytes = 0;
  for await (const block of source) {
    bytes += block.length;
    if (bytes > MAX_HAR_BYTES) {
      throw new RecordingError(`a HAR file larger than ${MAX_HAR_BYTES / 1024 ** 2} MB`, {
        hint: 'export the stream alone',
      });
    }
    blocks.push(block);
  }
  try {
    const { log } = JSON.parse(
      Buffer.concat(blocks)
        .toString()
        .replace(/^\ufeff/, ''),
    ) as {
      log: { entries?: unknown };
    };
    if (!Array.isArray(log.entries)) throw new SyntaxError('it has no list of entries');
    return log.entries.filter((each) => typeof each === 'object' && each !== null) as HarEntry[];
  } catch (cause) {
    const { message } = cause as Error;
    throw new RecordingError(`a HAR file that is not whole: ${message}`, { hint: HINT, cause });
  }
}

function isStream({ _eventSourceMessages, response }: HarEntry): boolean {
  return _eventSourceMessages !== undefined || /^text\/event-stream/i.test(response?.content?.mimeType ?? '');
}

function startOf(entry: HarEntry | undefined): number {
  const ms = Date.parse(entry?.startedDateTime ?? '');
  return Number.isNaN(ms) ? 0 : ms;
}

/** The body is decoded already. */
function headersOf(headers: { name: string; value: string }[], mimeType: string | undefined) {
  const pairs = headers.map(({ name, value }) => [name.toLowerCase(), value] as const);
  const kept = pairs.filter(([name]) => name !== 'content-encoding' && !name.startsWith(':'));
  const type = mimeType === undefined ? {} : { 'content-type': mimeType };
  return { ...type, ...Object.fromEntries(kept) };
}
