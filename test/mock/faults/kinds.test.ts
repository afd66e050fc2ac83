import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createFaultLine } from '../../../src/mock/faults/fault-line.ts';
import type { Outgoing, ResponseHead } from '../../../src/mock/faults/line.ts';
import { parseFault } from '../../../src/mock/faults/parse.ts';
import type { Op } from '../../../src/mock/wire/op.ts';
import { decodeChunks } from '../../sse/recording-sink.ts';
import { allOps, context, event, headOf, INTERVAL_MS, lineOf, show, told, written } from './told.ts';

const ONE = 'id: 1\ndata: 1\n\n';
const TWO = 'id: 2\ndata: 2\n\n';
const THREE = 'id: 3\ndata: 3\n\n';
const HEARTBEAT: Outgoing = { kind: 'heartbeat', event: undefined };

function sent(texts: readonly string[], item: Outgoing): Op[] {
  return lineOf(texts).send(item, 0);
}

/** The events that a client gets. */
function received(ops: readonly Op[]) {
  return decodeChunks([written(ops)]).sink.events;
}

function dataOf(texts: readonly string[], data: string): string | undefined {
  return received(sent(texts, event(1, { data })))[0]?.data;
}

describe('an ending', () => {
  test('in order comes behind its event, and nothing after it', () => {
    assert.deepEqual(told(['eof@2']), [ONE, TWO, 'end']);
  });

  test('by reset waits until its event has left, and 20 ms more', () => {
    assert.deepEqual(told(['reset@1']), [ONE, 'drain', 'wait 20', 'reset']);
  });

  test('by stall keeps keepalives back too', () => {
    const line = lineOf(['stall@1']);
    assert.deepEqual(show(line.send(event(1), 0)), [ONE, 'stall']);
    assert.deepEqual(line.send(HEARTBEAT, 0), []);
    assert.deepEqual(line.finish('end'), []);
  });

  test('without terminator leaves the transfer unfinished: behind an event, or where the stream ends', () => {
    assert.deepEqual(told(['no-terminator@1']), [ONE, 'cut']);
    assert.deepEqual(told(['no-terminator'], 2), [ONE, TWO, 'cut']);
  });

  test('by truncation lies inside a field of its event', () => {
    const [first, rest, ...end] = told(['truncate@2']);
    assert.equal(first, ONE);
    assert.equal(rest, 'id: 2\ndata');
    assert.deepEqual(end, ['cut']);
  });

  test('by truncation lies between two characters', () => {
    const ops = sent(['truncate@1'], event(1, { data: '日本語🚀日本語🚀' }));
    assert.ok(!written(ops).toString().includes('\uFFFD'));
    assert.equal(decodeChunks([written(ops)]).end.insideEvent, true);
  });

  test('with an error event tells it as streams of its kind do', () => {
    const errorEvent = { event: 'failure', data: '{"code":7}' };
    assert.deepEqual(told(['error-event@1'], 3, { errorEvent }), [
      ONE,
      'event: failure\ndata: {"code":7}\n\n',
      'end',
    ]);
  });

  test('hears of no event after it', () => {
    const line = lineOf(['eof@1', 'dup@2']);
    line.send(event(1), 0);
    assert.deepEqual(line.send(event(2), 0), []);
    assert.deepEqual(line.finish('reset'), []);
  });
});

test('a freeze lets its event leave first, and what follows go on', () => {
  assert.deepEqual(told(['freeze=2s@1'], 2), [ONE, 'drain', 'freeze 2000', TWO, 'end']);
});

describe('the head', () => {
  test('gets another status, and a JSON body in place of the stream', () => {
    const head = headOf(['status=503']);
    assert.equal(head.status, 503);
    assert.equal(head.headers['content-type'], 'application/json');
    assert.deepEqual(JSON.parse(head.body ?? ''), { error: 'Service Unavailable' });
    assert.equal(head.headers['retry-after'], undefined);
  });

  test('of an answer without a body has no type', () => {
    for (const code of [204, 304]) {
      const head = headOf([`status=${code}`]);
      assert.deepEqual(
        { ...head, headers: { ...head.headers } },
        { status: code, headers: {}, delayMs: 0, body: '' },
      );
    }
  });

  test('gets any status from 200 to 599', () => {
    assert.equal(headOf(['status=200']).headers['content-type'], 'application/json');
    assert.equal(JSON.parse(headOf(['status=599']).body ?? '').error, 'status 599');
  });

  test('names another type, or none', () => {
    assert.equal(headOf(['wrong-type']).headers['content-type'], 'text/plain');
    assert.equal(
      headOf(['wrong-type=text/html; charset=utf-8']).headers['content-type'],
      'text/html; charset=utf-8',
    );
    assert.equal('content-type' in headOf(['wrong-type=none']).headers, false);
  });

  test('leaves late', () => {
    assert.equal(headOf(['late-headers=2s']).delayMs, 2000);
  });

  test('announces gzip, which is never flushed', () => {
    const head = headOf(['gzip']);
    assert.equal(head.headers['content-encoding'], 'gzip');
    assert.deepEqual(head.compression, { encoding: 'gzip', flushing: 'never' });
  });

  test('gets what is for this connection before what is for all, else the last word', () => {
    assert.equal(headOf(['conn:1:status=500', 'status=503']).status, 500);
    assert.equal(headOf(['conn:2:status=500', 'status=503']).status, 503);
    const line = createFaultLine([parseFault('status=503'), parseFault('status=404')], context());
    const head: ResponseHead = { status: 200, headers: {}, delayMs: 0 };
    line?.head(head);
    assert.equal(head.status, 404);
  });
});

