import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ToolCalls } from '../../../src/listen/join/tool-calls.ts';
import type { ToolPiece } from '../../../src/llm/join/answer-sink.ts';

/** The calls that these pieces make, all of them in one place: those that another one ended, and those left. */
function calls(...pieces: ToolPiece[]): { ended: string[]; left: string[] } {
  const tools = new ToolCalls();
  const ended = pieces.flatMap((piece) => tools.add(0, piece) ?? []);
  const told = [...ended, ...tools.endAll()];
  assert.deepEqual(told, tools.all);
  const [first, rest] = [ended, told.slice(ended.length)].map((all) =>
    all.map((call) => `${call.name}(${call.arguments})`),
  );
  return { ended: first ?? [], left: rest ?? [] };
}

describe('calls of tools in one place', () => {
  test('are told apart by their ids', () => {
    const found = calls(
      { id: 'a', name: 'f', arguments: '{}' },
      { id: 'b', name: 'f', arguments: '{"x":1}' },
    );
    assert.deepEqual(found, { ended: ['f({})'], left: ['f({"x":1})'] });
    const empty = calls({ id: 'a', name: 'f' }, { id: 'b', name: 'g' }, { arguments: '{}' });
    assert.deepEqual(empty, { ended: ['f()'], left: ['g({})'] });
  });

  test('are told apart by a name behind arguments, where there are no ids', () => {
    const found = calls({ name: 'f', arguments: '{"a"' }, { name: 'g' }, { arguments: '{}' });
    assert.deepEqual(found, { ended: ['f({"a")'], left: ['g({})'] });
    const twice = calls({ name: 'f', arguments: '{"x":1}' }, { name: 'f', arguments: '{"x":2}' });
    assert.deepEqual(twice, { ended: ['f({"x":1})'], left: ['f({"x":2})'] });
  });

  test('are one where every piece has its name', () => {
    const found = calls(
      { name: 'f' },
      { name: 'f', arguments: '{"a":{}' },
      { name: 'f', arguments: ',"b":1' },
      { name: 'f', arguments: '}' },
    );
    assert.deepEqual(found, { ended: [], left: ['f({"a":{},"b":1})'] });
  });

  test('are one where every piece has an id of its own, and the first alone a name', () => {
    const found = calls({ id: '1', name: 'f' }, { id: '2', arguments: '{' }, { id: '3', arguments: '}' });
    assert.deepEqual(found, { ended: [], left: ['f({})'] });
  });

  test('are kept up to a number, the last of them whole', () => {
    const many = Array.from({ length: 60 }, (_, n) => ({ id: `${n}`, name: `f${n}`, arguments: '{}' }));
    const { ended, left } = calls(...many);
    assert.deepEqual([ended.length, ended.at(-1), left], [50, 'f49({})', []]);
  });
});
