import type { CloseReason } from '../client/records.ts';
import { RecordingError } from './recording-error.ts';
import type { RecordingRecord } from './records.ts';

/** The version of the format that is read here. */
const VERSION = 1;

const FORMAT = 'a recording is NDJSON: what `ssekit listen --record` or `--format ndjson` writes';

const LINE_END = /[\r\n]/;
/** Receivers ignore an id with NUL. */
const LINE_END_OR_NUL = /[\r\n\0]/;

/** Every {@link CloseReason}. */
const REASONS: Readonly<Record<CloseReason, true>> = {
  eof: true,
  truncated: true,
  reset: true,
  idle: true,
  status: true,
  wrong_type: true,
  no_content: true,
  connect_error: true,
  protocol: true,
  client: true,
};

type Fields = Record<string, unknown>;

/**
 * One line of a recording.
 *
 * @param line its number, for the message
 * @throws RecordingError that says what is wrong with the line and what is accepted
 */
export function parseRecordLine(text: string, line: number): RecordingRecord {
  const value = parseObject(text, line);
  const { type } = value;
  if (typeof type !== 'string') {
    throw new RecordingError(`${shown(text)} has no "type"`, { line, hint: FORMAT });
  }
  const fields = new LineFields(value, type, line);
  switch (type) {
    case 'open':
      return openRecord(fields);
    case 'chunk':
      return chunkRecord(fields);
    case 'event':
      fields.textual('data');
      fields.textual('event', 'optional');
      fields.textual('id', 'optional');
      fields.textual('lastEventId', 'optional');
      fields.numeric('bytes', 'optional');
      fields.numeric('reads', 'optional');
      fields.without('event', LINE_END, 'an event type of one line');
      fields.without('id', LINE_END_OR_NUL, 'an id of one line, without NUL');
      return fields.ofConnection();
    case 'comment':
      fields.textual('text');
      return fields.ofConnection();
    case 'retry':
      fields.numeric('ms');
      if (Number(value.ms) < 0) throw fields.wrong('ms', undefined, 'milliseconds, 0 or more');
      return fields.ofConnection();
    case 'close':
      fields.textual('reason');
      // An ending that isn't known can't be repeated, and fields are only ever added to the format.
      if (!Object.hasOwn(REASONS, String(value.reason))) {
        throw fields.wrong('reason', undefined, `one of ${Object.keys(REASONS).join(', ')}`);
      }
      for (const name of ['by', 'code', 'message', 'hint', 'body']) fields.textual(name, 'optional');
      for (const name of ['status', 'events', 'bytes', 'wireBytes', 'pendingBytes', 'exit'])
        fields.numeric(name, 'optional');
      fields.timing();
      return fields.ofConnection();
    case 'reconnect':
      fields.numeric('delayMs', 'optional');
      fields.textual('cause', 'optional');
      return fields.ofConnection();
    default:
      return { type: 'other', name: type, value };
  }
}

const OPEN_TEXTS = [
  'ts',
  'url',
  'method',
  'statusText',
  'http',
  'framing',
  'encoding',
  'remoteAddress',
  'tls',
  'proxy',
] as const;

function openRecord(fields: LineFields): RecordingRecord {
  const { v, status, redirects } = fields.value;
  if (v !== VERSION) {
    throw fields.wrong('v', `is of version ${shown(JSON.stringify(v) ?? 'unknown')}`, `version ${VERSION}`);
  }
  if (!Number.isInteger(status) || Number(status) < 200 || Number(status) > 599) {
    throw fields.wrong('status', undefined, 'an HTTP status, 200 to 599');
  }
  fields.headers('headers');
  if (fields.value.requestHeaders !== undefined) fields.headers('requestHeaders');
  fields.timing();
  for (const name of OPEN_TEXTS) fields.textual(name, 'optional');
  fields.numeric('remotePort', 'optional');
  if (redirects !== undefined && !(Array.isArray(redirects) && redirects.every(isRedirect))) {
    throw fields.wrong('redirects', undefined, 'a list of objects with "status", "from" and "to"');
  }
  return fields.ofConnection();
}

