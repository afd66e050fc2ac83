import { parseContentEncoding } from '../../client/content-coding.ts';
import { SseKitError } from '../../client/errors.ts';
import { headerValue } from '../../client/headers.ts';
import type { CloseReason, Framing, HeaderPair, Marks, OpenInfo, Warning } from '../../client/records.ts';
import type { CloseRecord, OpenRecord, OtherRecord, RecordedTiming } from '../../recording/records.ts';
import { toMicroseconds } from '../../stats/microseconds.ts';
import type { AttemptRecord } from './recorded-run.ts';

const FRAMINGS: readonly Framing[] = ['chunked', 'length', 'close', 'h2'];
const VERSIONS = ['1.0', '1.1', '2'] as const;
const MARKS = [
  'dns',
  'tcp',
  'tls',
  'sent',
  'headers',
  'firstByte',
  'firstComment',
  'firstEvent',
  'end',
] as const;

/** When the attempt began that the record is the first of; `t` is its time in the run. */
export function startOf(record: AttemptRecord, t: number): number {
  if (record.type === 'open') return toMicroseconds(t - (record.timing?.headers ?? 0));
  if (record.type === 'close') return toMicroseconds(t - (record.timing?.end ?? 0));
  // A stream without a head of which nobody had to be asked: it was there when the run began.
  return record.conn === 1 ? 0 : t;
}

/** Sets the marks that a record tells of. */
export function setMarks(marks: Marks, timing: RecordedTiming | undefined): void {
  for (const name of MARKS) {
    const since = timing?.[name];
    if (since !== undefined) marks[name] = toMicroseconds(marks.start + since);
  }
}

/** The answer, as far as the recording tells it. */
export function openInfoOf(record: OpenRecord, marks: Marks): OpenInfo {
  const headers = pairs(record.headers);
  const codings = parseContentEncoding(headerValue(headers, 'content-encoding') ?? '');
  const { remoteAddress, remotePort, tls, proxy } = record;
  return {
    url: record.url ?? '',
    method: record.method ?? 'GET',
    status: record.status,
    statusText: record.statusText ?? '',
    headers,
    http: VERSIONS.find((each) => each === record.http) ?? '1.1',
    framing: FRAMINGS.find((each) => each === record.framing) ?? 'close',
    encoding: record.encoding ?? (codings.length === 0 ? 'identity' : codings.join(', ')),
    contentType: headerValue(headers, 'content-type') ?? '',
    ...(remoteAddress === undefined ? {} : { remoteAddress }),
    ...(remotePort === undefined ? {} : { remotePort }),
    ...(tls === undefined ? {} : { tls }),
    ...(proxy === undefined ? {} : { proxy }),
    redirects: (record.redirects ?? []).map((each) => ({ dropped: [], ...each })),
    requestHeaders: pairs(record.requestHeaders ?? {}),
    marks,
  };
}

/** What the attempt failed with: neither a clean end nor one of ours is a failure. */
export function errorOf(record: CloseRecord): SseKitError | undefined {
  const { reason, code, exit, message, hint } = record;
  if (reason === 'eof' || reason === 'client') return undefined;
  return new SseKitError(code ?? 'RECORDED', exit ?? exitOf(record), message ?? ENDINGS[reason], { hint });
}

/** For recordings that tell no more than the reason. */
const ENDINGS: Readonly<Record<Exclude<CloseReason, 'eof' | 'client'>, string>> = {
  truncated: 'the transfer was cut short',
  reset: 'the connection was reset',
  idle: 'no byte came for the idle timeout',
  status: 'the answer had a status other than 200',
  wrong_type: 'not text/event-stream',
  no_content: 'HTTP 204: the server has no stream for us',
  connect_error: 'could not connect',
  protocol: 'the answer broke the rules of HTTP',
};

function exitOf({ reason, status = 500 }: CloseRecord): number {
  if (reason === 'status') return status < 300 ? 11 : Math.floor(status / 100);
  const codes = {
    truncated: 18,
    reset: 56,
    idle: 28,
    wrong_type: 11,
    no_content: 52,
    connect_error: 7,
    protocol: 8,
  };
  return reason === 'eof' || reason === 'client' ? 0 : codes[reason];
}

function pairs(headers: OpenRecord['headers']): HeaderPair[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().map((each): HeaderPair => [name, each]),
  );
}

/** Made anew from the same bytes: by the session, or where findings are asked for. */
const REMADE = 'retry-clamped';

/** A warning of the connection, which nothing else in the recording tells of. */
export function warningOf({ name, value }: OtherRecord): Warning | undefined {
  const { type: _type, conn: _conn, t: _t, code, message, severity, ...further } = value;
  if (name !== 'warn' || typeof code !== 'string' || typeof message !== 'string') return undefined;
  // Only findings have one.
  if (code === REMADE || severity !== undefined) return undefined;
  return { code, ...further, message };
}
