import { closeRecord, contentTypeOf, openRecord, startOf } from './har-answer.ts';
import { harEndingOf, type Rejector } from './har-ending.ts';
import { type HarEntry, parseHarEntry } from './har-entry.ts';
import { CUT_HINT, HAR_HINT, readHar } from './har-file.ts';
import { parseRecordLine } from './record-line.ts';
import { RecordingError } from './recording-error.ts';
import type { EventRecord, OtherRecord, RecordingRecord } from './records.ts';

interface HarReading {
  rejectionOf: Rejector;
  /** A file of ours was cut in that line. */
  onCutLine(line: number): void;
}

/**
 * The streams of a HAR file as records, one connection after the other: their events where the browser kept them, else
 * the body. A file of ours has the records of its attempts; of others their answers, sizes and errors are taken, and
 * how a stream without an error ended is not known.
 *
 * @throws RecordingError for what is no HAR file, has no stream in it, or has an entry that is wrong
 */
export async function* harRecords(
  bytes: AsyncIterable<Buffer>,
  reading: HarReading,
): AsyncGenerator<RecordingRecord, void, undefined> {
  const { entries, after = [], isCut, cutLine } = await readHar(bytes);
  const streams = entries
    .map((value, index) => ({ value, ordinal: index + 1, cut: isCut && index === entries.length - 1 }))
    .filter(({ value }) => isStream(value))
    .map(({ value, ordinal, cut }) => streamOf(value, ordinal, cut))
    .filter(({ entry }) => !isRedirect(entry));
  if (cutLine !== undefined) reading.onCutLine(cutLine);
  const [first] = streams;
  if (first === undefined) {
    throw new RecordingError('there is no event stream in the HAR file', {
      hint: isCut ? CUT_HINT : HAR_HINT,
    });
  }
  const teller = new Teller(startOf(first.entry), reading.rejectionOf);
  for (const stream of streams) yield* teller.stream(stream);
  yield* teller.own(after, 'the log');
}

interface Stream {
  entry: HarEntry;
  ordinal: number;
  /** Its end is not in the file. */
  cut: boolean;
}

/** Times of records: none is before that of another which was told earlier. */
class Teller {
  readonly #originMs: number;
  readonly #rejectionOf: Rejector;
  #conn = 0;
  #t = 0;
  #lastEventId = '';
  #warned = false;

  /** @param originMs wall clock at the start of the first entry */
  constructor(originMs: number, rejectionOf: Rejector) {
    this.#originMs = originMs;
    this.#rejectionOf = rejectionOf;
  }

  *stream({ entry, ordinal, cut }: Stream): Generator<RecordingRecord> {
    const place = `entry ${ordinal}`;
    yield* this.own(entry._ssekitBefore, place);
    this.#conn++;
    this.#lastEventId = '';
    const { _ssekitOpen: open, _ssekitClose: close } = entry;
    if (open === undefined && close === undefined && !cut) return yield* this.#foreign(entry);
    if (open !== undefined) yield this.#placed(ofType('open', open, place));
    yield* this.#messages(entry, 0);
    if (close !== undefined) yield this.#placed(ofType('close', close, place));
  }

  *#foreign(entry: HarEntry): Generator<RecordingRecord> {
    // Streams that were open at the same time are told one after the other.
    const startedAt = Math.max(this.#t, startOf(entry) - this.#originMs);
    const open = openRecord(entry, startedAt);
    if (open !== undefined) yield this.#placed(open);
    const { known, rejected, ...ending } = harEndingOf(entry, contentTypeOf(entry), this.#rejectionOf);
    if (!rejected && entry._eventSourceMessages.length === 0) yield* this.#body(entry);
    else yield* this.#messages(entry, startedAt);
    if (!known) yield* this.#warnOfEnd();
    yield this.#placed(closeRecord(entry, ending, startedAt));
  }

  /** Records that stand in the file as they are, between two attempts. */
  *own(values: readonly unknown[], place: string): Generator<RecordingRecord> {
    for (const value of values) {
      const record = parseOwn(value, place);
      if (record.type === 'reconnect' || record.type === 'other') yield this.#between(record);
    }
  }

  *#body({ response }: HarEntry): Generator<RecordingRecord> {
    const { text, encoding } = response.content;
    const bytes = Buffer.from(text ?? '', encoding === 'base64' ? 'base64' : 'utf8');
    if (bytes.length > 0) yield this.#placed({ type: 'chunk', conn: 0, t: 0, bytes });
  }

