import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { mimeEssence, mimeTypeOf } from '../../src/client/mime-type.ts';

const charsetOf = (type: string) => mimeTypeOf(type)?.parameters.get('charset');

describe('a content type', () => {
  for (const [type, essence] of [
    ['Text/Event-Stream ;charset=utf-8', 'text/event-stream'],
    ['text/html, text/event-stream', 'text/event-stream'],
    ['text/event-stream, */*', 'text/event-stream'],
    ['text/event-stream, nonsense', 'text/event-stream'],
    ['text/event-stream; a=", text/html;"', 'text/event-stream'],
    ['text/event-stream; a="\\", text/html"', 'text/event-stream'],
    ['text/event-stream/x', ''],
    ['text/', ''],
    ['text/a b', ''],
    ['', ''],
  ] as const) {
    test(`${type} is ${essence === '' ? 'none' : essence}`, () => assert.equal(mimeEssence(type), essence));
  }

  for (const [type, charset] of [
    ['text/event-stream', undefined],
    ['text/event-stream;charset=UTF-8', 'UTF-8'],
    ['text/event-stream; Charset="utf-8" ; b=c', 'utf-8'],
    ['text/event-stream; charset=latin1; charset=utf-8', 'latin1'],
    ['text/event-stream; boundary="a;charset=latin1"; charset=UTF-8', 'UTF-8'],
    ['text/event-stream; a="x\\";charset=latin1"', undefined],
    ['text/event-stream; a=x"; charset=utf-8', 'utf-8'],
    ['text/event-stream; charset="ut\\f-8"rest; b=c', 'utf-8'],
    ['text/event-stream; charset=; charset=utf-8', 'utf-8'],
    ['text/event-stream; charset; charset=utf-8', 'utf-8'],
    ['text/event-stream; charset =latin1', undefined],
    ['text/event-stream;;; charset=utf-8', 'utf-8'],
    ['text/event-stream;charset=utf-8, text/event-stream', 'utf-8'],
    ['text/html;charset=latin1, text/event-stream', undefined],
    ['text/event-stream; charset="utf-8', 'utf-8'],
  ] as const) {
    test(`${type} has ${charset ?? 'no charset'}`, () => assert.equal(charsetOf(type), charset));
  }
});