describe('split', () => {
  test('inside a character makes a part of each of its bytes', () => {
    const ops = sent(['split=utf8'], event(1, { data: 'é🚀' }));
    assert.deepEqual(show(ops).length, 4);
    const parts = ops.flatMap((op) => (op.kind === 'write' ? [op.frame.bytes] : []));
    assert.deepEqual(parts[0]?.at(-1), 0xc3);
    assert.deepEqual(parts[1]?.[0], 0xa9);
    const rocket = sent(['split=utf8'], event(1, { data: '🚀' })).filter((op) => op.kind === 'write');
    assert.equal(rocket.length, 4);
    assert.equal(received(ops)[0]?.data, 'é🚀');
  });

  test('inside a character lets events without one pass whole', () => {
    assert.deepEqual(show(sent(['split=utf8'], event(1))), [ONE]);
  });

  test('between CR and LF ends lines with both', () => {
    assert.deepEqual(show(sent(['split=crlf'], event(1))), [
      'id: 1\r',
      'drain',
      'wait 5',
      '\ndata: 1\r',
      'drain',
      'wait 5',
      '\n\r',
      'drain',
      'wait 5',
      '\n',
    ]);
  });

  test('into parts of so many bytes leaves the rest for last', () => {
    const parts = show(sent(['split=bytes:6'], event(1))).filter(
      (text) => text !== 'drain' && text !== 'wait 5',
    );
    assert.deepEqual(parts, ['id: 1\n', 'data: ', '1\n\n']);
  });

  test('waits as long between its parts as it is told', () => {
    const ops = lineOf(['split=bytes:10'], { splitGapMs: 40 }).send(event(1), 0);
    assert.deepEqual(show(ops), ['id: 1\ndata', 'drain', 'wait 40', ': 1\n\n']);
  });

  test('without a place splits keepalives and raw bytes as well, else events alone', () => {
    const comment: Outgoing = { kind: 'comment', text: 'hello' };
    assert.equal(show(sent(['split=bytes:4'], comment)).length, 4);
    assert.equal(show(sent(['split=bytes:4@every:1'], comment)).length, 1);
    assert.equal(show(sent(['split=crlf'], { kind: 'bytes', bytes: Buffer.from('a\r\nb\n') })).length, 4);
  });

  test('of several kinds cuts at the places of each', () => {
    const parts = sent(['split=utf8', 'split=bytes:8'], event(1, { data: 'aé' })).flatMap((op) =>
      op.kind === 'write' ? [op.frame.byteLength] : [],
    );
    // id: 1␊da|ta: a\xc3|\xa9␊|␊
    assert.deepEqual(parts, [8, 6, 2, 1]);
  });

  test('makes a bounded number of parts', () => {
    const ops = sent(['split=bytes:1'], event(1, { data: 'x'.repeat(100_000) }));
    assert.equal(ops.filter((op) => op.kind === 'wait').length, 4095);
    assert.equal(received(ops)[0]?.data.length, 100_000);
  });
});

describe('line ends', () => {
  test('are CR, or CR and LF, of everything or of some events', () => {
    assert.deepEqual(told(['cr'], 1), ['id: 1\rdata: 1\r\r', 'end']);
    assert.deepEqual(told(['crlf@2'], 2), [ONE, 'id: 2\r\ndata: 2\r\n\r\n', 'end']);
    assert.deepEqual(show(sent(['cr'], { kind: 'comment', text: 'hello' })), [': hello\r']);
    assert.deepEqual(show(sent(['crlf'], { kind: 'retry', ms: 5 })), ['retry: 5\r\n\r\n']);
  });

  test('are those of the stream where no fault changes them', () => {
    assert.deepEqual(told(['eof@1'], 1, { lineEnd: 'crlf' }), ['id: 1\r\ndata: 1\r\n\r\n', 'end']);
  });

  test('hold for what other faults send', () => {
    assert.deepEqual(told(['cr', 'error-event@1'], 1), [
      'id: 1\rdata: 1\r\r',
      'event: error\rdata: broken\r\r',
      'end',
    ]);
  });
});

