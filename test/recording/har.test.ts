import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { rejectionOf } from '../../src/client/rejection.ts';
import { entryBeginning, entryEnd, harBeginning, harEnd, harMessage } from '../../src/recording/har.ts';
import { harRecords } from '../../src/recording/har-records.ts';
import { parseRecordLine } from '../../src/recording/record-line.ts';
import { RecordingError } from '../../src/recording/recording-error.ts';
import type { RecordingRecord } from '../../src/recording/records.ts';
import { line } from './recording-files.ts';

const START = Date.UTC(2026, 0, 1);

/** What a browser exports of a stream. */
const ENTRY = {
  startedDateTime: new Date(START).toISOString(),
  time: 4000,
  _resourceType: 'eventsource',
  request: {
    method: 'GET',
    url: 'https://example.com/events',
    headers: [{ name: 'Origin', value: 'https://example.com' }],
  },
  response: {
    status: 200,
    statusText: 'OK',
    httpVersion: 'http/1.1',
    headers: [{ name: 'Transfer-Encoding', value: 'chunked' }],
    content: { size: 120, mimeType: 'text/event-stream' },
    bodySize: 90,
    _error: null as string | null,
  },
  timings: { blocked: 1, dns: -1, connect: -1, send: 0.5, wait: 8.5, receive: 3990 },
  _eventSourceMessages: [
    { time: START / 1000 + 1.5, eventName: 'message', eventId: '7', data: 'a' },
    { time: START / 1000 + 3, eventName: 'x', eventId: '7', data: 'b' },
  ],
};

interface Read {
  records: RecordingRecord[];
  cutLine?: number;
}

async function read(text: string): Promise<Read> {
  const result: Read = { records: [] };
  const onCutLine = (at: number) => {
    result.cutLine = at;
  };
  async function* bytes() {
    yield Buffer.from(text);
  }
  for await (const record of harRecords(bytes(), { rejectionOf, onCutLine })) result.records.push(record);
  return result;
}

async function ofEntries(...entries: unknown[]): Promise<RecordingRecord[]> {
  return (await read(JSON.stringify({ log: { version: '1.2', entries } }))).records;
}

function ofType<T extends RecordingRecord['type']>(records: readonly RecordingRecord[], type: T) {
  return records.filter((record): record is Extract<RecordingRecord, { type: T }> => record.type === type);
}

