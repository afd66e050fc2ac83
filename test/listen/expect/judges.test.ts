import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SseKitError } from '../../../src/client/errors.ts';
import { events, judged, opened, type ScriptOptions, type Step } from './scripted-run.ts';

const close = (at: number, info: Extract<Step, { kind: 'close' }>['info'] = {}): Step => ({
  at,
  kind: 'close',
  info,
});
const lost = (at: number, reason: 'eof' | 'reset' = 'eof'): Step => ({
  at,
  kind: 'close',
  final: false,
  info: {
    reason,
    ...(reason === 'reset' ? { error: new SseKitError('ECONNRESET', 56, 'reset by peer') } : {}),
  },
});
const event = (at: number, changes: Omit<Extract<Step, { kind: 'event' }>, 'at' | 'kind'> = {}): Step => ({
  at,
  kind: 'event',
  ...changes,
});
const named = (at: number, name: string): Step => event(at, { event: name });
const withId = (at: number, id: string): Step => event(at, { id });
const json = (at: number, value: unknown, name = 'message'): Step =>
  event(at, { event: name, data: JSON.stringify(value) });
/** A second connection: asked for at a time, answered 10 ms later. */
const again = (at: number): Step[] => [
  { at, kind: 'attempt' },
  { at: at + 10, kind: 'open' },
];

type Case = [
  what: string,
  steps: readonly Step[],
  line: string,
  leftAt?: number | undefined,
  options?: ScriptOptions,
];