function chunkRecord(fields: LineFields): RecordingRecord {
  const { b64, ends, ...rest } = fields.value;
  // Node takes anything for base64, and makes less of it.
  if (typeof b64 !== 'string' || b64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(b64)) {
    throw fields.wrong('b64', undefined, 'the bytes in base64, padded');
  }
  fields.textual('enc', 'optional');
  const bytes = Buffer.from(b64, 'base64');
  if (ends !== undefined && !areEnds(ends, bytes.length)) {
    throw fields.wrong('ends', undefined, 'offsets from 1 to the number of bytes, in their order');
  }
  return new LineFields(
    { ...rest, bytes, ...(ends === undefined ? {} : { ends }) },
    'chunk',
    fields.line,
  ).ofConnection();
}

/** The fields of a line, with what is said of those that are wrong. */
class LineFields {
  readonly value: Fields;
  readonly line: number;
  readonly #type: string;

  constructor(value: Fields, type: string, line: number) {
    this.value = value;
    this.#type = type;
    this.line = line;
  }

  /** The record, now that its own fields are right, where the fields that all have are right too. */
  ofConnection(): RecordingRecord {
    this.numeric('t');
    const { conn } = this.value;
    if (!Number.isSafeInteger(conn) || Number(conn) < 1) {
      throw this.wrong('conn', undefined, 'the number of a connection, from 1');
    }
    return this.value as unknown as RecordingRecord;
  }

  textual(name: string, presence: 'required' | 'optional' = 'required'): void {
    const value = this.value[name];
    if (value === undefined && presence === 'optional') return;
    if (typeof value !== 'string') throw this.wrong(name, undefined, 'a text');
  }

  /** What no block of an event stream could carry is in no record of one. */
  without(name: string, pattern: RegExp, accepted: string): void {
    const value = this.value[name];
    if (typeof value === 'string' && pattern.test(value)) throw this.wrong(name, undefined, accepted);
  }

  /** Milliseconds by names. */
  timing(): void {
    const { timing } = this.value;
    if (timing === undefined) return;
    if (!isObject(timing) || !Object.values(timing).every(Number.isFinite)) {
      throw this.wrong('timing', undefined, 'an object of milliseconds');
    }
  }

  headers(name: string): void {
    const headers = this.value[name];
    if (!isObject(headers) || !Object.values(headers).every(isHeaderValue)) {
      throw this.wrong(name, undefined, 'an object of names, each with a text or a list of texts');
    }
  }

  numeric(name: string, presence: 'required' | 'optional' = 'required'): void {
    if (this.value[name] === undefined && presence === 'optional') return;
    if (!Number.isFinite(this.value[name])) throw this.wrong(name, undefined, 'a number');
  }

  wrong(name: string, problem: string | undefined, accepted: string): RecordingError {
    const value = this.value[name];
    const found = value === undefined ? `has no "${name}"` : `has "${name}": ${shown(JSON.stringify(value))}`;
    const message = `the record of type ${shown(JSON.stringify(this.#type))} ${problem ?? found}`;
    return new RecordingError(message, { line: this.line, hint: `accepted: ${accepted}` });
  }
}

function parseObject(text: string, line: number): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new RecordingError(`${shown(text)} is not JSON`, { line, hint: FORMAT, cause });
  }
  if (!isObject(value)) throw new RecordingError(`${shown(text)} is no JSON object`, { line, hint: FORMAT });
  return value;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isHeaderValue(value: unknown): boolean {
  return (
    typeof value === 'string' || (Array.isArray(value) && value.every((each) => typeof each === 'string'))
  );
}

function isRedirect(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { status, from, to, dropped } = value;
  const named = typeof status === 'number' && typeof from === 'string' && typeof to === 'string';
  return named && (dropped === undefined || (Array.isArray(dropped) && dropped.every(isText)));
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function areEnds(value: unknown, length: number): boolean {
  if (!Array.isArray(value)) return false;
  let last = 0;
  return value.every((each) => {
    const rising = Number.isInteger(each) && each > last && each <= length;
    last = each;
    return rising;
  });
}

/** The beginning of a text, on one line, without what could drive a terminal. */
function shown(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}]/gu, ' ');
  return plain.length > 60 ? `${plain.slice(0, 57)}…` : plain;
}