describe('a HAR file of a browser', () => {
  test('tells what its headers and sizes tell', async () => {
    const records = await ofEntries(ENTRY);
    const [open] = ofType(records, 'open');
    assert.deepEqual([open?.framing, open?.http], ['chunked', '1.1']);
    assert.deepEqual(open?.requestHeaders, { origin: 'https://example.com' });
    assert.deepEqual(open?.headers, {
      'transfer-encoding': 'chunked',
      'content-type': 'text/event-stream',
    });
    const [close] = ofType(records, 'close');
    assert.deepEqual([close?.bytes, close?.wireBytes, close?.t], [120, 90, 4000]);
    const framings = [
      [{ headers: [{ name: 'content-length', value: '120' }] }, 'length'],
      [{ headers: [] }, 'close'],
      [{ headers: [], httpVersion: 'h3' }, 'h2'],
    ] as const;
    for (const [response, framing] of framings) {
      const other = await ofEntries({ ...ENTRY, response: { ...ENTRY.response, ...response } });
      assert.equal(ofType(other, 'open')[0]?.framing, framing);
    }
  });

  test('ends by its status, its content type and its network error', async () => {
    const cases: [response: object, reason: string, exit: number | undefined, message: RegExp][] = [
      [{ _error: 'net::ERR_INCOMPLETE_CHUNKED_ENCODING' }, 'truncated', undefined, /INCOMPLETE_CHUNKED/],
      [{ _error: 'net::ERR_CONTENT_LENGTH_MISMATCH' }, 'truncated', undefined, /MISMATCH/],
      [{ _error: 'net::ERR_CONNECTION_RESET' }, 'reset', undefined, /net::ERR_CONNECTION_RESET/],
      [{ _error: 'net::ERR_TIMED_OUT' }, 'idle', undefined, /TIMED_OUT/],
      [{ _error: 'net::ERR_ABORTED' }, 'client', undefined, /^$/],
      [{ status: 503, statusText: 'Service Unavailable' }, 'status', 5, /^HTTP 503 Service Unavailable$/],
      [{ status: 204 }, 'no_content', 52, /204/],
      [{ content: { mimeType: 'text/html', text: '<p>' } }, 'wrong_type', 11, /text\/html/],
      [{ status: 0, _error: 'net::ERR_CONNECTION_REFUSED' }, 'connect_error', undefined, /REFUSED/],
      [{ status: 0 }, 'connect_error', undefined, /no answer came/],
    ];
    for (const [response, reason, exit, message] of cases) {
      const records = await ofEntries({ ...ENTRY, response: { ...ENTRY.response, ...response } });
      const [close] = ofType(records, 'close');
      assert.deepEqual([close?.reason, close?.exit], [reason, exit], JSON.stringify(response));
      assert.match(close?.message ?? '', message);
      assert.deepEqual(ofType(records, 'other'), []);
    }
  });

  test('does not tell how a stream without an error ended: it counts as left, which is said once', async () => {
    const records = await ofEntries(ENTRY, ENTRY);
    assert.deepEqual(
      ofType(records, 'close').map(({ conn, reason, by }) => [conn, reason, by]),
      [
        [1, 'client', 'signal'],
        [2, 'client', 'signal'],
      ],
    );
    assert.deepEqual(
      ofType(records, 'other').map(({ name, value }) => [name, value.code]),
      [['warn', 'end-unknown']],
    );
  });

  test('has redirects that were followed: they are no attempts', async () => {
    const response = { ...ENTRY.response, status: 302, redirectURL: 'https://example.com/events' };
    const records = await ofEntries({ ...ENTRY, response, _eventSourceMessages: undefined }, ENTRY);
    assert.equal(ofType(records, 'open').length, 1);
  });
});

