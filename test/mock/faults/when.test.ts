import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { emptyFaultLine } from '../../../src/mock/faults/fault-line.ts';
import type { FaultLine } from '../../../src/mock/faults/line.ts';
import { parseStrike } from '../../../src/mock/faults/parse.ts';
import { context, event, INTERVAL_MS, lineOf, show, told, written } from './told.ts';

/** 15 bytes. */
const ONE = 'id: 1\ndata: 1\n\n';
const TWO = 'id: 2\ndata: 2\n\n';
const THREE = 'id: 3\ndata: 3\n\n';

function pass(line: FaultLine, ...numbers: number[]): string[] {
  return show(numbers.flatMap((n) => line.send(event(n), n * INTERVAL_MS)));
}

/** The numbers of the events that come twice. */
function doubled(texts: readonly string[], count: number, seed = 1): number[] {
  const line = lineOf(texts, {}, seed);
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  return numbers.filter((n) => line.send(event(n), 0).length === 2);
}

describe('at an event', () => {
  test('it is the number that the stream gave it that counts', () => {
    const line = lineOf(['eof@7']);
    assert.deepEqual(pass(line, 5, 6), ['id: 5\ndata: 5\n\n', 'id: 6\ndata: 6\n\n']);
    assert.deepEqual(pass(line, 7, 8), ['id: 7\ndata: 7\n\n', 'end']);
  });

  test('that was passed before, nothing happens', () => {
    assert.deepEqual(pass(lineOf(['reset@3']), 4), ['id: 4\ndata: 4\n\n']);
  });
});

describe('every so many events', () => {
  test('each of them is meant', () => {
    assert.deepEqual(doubled(['dup@every:3'], 10), [3, 6, 9]);
    assert.deepEqual(doubled(['dup@every:1'], 3), [1, 2, 3]);
  });

  test('what opens a stream, before those that are counted, is not', () => {
    assert.deepEqual(pass(lineOf(['eof@every:2']), 0, 1), ['id: 0\ndata: 0\n\n', ONE]);
  });

  test('an ending comes with the first of them', () => {
    assert.deepEqual(told(['eof@every:2']), [ONE, TWO, 'end']);
  });
});

describe('by chance', () => {
  test('about so many are meant, the same for the same seed', () => {
    const some = doubled(['dup@10%'], 2000);
    assert.ok(some.length > 140 && some.length < 260, String(some.length));
    assert.deepEqual(doubled(['dup@10%'], 2000), some);
    assert.notDeepEqual(doubled(['dup@10%'], 2000, 2), some);
  });

  test('none or all are meant at its limits', () => {
    assert.deepEqual(doubled(['dup@0%'], 100), []);
    assert.equal(doubled(['dup@100%'], 100).length, 100);
  });

  test('what concerns a whole connection is drawn once for it', () => {
    const status = (seed: number) => {
      const head = { status: 200, headers: {}, delayMs: 0 };
      lineOf(['status=503@30%'], {}, seed).head(head);
      return head.status;
    };
    const failed = Array.from({ length: 1000 }, (_, seed) => status(seed)).filter((code) => code === 503);
    assert.ok(failed.length > 240 && failed.length < 360, String(failed.length));
    assert.deepEqual(told(['buffer=1KB@0%']), told(['eof@9']));
    assert.deepEqual(told(['buffer=1KB@100%']), [ONE + TWO + THREE, 'end']);
  });
});

describe('at a byte', () => {
  test('an ending comes at exactly that one, across events and writes', () => {
    for (const offset of [0, 1, 14, 15, 16, 30, 44]) {
      for (const [kind, op] of [
        ['eof', 'end'],
        ['stall', 'stall'],
        ['no-terminator', 'cut'],
        ['truncate', 'cut'],
      ]) {
        const line = lineOf([`${kind}@${offset}b`]);
        const ops = [...line.opened(), ...[1, 2, 3].flatMap((n) => line.send(event(n), 0))];
        assert.equal(written(ops).toString(), (ONE + TWO + THREE).slice(0, offset), `${kind}@${offset}b`);
        assert.equal(ops.at(-1)?.kind, op);
      }
    }
  });

  test('that the body ends with, it comes with no byte more', () => {
    const line = lineOf(['eof@15b']);
    assert.deepEqual(show(line.opened()), []);
    assert.deepEqual(pass(line, 1), [ONE, 'end']);
  });

  test('everything counts that the body has: opening, keepalives, marks', () => {
    const line = lineOf(['bom', 'eof@13b']);
    const ops = [
      ...line.opened(),
      ...line.send({ kind: 'comment', text: 'hello' }, 0),
      ...line.send(event(1), 0),
    ];
    assert.equal(written(ops).length, 13);
    assert.deepEqual(show(ops), ['\uFEFF', ': hello\n', 'id', 'end']);
  });

  test('a freeze stands between two bytes, and the rest follows', () => {
    assert.deepEqual(told(['freeze=1s@20b'], 2), [
      ONE,
      TWO.slice(0, 5),
      'drain',
      'freeze 1000',
      TWO.slice(5),
      'end',
    ]);
  });

  test('several things happen in the order of the bytes', () => {
    assert.deepEqual(told(['eof@4b', 'freeze=2s@2b'], 1), ['id', 'drain', 'freeze 2000', ': ', 'end']);
  });

  test('the first event that reaches past it is changed', () => {
    assert.deepEqual(told(['drop@15b']), [ONE, THREE, 'end']);
    assert.deepEqual(told(['drop@14b']), [TWO, THREE, 'end']);
    assert.deepEqual(told(['error-event@20b']), [ONE, TWO, 'event: error\ndata: broken\n\n', 'end']);
  });

  test('what lasts begins with the first event that reaches past it', () => {
    assert.deepEqual(told(['buffer=1KB@15b']), [ONE, TWO + THREE, 'end']);
  });
});

