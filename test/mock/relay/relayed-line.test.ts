import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FaultLine, Outgoing } from '../../../src/mock/faults/line.ts';
import { RelayedLine } from '../../../src/mock/relay/relayed-line.ts';

/** A line that writes down what it is told, and does nothing. */
function told(...chunks: string[]) {
  const items: Outgoing[] = [];
  const dues: number[] = [];
  const line = new RelayedLine({
    head() {},
    opened: () => [],
    timed: [],
    send(item: Outgoing, dueMs: number) {
      items.push(item);
      dues.push(dueMs);
      return [];
    },
    finish: (ending) => [{ kind: ending }],
    strike: () => [],
  } satisfies FaultLine);
  for (const [index, chunk] of chunks.entries()) {
    line.send({ kind: 'bytes', bytes: Buffer.from(chunk) }, 100 + index);
  }
  return { line, items, dues };
}

const textOf = (item: Outgoing | undefined) =>
  item !== undefined && 'bytes' in item && item.bytes !== undefined
    ? Buffer.from(item.bytes).toString()
    : undefined;

describe('a body that was made elsewhere, as faults see it', () => {
  test('has its events in numbers, each with its very bytes', () => {
    const { items, dues } = told(
      'id: 7\r\nevent: up\r\nda',
      'ta: a\r\ndata: b\r\n\r\ndata:c\n\n',
      'id: 8\n\n',
    );
    assert.deepEqual(
      items.map((item) => (item.kind === 'event' ? [item.n, item.event, item.done] : item.kind)),
      [
        [1, { event: 'up', id: '7', data: 'a\nb' }, false],
        [2, { event: undefined, id: undefined, data: 'c' }, false],
        'bytes',
      ],
    );
    assert.deepEqual(items.map(textOf), [
      'id: 7\r\nevent: up\r\ndata: a\r\ndata: b\r\n\r\n',
      'data:c\n\n',
      'id: 8\n\n',
    ]);
    assert.deepEqual(dues, [101, 101, 102]);
  });

  test('has signs of life in its comments, with or without a blank line', () => {
    const { items } = told(': ping\n\n', ': pong\n', 'data: x\n\n');
    assert.deepEqual(
      items.map(({ kind }) => kind),
      ['heartbeat', 'heartbeat', 'event'],
    );
    assert.deepEqual(items.map(textOf), [': ping\n\n', ': pong\n', 'data: x\n\n']);
  });

  test('says where an answer is whole', () => {
    const { items } = told(
      'data: [DONE]\n\n',
      'event: message_stop\ndata: {}\n\n',
      'event: response.completed\ndata: {}\n\n',
    );
    assert.ok(items.every((item) => item.kind === 'event' && item.done));
  });

  test('gives up what was held of an unfinished block, before the ending', () => {
    const { line, items } = told('data: a\n\ndata: b');
    assert.deepEqual(line.finish('cut'), [{ kind: 'cut' }]);
    assert.equal(textOf(items[1]), 'data: b');
    assert.equal(items[1]?.kind, 'bytes');
  });

  test('lets pass what else there is to send', () => {
    const { line, items } = told();
    line.send({ kind: 'comment', text: 'x' }, 0);
    assert.deepEqual(items, [{ kind: 'comment', text: 'x' }]);
  });
});