  *#messages(entry: HarEntry, startedAt: number): Generator<RecordingRecord> {
    const { _eventSourceMessages: messages, startedDateTime } = entry;
    const epoch = startedDateTime ? Date.parse(startedDateTime) : Number.NaN;
    for (const { time, eventName, eventId, data, _t: t } of messages) {
      const since = (time ?? Number.NaN) * 1000 - epoch;
      const lastEventId = eventId ?? '';
      const event: EventRecord = {
        type: 'event',
        conn: 0,
        t: t ?? (since >= 0 ? startedAt + since : 0),
        event: eventName || 'message',
        data: data ?? '',
        lastEventId,
      };
      yield this.#placed(lastEventId === this.#lastEventId ? event : { ...event, id: lastEventId });
      this.#lastEventId = lastEventId;
    }
  }

  *#warnOfEnd(): Generator<RecordingRecord> {
    if (this.#warned) return;
    this.#warned = true;
    const message = 'a HAR file does not tell how its streams ended: they count as left, not as ended';
    const value = { type: 'warn', conn: this.#conn, t: this.#t, code: 'end-unknown', message };
    yield { type: 'other', name: 'warn', value };
  }

  #placed<T extends Exclude<RecordingRecord, OtherRecord>>(record: T): T {
    this.#t = Math.max(this.#t, record.t);
    return { ...record, conn: this.#conn, t: this.#t };
  }

  /** It announces the next attempt, or tells that there was none. */
  #between(record: Extract<RecordingRecord, { type: 'reconnect' | 'other' }>): RecordingRecord {
    const { t } = record.type === 'other' ? record.value : record;
    if (typeof t === 'number') this.#t = Math.max(this.#t, t);
    const place = { conn: this.#conn + 1, t: this.#t };
    if (record.type === 'reconnect') return { ...record, ...place };
    return { ...record, value: { ...record.value, ...place } };
  }
}

function streamOf(value: unknown, ordinal: number, cut: boolean): Stream {
  // What an entry of ours ends with is not there yet.
  const whole = cut ? { response: { status: 0 }, ...(value as object) } : value;
  return { entry: parseHarEntry(whole, ordinal), ordinal, cut };
}

function isStream(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { _eventSourceMessages: messages, _resourceType: type, response } = value as Record<string, unknown>;
  const mimeType = (response as { content?: { mimeType?: unknown } } | null | undefined)?.content?.mimeType;
  return messages !== undefined || type === 'eventsource' || /^text\/event-stream/i.test(String(mimeType));
}

/** It has been followed: the entry that it leads to is the attempt. */
function isRedirect({ response, _ssekitClose: close }: HarEntry): boolean {
  return close === undefined && response.status >= 300 && response.status < 400 && !!response.redirectURL;
}

function ofType<T extends 'open' | 'close'>(type: T, value: unknown, place: string) {
  const record = parseOwn(value, place);
  if (record.type === type) return record as Extract<RecordingRecord, { type: T }>;
  throw new RecordingError(`${place} of the HAR file has another record in place of its ${type}`, {
    hint: 'these fields are written by `ssekit listen --record FILE.har`',
  });
}

function parseOwn(value: unknown, place: string): RecordingRecord {
  try {
    return parseRecordLine(JSON.stringify(value) ?? '', 1);
  } catch (cause) {
    if (!(cause instanceof RecordingError)) throw cause;
    const message = cause.message.replace(/^line 1: /, '');
    throw new RecordingError(`${place} of the HAR file: ${message}`, { hint: cause.hint, cause });
  }
}