test('a byte order mark opens the body, or stands before an event', () => {
  assert.deepEqual(told(['bom'], 1), ['\uFEFF', ONE, 'end']);
  assert.deepEqual(told(['bom@2'], 2), [ONE, `\uFEFF${TWO}`, 'end']);
});

describe('delivery', () => {
  test('twice has the same id', () => {
    assert.deepEqual(told(['dup@2'], 2), [ONE, TWO, TWO, 'end']);
    assert.deepEqual(told(['dup'], 2), [ONE, ONE, TWO, TWO, 'end']);
  });

  test('never leaves the others as they were', () => {
    assert.deepEqual(told(['drop@2']), [ONE, THREE, 'end']);
  });

  test('never still lets happen what was to happen behind the event', () => {
    assert.deepEqual(told(['drop@2', 'eof@2']), [ONE, 'end']);
  });

  test('in the wrong order takes the next event', () => {
    assert.deepEqual(told(['swap@1']), [TWO, ONE, THREE, 'end']);
    assert.deepEqual(told(['swap'], 5).slice(0, 2), [TWO, ONE]);
    assert.deepEqual(told(['swap'], 5).length, 6);
  });

  test('in the wrong order gives up the last event at the end', () => {
    assert.deepEqual(told(['swap@3']), [ONE, TWO, THREE, 'end']);
  });

  test('in the wrong order lets comments pass, and takes what happens behind the event along', () => {
    const line = lineOf(['swap@1', 'reset@1']);
    assert.deepEqual(line.send(event(1), 0), []);
    assert.deepEqual(show(line.send({ kind: 'comment', text: 'still here' }, 0)), [': still here\n']);
    assert.deepEqual(show(line.send(event(2), 0)), [TWO, ONE, 'drain', 'wait 20', 'reset']);
  });

  test('without the sentinel of an answer keeps all else', () => {
    const line = lineOf(['no-done']);
    assert.deepEqual(show(line.send(event(1), 0)), [ONE]);
    assert.deepEqual(line.send(event(2, {}, true), 0), []);
    assert.deepEqual(show(line.finish('end')), ['end']);
  });

  test('without keepalives keeps the other comments', () => {
    const line = lineOf(['heartbeat-loss']);
    assert.deepEqual(line.send(HEARTBEAT, 0), []);
    assert.deepEqual(line.send({ kind: 'heartbeat', event: { event: 'ping', data: '' } }, 0), []);
    assert.deepEqual(show(line.send({ kind: 'comment', text: 'hello' }, 0)), [': hello\n']);
  });
});

describe('delay', () => {
  test('counts from when its event was due', () => {
    assert.deepEqual(told(['delay=2s@2'], 2), [ONE, `until ${2 * INTERVAL_MS + 2000}`, TWO, 'end']);
  });

  test('by jitter stays within its bound, and differs from event to event', () => {
    const ops = allOps(lineOf(['jitter=50ms']), 200);
    const offsets = ops.flatMap((op) => (op.kind === 'until' ? [op.atMs % INTERVAL_MS] : []));
    assert.equal(offsets.length, 200);
    assert.ok(
      offsets.every((offset) => offset >= 0 && offset < 50),
      String(offsets),
    );
    assert.ok(new Set(offsets).size > 150);
    assert.ok(Math.max(...offsets) > 40 && Math.min(...offsets) < 10);
  });

  test('has nothing to wait for where the event is not sent', () => {
    assert.deepEqual(told(['delay=2s@1', 'drop@1'], 1), ['end']);
  });
});

describe('oversize', () => {
  test('pads to the very byte', () => {
    for (const data of ['text', '{"n":1}', '{}', '"text"', '[1,2]', '12', 'null', '{"n":1}\n', '日本']) {
      assert.equal(Buffer.byteLength(dataOf(['oversize=1KB'], data) ?? ''), 1024, data);
    }
  });

  test('keeps JSON what it was, and adds a member to an object', () => {
    assert.deepEqual(Object.keys(JSON.parse(dataOf(['oversize=1KB'], '{"n":1}') ?? '')), ['n', 'padding']);
    assert.deepEqual(JSON.parse(dataOf(['oversize=1KB'], '[1,2]') ?? ''), [1, 2]);
    assert.match(JSON.parse(dataOf(['oversize=1KB'], '"text"') ?? ''), /^text\.+$/);
    for (const size of ['9B', '12B', '20B', '21B']) {
      assert.equal(JSON.parse(dataOf([`oversize=${size}`], '{"n":1}') ?? '').n, 1, size);
    }
  });

  test('leaves alone what is that large already', () => {
    assert.equal(dataOf(['oversize=4B'], 'longer'), 'longer');
  });

  test('keeps name and id, and leaves in writes that a reader can keep up with', () => {
    const ops = sent(['oversize=1MB'], event(1, { event: 'big', data: '{"n":1}' }));
    const [big] = received(ops);
    assert.equal(big?.event, 'big');
    assert.equal(big?.id, '1');
    const sizes = ops.flatMap((op) => (op.kind === 'write' ? [op.frame.byteLength] : []));
    assert.ok(sizes.length > 10 && sizes.every((size) => size <= 64 * 1024));
    assert.equal(ops.filter((op) => op.kind === 'drain').length, sizes.length - 1);
  });

  test('keeps the lines of data that has several', () => {
    assert.match(dataOf(['oversize=100B'], 'a\nb') ?? '', /^a\nb\.+$/);
  });
});