describe('a HAR file that is wrong', () => {
  const cases: [what: object, message: RegExp, hint: RegExp][] = [
    [{ _eventSourceMessages: [null] }, /entry 1 .* "_eventSourceMessages\[0\]": null/, /an object/],
    [{ _eventSourceMessages: 5 }, /"_eventSourceMessages": 5/, /a list/],
    [{ _eventSourceMessages: [{ time: 1e308 }] }, /"_eventSourceMessages\[0\]\.time": 1e\+308/, /seconds/],
    [{ _eventSourceMessages: [{ eventName: 'a\nb' }] }, /eventName": "a\\nb"/, /one line/],
    [{ response: undefined }, /has no "response"/, /demands/],
    [{ response: { ...ENTRY.response, headers: 'abc' } }, /"response\.headers": "abc"/, /a list/],
    [{ response: { ...ENTRY.response, headers: [{}] } }, /no "response\.headers\[0\]\.name"/, /demands/],
    [{ response: { ...ENTRY.response, status: 99999 } }, /"response\.status": 99999/, /HTTP status/],
    [{ timings: null }, /"timings": null/, /an object/],
    [{ timings: { wait: 'abc' } }, /"timings\.wait": "abc"/, /milliseconds/],
    [{ timings: { wait: 1e308 } }, /"timings\.wait": 1e\+308/, /milliseconds, at most/],
    [{ startedDateTime: 'soon' }, /"startedDateTime": "soon"/, /ISO 8601/],
    [{ _ssekitOpen: { type: 'close' } }, /entry 1 .* "close" has no "reason"/, /./],
    [{ _ssekitClose: [] }, /entry 1 .* no JSON object/, /./],
    [{ _ssekitOpen: line.close('eof') }, /another record in place of its open/, /./],
  ];
  for (const [wrong, message, hint] of cases) {
    test(`is refused for ${JSON.stringify(wrong).slice(0, 70)}`, async () => {
      await assert.rejects(ofEntries({ ...ENTRY, ...wrong }), (error) => {
        assert.ok(error instanceof RecordingError, String(error));
        assert.match(error.message, message);
        assert.match(error.hint, hint);
        return true;
      });
    });
  }

  test('is refused whatever is wrong, or read as records that are right', async () => {
    const value = fc.oneof(fc.anything(), fc.constantFrom(null, -1, 1e308, '', [], {}, [null], 'text', 0));
    const paths = pathsIn(ENTRY);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), value, async (path, put) => {
        const json = JSON.stringify({ log: { entries: [replaced(ENTRY, path, put), ENTRY] } });
        let records: RecordingRecord[];
        try {
          ({ records } = await read(json));
        } catch (error) {
          assert.ok(error instanceof RecordingError, (error as Error).stack);
          return;
        }
        let last = 0;
        for (const record of records) {
          if (record.type === 'chunk' || record.type === 'other') continue;
          const versioned = record.type === 'open' ? { v: 1, ...record } : record;
          parseRecordLine(JSON.stringify(versioned), 1);
          assert.ok(record.t >= last);
          last = record.t;
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('a HAR file of ours', () => {
  const request = { method: 'GET', url: 'http://a/', headers: [], http: '1.1' };
  const marks = { planned: 0, start: 0, end: 5 };
  const counts = { events: 2, comments: 0, bytes: 1, wireBytes: 1, pendingBytes: 0, lastEventId: '' };
  const entry = (conn: number, ordinal: number) => {
    const record = (made: object) => JSON.stringify(made);
    const open = record(line.open({ conn, t: conn * 10 }));
    const before = ordinal === 0 ? [] : [record({ type: 'reconnect', conn, t: conn * 10 - 5, delayMs: 5 })];
    const message = (n: number) => {
      const t = conn * 10 + n;
      return harMessage(
        { time: (START + t) / 1000, eventName: 'x', eventId: '', data: `${n}\n]}`, _t: t },
        n,
      );
    };
    const close = record(line.close('reset', { conn, t: conn * 10 + 2 }));
    return [
      entryBeginning(request, { wallMs: START, before, open }, ordinal),
      message(0),
      message(1),
      entryEnd(undefined, { reason: 'reset', ...counts, marks }, close),
    ];
  };
  const left = JSON.stringify({ type: 'left', conn: 3, t: 23, by: 'signal' });
  const text = [harBeginning('1.0.0'), ...entry(1, 0), ...entry(2, 1), harEnd([left])].join('');

  test('has the records of its attempts, with those between them', async () => {
    const { records, cutLine } = await read(text);
    assert.equal(cutLine, undefined);
    assert.deepEqual(
      records.map((record) => (record.type === 'other' ? record.name : `${record.type} ${record.t}`)),
      'open 10,event 10,event 11,close 12,reconnect 15,open 20,event 20,event 21,close 22,left'.split(','),
    );
  });

  test('is read as far as it goes, wherever it was cut', async () => {
    const { records } = await read(text);
    const least = harBeginning('1.0.0').length + (entry(1, 0)[0] ?? '').length;
    let most = 0;
    for (let length = least; length < text.trimEnd().length; length++) {
      const cut = await read(text.slice(0, length));
      assert.deepEqual(cut.records, records.slice(0, cut.records.length));
      assert.ok(cut.records.length >= most, `${length}`);
      const isBetweenLines = text[length - 1] === '\n' || /^,?\n/.test(text.slice(length));
      assert.equal(cut.cutLine, isBetweenLines ? undefined : text.slice(0, length).split('\n').length);
      most = cut.records.length;
    }
    assert.equal(most, records.length - 1);
    for (const length of [9, 60, least - 1])
      await assert.rejects(read(text.slice(0, length)), RecordingError);
  });
});

type Path = (string | number)[];

function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, each]) => pathsIn(each, [...path, key]))];
}

/** A copy with another value at the path. */
function replaced(value: unknown, path: Path, put: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return put;
  const copy: Record<string, unknown> = Array.isArray(value)
    ? ([...value] as never)
    : { ...(value as object) };
  copy[key] = replaced(copy[key], rest, put);
  return copy;
}
