import * as v from 'valibot';
import { RecordingError } from './recording-error.ts';

/** Milliseconds: thirty years. */
const LONGEST_MS = 1e12;

/** The end of the year 9999, in milliseconds since the epoch. */
const LATEST_MS = 253_402_300_799_999;

const text = v.string('a text');
const maybeText = v.nullish(text);
/** Programs write null for what is no number. */
const milliseconds = v.nullish(
  v.pipe(
    v.number('milliseconds'),
    v.minValue(-1, 'milliseconds, or -1 for what there was not'),
    v.maxValue(LONGEST_MS, `milliseconds, at most ${LONGEST_MS}`),
  ),
);
const size = v.nullish(v.pipe(v.number('a number of bytes'), v.safeInteger('a number of bytes')));
const oneLine = v.nullish(v.pipe(text, v.regex(/^[^\r\n]*$/, 'a text of one line')));
const object = <T extends v.ObjectEntries>(entries: T) => v.object(entries, 'an object');
const list = <T extends v.GenericSchema>(item: T) => v.array(item, 'a list');

const headers = v.optional(
  list(object({ name: v.pipe(text, v.nonEmpty('the name of a header')), value: text })),
  [],
);

const message = object({
  time: v.nullish(
    v.pipe(
      v.number('seconds since the epoch'),
      v.minValue(0, 'seconds since the epoch'),
      v.maxValue(LATEST_MS / 1000, 'seconds since the epoch, before the year 10000'),
    ),
  ),
  eventName: oneLine,
  eventId: v.nullish(v.pipe(text, v.regex(/^[^\r\n\0]*$/, 'a text of one line, without NUL'))),
  data: maybeText,
  _t: v.optional(v.pipe(v.number('milliseconds'), v.minValue(0, 'milliseconds'), v.maxValue(LONGEST_MS))),
});

const entrySchema = object({
  startedDateTime: v.nullish(v.pipe(text, v.check(isDate, 'a date as ISO 8601 writes it'))),
  time: milliseconds,
  request: object({
    method: v.pipe(text, v.nonEmpty('a method')),
    url: text,
    headers,
  }),
  response: object({
    status: v.pipe(
      v.number('an HTTP status, or 0 for none'),
      v.integer('an HTTP status, or 0 for none'),
      v.minValue(0, 'an HTTP status, or 0 for none'),
      v.maxValue(599, 'an HTTP status, to 599'),
    ),
    statusText: maybeText,
    httpVersion: maybeText,
    headers,
    content: v.optional(
      object({
        size,
        mimeType: maybeText,
        text: maybeText,
        encoding: maybeText,
      }),
      {},
    ),
    redirectURL: maybeText,
    bodySize: size,
    _error: maybeText,
  }),
  timings: v.optional(
    object({
      blocked: milliseconds,
      dns: milliseconds,
      connect: milliseconds,
      send: milliseconds,
      wait: milliseconds,
    }),
    {},
  ),
  _eventSourceMessages: v.optional(list(message), []),
  _ssekitBefore: v.optional(list(v.unknown()), []),
  _ssekitOpen: v.optional(v.unknown()),
  _ssekitClose: v.optional(v.unknown()),
});

/** A stream of a HAR file: what of its entry tells of it. */
export type HarEntry = v.InferOutput<typeof entrySchema>;

/**
 * @param ordinal its number in the file, from 1
 * @throws RecordingError that names the field that is wrong, and what is accepted
 */
export function parseHarEntry(value: unknown, ordinal: number): HarEntry {
  const result = v.safeParse(entrySchema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = issue.path?.map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)) ?? [];
  const name = path.join('').slice(1);
  const found = issue.input === undefined ? `has no "${name}"` : `has "${name}": ${shown(issue.input)}`;
  throw new RecordingError(`entry ${ordinal} of the HAR file ${found}`, {
    hint: issue.input === undefined ? 'HAR 1.2 demands it' : `accepted: ${issue.message}`,
  });
}

/** The beginning of a value, on one line. */
function shown(value: unknown): string {
  const json = (JSON.stringify(value) ?? '').replace(/[\p{Cc}\p{Cf}]/gu, ' ');
  return json.length > 60 ? `${json.slice(0, 57)}…` : json;
}

function isDate(written: string): boolean {
  const ms = Date.parse(written);
  return ms >= 0 && ms <= LATEST_MS;
}