describe('a malformed event', () => {
  test('without its blank line runs into the next one', () => {
    assert.deepEqual(told(['no-newline@1'], 2), ['id: 1\ndata: 1\n', TWO, 'end']);
    assert.deepEqual(
      received(allOps(lineOf(['no-newline@1']), 2)).map(({ data }) => data),
      ['1\n2'],
    );
  });

  test('with bytes that are no UTF-8 has two replacement characters for them, JSON or not', () => {
    assert.equal(dataOf(['bad-utf8'], 'hello!'), 'hel\uFFFD\uFFFDlo!');
    assert.deepEqual(JSON.parse(dataOf(['bad-utf8'], '{"a":"b","c":1}') ?? ''), {
      a: 'b',
      'c\uFFFD\uFFFD': 1,
    });
    assert.equal(dataOf(['bad-utf8'], ''), '\uFFFD\uFFFD');
    assert.equal(dataOf(['bad-utf8'], 'first\n🚀🚀'), 'first\n🚀\uFFFD\uFFFD🚀');
  });

  test('with NUL in its id leaves the last id as it was', () => {
    const ops = allOps(lineOf(['null-id@2']), 3);
    assert.ok(written(ops).includes('id: 2\0\n'));
    assert.deepEqual(
      received(ops).map(({ lastEventId }) => lastEventId),
      ['1', '1', '3'],
    );
  });

  test('with NUL gets an id where it had none', () => {
    const ops = sent(['null-id@1'], event(1, { id: undefined }));
    assert.deepEqual(show(ops), ['id: 1\0\ndata: 1\n\n']);
  });
});

test('a reconnection time comes first thing, in an event, or at a time', () => {
  assert.deepEqual(told(['retry=100ms'], 1), ['retry: 100\n\n', ONE, 'end']);
  assert.deepEqual(told(['retry=1s@1'], 1), [`retry: 1000\n${ONE}`, 'end']);
  const [timed] = lineOf(['retry=1.5s@2s']).timed;
  assert.equal(timed?.afterMs, 2000);
  assert.deepEqual(show(timed?.ops() ?? []), ['retry: 1500\n\n']);
});

describe('a buffer', () => {
  test('gives out as much as it holds, wherever that cuts an event, and the rest at the end', () => {
    assert.deepEqual(told(['buffer=20B']), [
      (ONE + TWO).slice(0, 20),
      (ONE + TWO + THREE).slice(20, 40),
      THREE.slice(-5),
      'end',
    ]);
  });

  test('gives up what it holds before a reset, and never in a stall', () => {
    assert.deepEqual(told(['buffer=1KB', 'reset@2']), [ONE + TWO, 'drain', 'wait 20', 'reset']);
    assert.deepEqual(told(['buffer=1KB', 'stall@2']), ['stall']);
  });
});

test('a slow body leaves in small parts, each waiting for its time', () => {
  const ops = sent(['slow=100B/s'], event(1, { data: 'x'.repeat(100) }));
  const waited = ops.reduce((sum, op) => sum + (op.kind === 'wait' ? op.ms : 0), 0);
  assert.equal(Math.round(waited), written(ops).length * 10);
  assert.ok(ops.filter((op) => op.kind === 'write').every((op) => op.frame.byteLength <= 5));
});

test('events that no fault concerns leave as they were made', () => {
  const made = 'id:7\r\nevent : odd\r\ndata:a\rdata:  b\n\n';
  const item: Outgoing = { ...event(7), bytes: Buffer.from(made) } as Outgoing;
  assert.deepEqual(show(sent(['drop@3', 'split=utf8', 'oversize=1KB@1'], item)), [made]);
});

test('events that were made elsewhere are changed in the fields that a fault concerns', () => {
  const made = 'id:7\r\ndata:a\r\ndata:b\r\n\r\n';
  const item: Outgoing = { ...event(7), bytes: Buffer.from(made) } as Outgoing;
  assert.deepEqual(show(sent(['oversize=8B'], item)), ['id:7\r\ndata: a\r\ndata: b.....\r\n\r\n']);
});
