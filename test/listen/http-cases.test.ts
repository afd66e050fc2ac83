import { describe, test } from 'node:test';
import { assertHttpCase, type Exchange, type HttpCase } from './http-case.ts';

type Requested = Omit<Exchange, 'response'>;

function stream(body: string, requested: Requested = {}, type = 'text/event-stream'): Exchange {
  return {
    ...requested,
    response: { status: 200, headers: { 'Content-Type': type }, body: Buffer.from(body) },
  };
}

function refusal(status: number, headers: Record<string, string> = {}, body = ''): Exchange {
  return { response: { status, headers, body: Buffer.from(body) } };
}

const EVENT_STREAM = { 'Content-Type': 'text/event-stream' };
const gone: HttpCase['expect'] = { events: [], outcome: 'failed', reconnects: false };

const cases: Record<string, HttpCase> = {
  'the request accepts event streams and bypasses caches': {
    exchanges: [
      stream('data: a\n\n', {
        requestHeaders: { Accept: 'text/event-stream', 'Cache-Control': 'no-cache' },
        absentRequestHeaders: ['Last-Event-ID', 'Accept-Encoding'],
      }),
    ],
    expect: { events: ['a'], outcome: 'opened' },
  },
  'a stream that ended is asked for again, with the last id': {
    exchanges: [
      stream('retry: 5\nid: 1\ndata: a\n\n'),
      stream('data: b\n\n', { requestHeaders: { 'Last-Event-ID': '1' } }),
      stream('id: 2\ndata: c\n\n', { requestHeaders: { 'Last-Event-ID': '1' } }),
    ],
    expect: { events: ['a', 'b', 'c'], lastEventIds: ['1', '1', '2'] },
  },
  'an id in a block without data counts for the next request': {
    exchanges: [
      stream('retry: 5\ndata: a\n\nid: 9\n\n'),
      stream('data: b\n\n', { requestHeaders: { 'Last-Event-ID': '9' } }),
    ],
    expect: { events: ['a', 'b'], lastEventIds: ['', '9'] },
  },
  'an empty id takes the last one away': {
    exchanges: [
      stream('retry: 5\nid: 1\ndata: a\n\nid\ndata: b\n\n'),
      stream('data: c\n\n', { absentRequestHeaders: ['Last-Event-ID'] }),
    ],
    expect: { events: ['a', 'b', 'c'], lastEventIds: ['1', '', ''] },
  },
  'an id with a NUL is ignored': {
    exchanges: [
      stream('retry: 5\nid: 1\0\ndata: a\n\n'),
      stream('data: b\n\n', { absentRequestHeaders: ['Last-Event-ID'] }),
    ],
    expect: { events: ['a', 'b'], lastEventIds: ['', ''] },
  },
  'an id that is not ASCII goes out as its UTF-8 bytes': {
    exchanges: [
      stream('retry: 5\nid: …\ndata: a\n\n'),
      stream('data: b\n\n', {
        requestHeaders: { 'Last-Event-ID': Buffer.from('…').toString('latin1') },
      }),
    ],
    expect: { events: ['a', 'b'], lastEventIds: ['…', '…'] },
  },
  'an unfinished block is dropped at the end, its id too': {
    exchanges: [
      stream('retry: 5\ndata: a\n\nid: 1\ndata: lost\n'),
      stream('data: b\n\n', { absentRequestHeaders: ['Last-Event-ID'] }),
    ],
    expect: { events: ['a', 'b'], lastEventIds: ['', ''] },
  },
  'retry: with anything but digits is ignored': {
    exchanges: [stream('retry: 300\nretry: 9s\nretry: -1\nretry: 1e9\ndata: a\n\n'), stream('data: b\n\n')],
    expect: { events: ['a', 'b'], reconnectDelayMs: 300, toleranceRatio: 0.5 },
  },
  '204 ends it': { exchanges: [refusal(204)], expect: gone },
  '204 after a stream ends it': {
    exchanges: [stream('retry: 5\ndata: a\n\n'), refusal(204)],
    expect: { events: ['a'], outcome: 'failed', reconnects: false },
  },
  'a status that is no 200 ends it': { exchanges: [refusal(205, EVENT_STREAM)], expect: gone },
  '404 ends it, whatever its body': {
    exchanges: [refusal(404, EVENT_STREAM, 'data: no\n\n')],
    expect: gone,
  },
  'a wrong type ends it': { exchanges: [stream('data: no\n\n', {}, 'text/plain')], expect: gone },
  'a type that is none ends it': { exchanges: [stream('data: no\n\n', {}, 'x bogus')], expect: gone },
  'the body is UTF-8, whatever charset is named': {
    exchanges: [stream('data: ok…\n\n', {}, 'text/event-stream;charset=windows-1252')],
    expect: { events: ['ok…'] },
  },
  '503 is asked again, although a browser would give up': {
    exchanges: [stream('retry: 5\ndata: a\n\n'), refusal(503), stream('data: b\n\n')],
    expect: { events: ['a', 'b'] },
  },
};
for (const status of [301, 302, 303, 307, 308]) {
  cases[`${status} leads to the stream`] = {
    exchanges: [refusal(status, { Location: '{next}' }), stream('data: a\n\n')],
    expect: { events: ['a'], outcome: 'opened' },
  };
}

describe('a client of the standard:', { concurrency: 8 }, () => {
  for (const [title, each] of Object.entries(cases)) {
    test(title, (t) => assertHttpCase(t, each));
  }
});