const CASES: Record<string, Case[]> = {
  'event=ready within 2s': [
    ['it comes in time', [...opened, named(500, 'ready')], 'pass · after 500 ms', 500],
    ['it comes at the last moment', [...opened, named(2000, 'ready')], 'pass · after 2000 ms', 2000],
    [
      'it comes too late',
      [...opened, named(100, 'x'), named(2500, 'ready')],
      'FAIL · none in 2000 ms, 1 other event (x)',
      2000,
    ],
    ['nothing comes', [...opened, close(3000)], 'FAIL · none in 2000 ms, no event at all', 2000],
    [
      'not even an answer comes',
      [{ at: 0, kind: 'attempt' }, close(9000)],
      'FAIL · none in 2000 ms, no event at all',
      2000,
    ],
    ['the stream ends before', [...opened, named(5, 'x'), close(900)], 'FAIL · none, 1 other event (x)'],
    [
      'a later attempt brings it in its own time',
      [...opened, lost(1500), ...again(1900), named(3000, 'ready')],
      'pass · after 1100 ms',
      3000,
    ],
    [
      'a later attempt brings it too late',
      [...opened, lost(1500), ...again(1900), named(4000, 'ready')],
      'FAIL · none in 2000 ms, no event at all',
      3900,
    ],
  ],
  'event=ready': [
    ['it comes at any time', [...opened, named(60_000, 'ready')], 'pass · after 60000 ms', 60_000],
    ['it never comes', [...opened, close(10)], 'FAIL · none, no event at all'],
    [
      'others come',
      [...opened, ...['a', 'b', 'a', 'c', 'd', 'e'].map((name, n) => named(20 + n, name)), close(30)],
      'FAIL · none, 6 other events (a, b, c, …)',
    ],
  ],
  'first event=connected': [
    ['it is the first', [...opened, named(20, 'connected')], 'pass · the first is connected', 20],
    ['another is', [...opened, named(20, 'x'), named(21, 'connected')], 'FAIL · the first is x', 20],
    ['none comes', [...opened, close(20)], 'FAIL · no event came'],
  ],
  'event=ping every 1s': [
    [
      'they come in time',
      [...opened, ...[500, 1500, 2400].map((at) => named(at, 'ping')), close(2500)],
      'pass · longest 1000 ms of 3 gaps',
    ],
    ['the first is late', [...opened, named(1100, 'ping')], 'FAIL · nothing for 1000 ms', 1010],
    [
      'a later one is',
      [...opened, named(500, 'ping'), named(1600, 'ping')],
      'FAIL · nothing for 1000 ms, longest 490 ms of 1 gap',
      1500,
    ],
    [
      'others come meanwhile',
      [...opened, named(500, 'ping'), ...events(800, 1200, 1501)],
      'FAIL · nothing for 1000 ms, longest 490 ms of 1 gap',
      1500,
    ],
    ['the run is too short to tell', [...opened, named(300, 'x'), close(500)], 'FAIL · no ping event came'],
    [
      'the end cuts a wait short',
      [...opened, named(300, 'ping'), close(1200)],
      'pass · longest 290 ms of 1 gap, one cut short after 900 ms',
    ],
    [
      'each connection begins anew',
      [...opened, named(500, 'ping'), lost(1400), ...again(4000), named(4900, 'ping'), close(5000)],
      'pass · longest 890 ms of 2 gaps, one cut short after 900 ms',
    ],
  ],
  'count>=2': [
    ['enough come', [...opened, ...events(20, 30, 40)], 'pass · 2 events', 30],
    [
      'over two connections',
      [...opened, ...events(20), lost(25), ...again(26), ...events(40)],
      'pass · 2 events',
      40,
    ],
    ['too few come', [...opened, ...events(20), close(30)], 'FAIL · 1 event'],
  ],
  'count==2': [
    ['so many come', [...opened, ...events(20, 30), close(40)], 'pass · 2 events'],
    ['one more comes', [...opened, ...events(20, 30, 40, 50)], 'FAIL · 3 events', 40],
    ['too few come', [...opened, ...events(20), close(40)], 'FAIL · 1 event'],
  ],
  'count(event=x)<2': [
    ['others do not count', [...opened, named(20, 'x'), ...events(21, 22), close(30)], 'pass · 1 event'],
    ['too many come', [...opened, named(20, 'x'), named(21, 'x')], 'FAIL · 2 events', 21],
  ],
  'count!=1': [
    ['more come', [...opened, ...events(20, 30)], 'pass · 2 events', 30],
    ['just so many come', [...opened, ...events(20), close(30)], 'FAIL · 1 event'],
  ],
  'comments>=1': [
    ['one comes', [...opened, { at: 20, kind: 'comment' }], 'pass · 1 comment', 20],
    ['none comes', [...opened, ...events(20), close(30)], 'FAIL · 0 comments'],
  ],
  'bytes<25': [
    ['few come', [...opened, ...events(20, 30), close(40)], 'pass · 20 bytes'],
    ['too many come', [...opened, ...events(20, 30, 40)], 'FAIL · 30 bytes', 40],
  ],
  'outages==0': [
    ['there is none', [...opened, ...events(20), close(30)], 'pass · 0 outages'],
    ['there is one', [...opened, lost(30), ...again(40)], 'FAIL · 1 outage', 30],
    [
      'an attempt that never opened is none',
      [{ at: 0, kind: 'attempt' }, lost(3), ...again(40), close(60)],
      'pass · 0 outages',
    ],
  ],
  'lost==0': [
    [
      'none is',
      [...opened, withId(20, '1'), withId(21, '2'), lost(30), ...again(40), withId(60, '3'), close(70)],
      'pass · 0 lost over 1 outage',
    ],
    [
      'two are',
      [...opened, withId(20, '1'), withId(21, '2'), lost(30), ...again(40), withId(60, '5'), close(70)],
      'FAIL · 2 lost over 1 outage',
    ],
    ['there was no outage', [...opened, withId(20, '1'), close(70)], 'pass · no outage'],
    [
      'ids do not tell',
      [...opened, withId(20, 'a'), lost(30), ...again(40), withId(60, 'b'), close(70)],
      "FAIL · can't be told over 1 outage: no ids that count upwards by one before and after",
    ],
  ],
  'repeated==0': [
    [
      'one is',
      [
        ...opened,
        withId(20, '1'),
        withId(21, '2'),
        lost(30),
        ...again(40),
        withId(60, '2'),
        withId(61, '3'),
        close(70),
      ],
      'FAIL · 1 repeated over 1 outage',
    ],
  ],
  'headers<50ms': [
    ['they come in time', [...opened], 'pass · 10 ms', 10],
    [
      'they come late',
      [
        { at: 0, kind: 'attempt' },
        { at: 60, kind: 'open' },
      ],
      'FAIL · no headers in 50 ms',
      50,
    ],
    [
      'an answer that is no stream has some',
      [
        { at: 0, kind: 'attempt' },
        { at: 9, kind: 'open', status: 404 },
        close(11, { reason: 'status', status: 404 }),
      ],
      'pass · 9 ms',
    ],
  ],
  'first-byte<50ms': [
    ['it comes in time', [...opened, { at: 20, kind: 'comment' }], 'pass · 20 ms', 20],
    ['it comes late', [...opened, { at: 60, kind: 'comment' }], 'FAIL · no byte of the body in 50 ms', 50],
  ],
  'first-event<500ms': [
    ['it comes in time', [...opened, ...events(499)], 'pass · 499 ms', 499],
    ['it comes just too late', [...opened, ...events(500)], 'FAIL · 500 ms', 500],
    ['it comes far too late', [...opened, ...events(731)], 'FAIL · no event in 500 ms', 500],
    [
      'comments are none',
      [...opened, { at: 30, kind: 'comment' }, ...events(731)],
      'FAIL · no event in 500 ms',
      500,
    ],
    [
      'the first connection is refused',
      [{ at: 0, kind: 'attempt' }, lost(3, 'reset'), ...again(3000), ...events(3200)],
      'pass · 200 ms',
      3200,
    ],
    ['none comes', [...opened, close(400)], 'FAIL · no event came'],
  ],
  'first-event<=500ms': [['it comes at the limit', [...opened, ...events(500)], 'pass · 500 ms', 500]],
  'first-event>100ms': [
    ['it comes later', [...opened, ...events(150)], 'pass · 150 ms', 150],
    ['it comes earlier', [...opened, ...events(50)], 'FAIL · 50 ms', 50],
  ],
  'first-event(event=x)<1s': [
    ['others come before', [...opened, ...events(20), named(900, 'x')], 'pass · 900 ms', 900],
    [
      'only others come',
      [...opened, ...events(20, 800)],
      'FAIL · no x event in 1000 ms',
      1000,
      { looks: [1001] },
    ],
  ],
  'gap<2s': [
    [
      'all are short',
      [...opened, ...events(100, 1000, 2500), close(2600)],
      'pass · longest 1500 ms of 2 gaps',
    ],
    ['one is long', [...opened, ...events(100, 2200)], 'FAIL · nothing for 2000 ms', 2100],
    ['one is just as long', [...opened, ...events(100, 2100)], 'FAIL · 2000 ms', 2100],
    [
      'the end cuts one short below the limit',
      [...opened, ...events(100), close(2000)],
      'FAIL · no whole gap, one cut short after 1900 ms',
    ],
    [
      'the end cuts one short at the limit',
      [...opened, ...events(100), close(2100)],
      'FAIL · at least 2000 ms, cut short by the end',
    ],
    [
      'events of one read are one arrival',
      [...opened, ...events(100, 100, 600), close(700)],
      'pass · longest 500 ms of 1 gap',
    ],
    [
      'all events come in one read',
      [...opened, ...events(100, 100), close(150)],
      'pass · all at once, one cut short after 50 ms',
    ],
    ['only one comes', [...opened, ...events(100), close(100)], 'FAIL · no whole gap'],
    ['nothing comes', [...opened, close(1000)], 'FAIL · no event came'],
    [
      'between two connections is none',
      [...opened, ...events(100), lost(200), ...again(9000), ...events(9100), close(9200)],
      'FAIL · no whole gap, one cut short after 100 ms',
    ],
    [
      'we did not read for a while',
      [
        ...opened,
        ...events(100),
        { at: 200, kind: 'pause' },
        { at: 9000, kind: 'resume' },
        ...events(9001, 9100),
        close(9200),
      ],
      'pass · longest 99 ms of 1 gap, one cut short after 100 ms',
    ],
    [
      'nothing came after we had not read',
      [
        ...opened,
        ...events(100),
        { at: 200, kind: 'pause' },
        { at: 9000, kind: 'resume' },
        ...events(11_500),
      ],
      'FAIL · nothing for 2000 ms',
      11_000,
    ],
    [
      'the stream ended while we did not read',
      [...opened, ...events(100, 150), { at: 200, kind: 'pause' }, close(9200)],
      'pass · longest 50 ms of 1 gap',
    ],
    [
      'comments do not end one',
      [...opened, ...events(100), { at: 1500, kind: 'comment' }, ...events(2200)],
      'FAIL · nothing for 2000 ms',
      2100,
    ],
  ],
  'gap>100ms': [
    ['all are longer', [...opened, ...events(100, 300, 501), close(510)], 'pass · shortest 200 ms of 2 gaps'],
    ['one is shorter', [...opened, ...events(100, 150)], 'FAIL · 50 ms', 150],
    [
      'the end cuts one short above the limit',
      [...opened, ...events(100), close(201)],
      'pass · no whole gap, one cut short after 101 ms',
    ],
    [
      'the end cuts one short at the limit',
      [...opened, ...events(100), close(200)],
      'FAIL · no whole gap, one cut short after 100 ms',
    ],
    [
      'all events come in one read',
      [...opened, ...events(100, 100), close(150)],
      'FAIL · all at once, one cut short after 50 ms',
    ],
    [
      'we saw only the end of one',
      [
        ...opened,
        ...events(100, 300),
        { at: 310, kind: 'pause' },
        { at: 600, kind: 'resume' },
        ...events(601),
        close(610),
      ],
      'pass · shortest 200 ms of 1 gap',
    ],
  ],
  'gap(event=tick)<1s': [
    [
      'others do not count',
      [...opened, named(100, 'tick'), ...events(600), named(1200, 'tick')],
      'FAIL · nothing for 1000 ms',
      1100,
    ],
  ],
  'keepalive<1s': [
    [
      'comments end silences',
      [...opened, ...[900, 1800].map((at): Step => ({ at, kind: 'comment' })), ...events(2700), close(2800)],
      'pass · longest 900 ms of 3 gaps',
    ],
    ['the first runs from the opening', [...opened, ...events(1200)], 'FAIL · nothing for 1000 ms', 1010],
    [
      'no stream opened',
      [{ at: 0, kind: 'attempt' }, close(3, { reason: 'connect_error' })],
      'FAIL · no stream opened',
    ],
  ],
  'reconnect-time<1s': [
    ['there is no outage', [...opened, close(20)], 'pass · no outage'],
    [
      'it is soon back',
      [...opened, lost(20), ...again(400), close(1000)],
      'pass · longest 390 ms of 1 outage',
    ],
    [
      'failed attempts count',
      [...opened, lost(20), { at: 300, kind: 'attempt' }, lost(310, 'reset'), ...again(1100)],
      'FAIL · not back after 1000 ms',
      1020,
    ],
    [
      'it never comes back',
      [...opened, lost(20), { at: 300, kind: 'attempt' }, close(310, { reason: 'reset' })],
      'FAIL · not back when the run ended',
    ],
    [
      'we leave meanwhile',
      [...opened, lost(20)],
      'pass · one, cut short by the end',
      undefined,
      { by: 'for' },
    ],
  ],
  'outage<1s': [
    [
      'it lasts until an event',
      [...opened, lost(20), ...again(400), ...events(1100)],
      'FAIL · no event after 1000 ms',
      1020,
    ],
    [
      'the event comes in time',
      [...opened, lost(20), ...again(400), ...events(500), close(510)],
      'pass · longest 480 ms of 1 outage',
    ],
  ],
  'data.status=="done"': [
    [
      'one has it',
      [...opened, json(20, { status: 'running' }), json(30, { status: 'done' })],
      'pass · event 2: "done"',
      30,
    ],
    [
      'none has it',
      [...opened, json(20, { status: 'running' }), close(30)],
      'FAIL · in none of 1 event; the last: "running"',
    ],
    [
      'it is missing',
      [...opened, json(20, {}), close(30)],
      'FAIL · in none of 1 event; the last: data.status is missing',
    ],
    [
      'data is no JSON',
      [...opened, event(20, { data: 'status' }), close(30)],
      'FAIL · in none of 1 event; the last: not JSON: "status"',
    ],
    ['nothing comes', [...opened, close(30)], 'FAIL · no event came'],
  ],
  'data=="42"': [
    [
      'text is compared with the text that came',
      [...opened, event(20, { data: '42' })],
      'pass · event 1: "42"',
      20,
    ],
  ],
  'data==42': [['a number with the value', [...opened, event(20, { data: '42' })], 'pass · event 1: 42', 20]],
  'some(event=x) data.a>=2': [
    [
      'others are passed over',
      [...opened, json(20, { a: 9 }), json(30, { a: 2 }, 'x')],
      'pass · event 2: 2',
      30,
    ],
    [
      'a text is not more than a number',
      [...opened, json(20, { a: '9' }, 'x'), close(30)],
      'FAIL · in none of 1 event; the last: "9"',
    ],
  ],
  'every data.id is number': [
    ['all are', [...opened, json(20, { id: 1 }), json(30, { id: 2 }), close(40)], 'pass · 2 events'],
    ['one is not', [...opened, json(20, { id: 1 }), json(30, { id: 'b' })], 'FAIL · event 2: "b"', 30],
    ['one has none', [...opened, json(20, {})], 'FAIL · event 1: data.id is missing', 20],
    ['one is no JSON', [...opened, event(20, { data: 'hello' })], 'FAIL · event 1: not JSON: "hello"', 20],
    [
      'the mark of the end is no data',
      [...opened, json(20, { id: 1 }), event(30, { data: '[DONE]' }), close(40)],
      'pass · 1 event',
    ],
    ['nothing to judge is no success', [...opened, close(40)], 'FAIL · no event came'],
  ],
  'every(event=x) data.a != "b"': [
    ['a missing one passes nothing', [...opened, json(20, {}, 'x')], 'FAIL · event 1: data.a is missing', 20],
    [
      'others may be as they like',
      [...opened, json(20, {}), json(30, { a: 'c' }, 'x'), close(40)],
      'pass · 1 event',
    ],
    ['none has the name', [...opened, json(20, {}), close(40)], 'FAIL · no x event came'],
  ],
  'ids increasing': [
    [
      'as numbers',
      [
        ...opened,
        ...['9', '10', '100000000000000000001', '100000000000000000002'].map((id, n) => withId(20 + n, id)),
        close(90),
      ],
      'pass · 4 ids',
    ],
    [
      'as pairs of Redis',
      [...opened, ...['5-9', '5-10', '6-0'].map((id, n) => withId(20 + n, id)), close(90)],
      'pass · 3 ids',
    ],
    [
      'as text',
      [...opened, ...['a1', 'a2', 'b'].map((id, n) => withId(20 + n, id)), close(90)],
      'pass · 3 ids',
    ],
    [
      'events without one do not count',
      [...opened, withId(20, '1'), ...events(21), withId(22, '2'), close(90)],
      'pass · 2 ids',
    ],
    [
      'the same again does not increase',
      [...opened, withId(20, '7'), withId(21, '7')],
      'FAIL · event 2: 7 after 7',
      21,
    ],
    [
      'a reconnect does not excuse',
      [...opened, withId(20, '7'), lost(30), ...again(40), withId(60, '3')],
      'FAIL · event 2: 3 after 7',
      60,
    ],
    ['there are none', [...opened, ...events(20), close(90)], 'FAIL · no event with an id came'],
  ],
  'no duplicates': [
    [
      'all differ',
      [...opened, ...['1', '2', 'x'].map((id, n) => withId(20 + n, id)), close(90)],
      'pass · 3 different ids',
    ],
    [
      'one comes again',
      [...opened, withId(20, '1'), withId(21, '2'), withId(22, '1')],
      'FAIL · event 3: 1 came before',
      22,
    ],
    [
      'one comes again after a reconnect',
      [...opened, withId(20, '1'), lost(30), ...again(40), withId(60, '1')],
      'FAIL · event 2: 1 came before, on connection 2',
      60,
    ],
    ['there are none', [...opened, ...events(20), close(90)], 'FAIL · no event with an id came'],
  ],
  'ends clean': [
    ['it does', [...opened, ...events(20), close(30)], 'pass · ended cleanly'],
    [
      'with its connection',
      [...opened, ...events(20), close(30, { framing: 'close' })],
      "pass · ended with the connection: completeness can't be proven",
    ],
    [
      'it is cut off',
      [
        ...opened,
        ...events(20),
        close(30, { reason: 'truncated', error: new SseKitError('TRUNCATED', 18, 'ended inside an event') }),
      ],
      'FAIL · ended inside an event',
    ],
    [
      'we leave before',
      [...opened, ...events(20), close(30, { reason: 'client', by: 'for' })],
      'FAIL · it had not ended when we left (--for)',
      undefined,
      { by: 'for' },
    ],
    [
      'one of two connections does not',
      [...opened, lost(30, 'reset'), ...again(40), close(60)],
      'FAIL · reset by peer',
      30,
    ],
    [
      'each of two does, and we leave the second',
      [...opened, lost(30), ...again(40), close(60, { reason: 'client', by: 'for' })],
      'pass · ended cleanly',
      undefined,
      { by: 'for' },
    ],
    [
      'a 204 after events is a goodbye',
      [
        ...opened,
        ...events(20),
        lost(30),
        { at: 40, kind: 'attempt' },
        close(50, { reason: 'no_content', status: 204 }),
      ],
      'pass · 204: the server wants no reconnect',
    ],
  ],
  'status==200': [
    ['it is', [...opened], 'pass · 200', 10],
    [
      'no answer comes',
      [{ at: 0, kind: 'attempt' }, close(3, { reason: 'connect_error' })],
      'FAIL · no answer came',
    ],
  ],
  'header x-a ~ "^b"': [
    [
      'it matches, lines joined',
      [
        { at: 0, kind: 'attempt' },
        {
          at: 9,
          kind: 'open',
          headers: [
            ['X-A', 'b'],
            ['x-a', 'c'],
          ],
        },
      ],
      'pass · "b, c"',
      9,
    ],
    [
      'it does not',
      [
        { at: 0, kind: 'attempt' },
        { at: 9, kind: 'open', headers: [['X-A', 'c']] },
      ],
      'FAIL · "c"',
      9,
    ],
    ['it is absent', [...opened], 'FAIL · absent', 10],
  ],
  'header content-length > 5': [
    [
      'a number is compared as one',
      [
        { at: 0, kind: 'attempt' },
        { at: 9, kind: 'open', headers: [['Content-Length', '10']] },
      ],
      'pass · "10"',
      9,
    ],
  ],
  'header location exists': [
    [
      'secrets in it stay secret',
      [
        { at: 0, kind: 'attempt' },
        { at: 9, kind: 'open', headers: [['Location', '/x?token=abc&page=2']] },
      ],
      'pass · "/x?token=•••&page=2"',
      9,
    ],
  ],
  'header link ~ "prev"': [
    [
      'secrets in it stay secret where it does not match',
      [
        { at: 0, kind: 'attempt' },
        { at: 9, kind: 'open', headers: [['Link', '<https://u:p@h/?api_key=abc>; rel=next']] },
      ],
      'FAIL · "<https://u:•••@h/?api_key=•••>; rel=next"',
      9,
    ],
  ],
  'header set-cookie exists': [
    [
      'its value stays secret',
      [
        { at: 0, kind: 'attempt' },
        { at: 9, kind: 'open', headers: [['Set-Cookie', 'sid=1']] },
      ],
      'pass · "•••"',
      9,
    ],
  ],
  'schema(event=x)=preset:progress': [
    [
      'all are so',
      [...opened, json(20, { taskId: 'a', percent: 5, status: 'running' }, 'x'), json(30, {}), close(40)],
      'pass · 1 event',
    ],
    [
      'one is not',
      [...opened, json(20, { taskId: 'a', percent: 101, status: 'running' }, 'x')],
      'FAIL · event 1: data/percent must be <= 100',
      20,
    ],
    [
      'one is no JSON',
      [...opened, event(20, { event: 'x', data: 'hi' })],
      'FAIL · event 1: not JSON: "hi"',
      20,
    ],
  ],
  'schema=preset:notifications': [
    [
      'what opens the stream has a shape of its own',
      [
        ...opened,
        json(20, { clientId: 'a', serverTime: '2026-01-01T00:00:00Z' }, 'connected'),
        json(30, { code: 1 }, 'error'),
      ],
      "FAIL · event 2: data must have required property 'message'",
      30,
    ],
  ],
};

for (const [rule, cases] of Object.entries(CASES)) {
  describe(rule, () => {
    for (const [what, steps, line, leftAt, options] of cases) {
      test(what, async () => {
        const { lines, leftAt: left, outcome } = await judged([rule], steps, options);
        assert.deepEqual({ lines, leftAt: left }, { lines: [line], leftAt });
        assert.equal(outcome.exitCode === 10, line.startsWith('FAIL'));
      });
    }
  });
}
