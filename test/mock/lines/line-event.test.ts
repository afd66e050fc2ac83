import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type LineEvent, lineEvent } from '../../../src/mock/lines/line-event.ts';

describe('a line', () => {
  const cases: [line: string, event: LineEvent | undefined][] = [
    ['hello', { event: { data: 'hello' } }],
    ['  spaced ', { event: { data: '  spaced ' } }],
    ['', undefined],
    [' \t', undefined],
    ['{"data":"x"}', { event: { data: 'x' } }],
    [
      '{"event":"update","data":"x","id":"7","retry":500}',
      { event: { event: 'update', data: 'x', id: '7', retry: 500 } },
    ],
    ['{"data":{"a":[1,null]}}', { event: { data: '{"a":[1,null]}' } }],
    ['{"data":null}', { event: { data: 'null' } }],
    ['{"data":"","id":""}', { event: { data: '', id: '' } }],
    ['{"data":"x","id":7}', { event: { data: 'x', id: '7' } }],
    ['{"comment":"ping"}', { comment: 'ping' }],
    ['{"comment":"c","data":"x"}', { comment: 'c', event: { data: 'x' } }],
    ['{"data":"x","colour":"red"}', { event: { data: '{"data":"x","colour":"red"}' } }],
    ['{"event":"update"}', { event: { data: '{"event":"update"}' } }],
    ['{"a":1}', { event: { data: '{"a":1}' } }],
    ['{}', { event: { data: '{}' } }],
    ['{data: x}', { event: { data: '{data: x}' } }],
    ['["data"]', { event: { data: '["data"]' } }],
    ['null', { event: { data: 'null' } }],
  ];
  for (const [line, event] of cases) {
    test(`${JSON.stringify(line)} is ${JSON.stringify(event) ?? 'no event'}`, () => {
      assert.deepEqual(lineEvent(line), event);
    });
  }

  const refused: [line: string, message: RegExp][] = [
    ['{"data":"x","event":5}', /^"event" is 5$/],
    ['{"data":"x","event":"a\\nb"}', /event type can't contain a line ending/],
    ['{"data":"x","id":"a\\u0000b"}', /NUL/],
    ['{"data":"x","retry":"5s"}', /^"retry" is "5s"$/],
    ['{"data":"x","retry":-1}', /^"retry" is -1$/],
    ['{"comment":{}}', /^"comment" is \{\}$/],
  ];
  for (const [line, message] of refused) {
    test(`${line} is no event`, () =>
      assert.throws(() => lineEvent(line), { name: 'InvalidValue', message }));
  }
});