describe('at a time', () => {
  test('an ending comes by itself, before what waits', () => {
    for (const kind of ['eof', 'reset', 'stall', 'no-terminator']) {
      const [timed] = lineOf([`${kind}@2s`]).timed;
      assert.equal(timed?.afterMs, 2000);
      assert.equal(timed?.overtakes, true);
      assert.ok(['end', 'reset', 'stall', 'cut'].includes(timed?.ops().at(-1)?.kind ?? ''));
    }
  });

  test('an ending comes to a stream that is over no more', () => {
    const line = lineOf(['eof@2s', 'stall@1']);
    pass(line, 1);
    assert.deepEqual(line.timed[0]?.ops(), []);
  });

  test('an error event waits its turn, as it would stand in the midst of another', () => {
    const [timed] = lineOf(['error-event@2s']).timed;
    assert.equal(timed?.overtakes, false);
    assert.deepEqual(show(timed?.ops() ?? []), ['event: error\ndata: broken\n\n', 'end']);
  });

  test('the next event is changed, and no other', () => {
    for (const [fault, changed] of [
      ['drop', []],
      ['dup', [TWO, TWO]],
      ['truncate', ['id: 2\ndata', 'cut']],
    ] as const) {
      const line = lineOf([`${fault}@2s`]);
      assert.deepEqual(pass(line, 1), [ONE]);
      assert.deepEqual(line.timed[0]?.ops(), []);
      assert.deepEqual(pass(line, 2), changed);
      if (fault !== 'truncate') assert.deepEqual(pass(line, 3), [THREE]);
    }
  });

  test('what lasts begins', () => {
    const line = lineOf(['heartbeat-loss@2s']);
    const beat = () => line.send({ kind: 'heartbeat', event: undefined }, 0);
    assert.equal(beat().length, 1);
    line.timed[0]?.ops();
    assert.deepEqual(beat(), []);
  });
});

describe('from an event on', () => {
  test('what lasts concerns that event and all behind it', () => {
    assert.deepEqual(told(['buffer=1KB@2']), [ONE, TWO + THREE, 'end']);
    assert.deepEqual(pass(lineOf(['slow=20B/s@2']), 1), [ONE]);
    assert.deepEqual(show(lineOf(['no-done@2']).send(event(2, {}, true), 0)), []);
  });

  test('one of its kind takes the place of the one before it, which gives up what it held', () => {
    assert.deepEqual(told(['buffer=1KB', 'buffer=20B@3']), [ONE + TWO, THREE, 'end']);
  });
});

describe('for one connection', () => {
  test('others have no line, or one without it', () => {
    assert.throws(() => lineOf(['conn:2:eof@1']), /no fault for this connection/);
    assert.deepEqual(told(['conn:2:eof@1', 'drop@3'], 2), [ONE, TWO, 'end']);
    assert.deepEqual(told(['conn:2:eof@1'], 2, { connection: 2 }), [ONE, 'end']);
  });
});

describe('struck by the schedule', () => {
  const strike = (line: FaultLine, text: string) => show(line.strike(parseStrike(text)));

  test('an ending comes at once', () => {
    const line = emptyFaultLine(context());
    assert.deepEqual(pass(line, 1), [ONE]);
    assert.deepEqual(strike(line, 'reset'), ['drain', 'wait 20', 'reset']);
    assert.deepEqual(pass(line, 2), []);
  });

  test('a freeze lets the stream go on', () => {
    const line = emptyFaultLine(context());
    assert.deepEqual(strike(line, 'freeze=1s'), ['drain', 'freeze 1000']);
    assert.deepEqual(pass(line, 1), [ONE]);
  });

  test('the next event is changed, however many comments come before it, and no other', () => {
    const line = emptyFaultLine(context());
    assert.deepEqual(strike(line, 'drop'), []);
    assert.deepEqual(show(line.send({ kind: 'comment', text: 'hello' }, 0)), [': hello\n']);
    assert.deepEqual(pass(line, 1, 2), [TWO]);
  });

  test('a reconnection time is announced at once', () => {
    assert.deepEqual(strike(emptyFaultLine(context()), 'retry=2s'), ['retry: 2000\n\n']);
  });

  test('what lasts begins, in the place of what was struck before', () => {
    const line = emptyFaultLine(context());
    strike(line, 'buffer=1KB');
    assert.deepEqual(pass(line, 1), []);
    assert.deepEqual(strike(line, 'buffer=2KB'), [ONE]);
    assert.deepEqual(pass(line, 2), []);
    assert.deepEqual(show(line.finish('cut')), [TWO, 'cut']);
  });

  test('another connection is not concerned', () => {
    assert.deepEqual(strike(emptyFaultLine(context()), 'conn:2:reset'), []);
  });
});
