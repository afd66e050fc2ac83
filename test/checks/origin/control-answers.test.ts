import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseStrays, parseVisits } from '../../../src/checks/origin/control-answers.ts';
import type { Visit } from '../../../src/checks/origin/visit.ts';

const early: Visit = {
  uid: 'u',
  key: 'k',
  request: { method: 'GET', target: '/?x', httpVersion: '1.0', headers: [['A', 'b']] },
  connection: 3,
  nth: 2,
  atMs: 1.5,
  bytesTaken: 0,
};
const late: Visit = {
  ...early,
  bodyFromMs: 2,
  bodyToMs: 3,
  headAtMs: 4,
  end: { by: 'left', atMs: 5 },
};

test('what an origin tells of its visits comes as it left', () => {
  assert.deepEqual(parseVisits(JSON.stringify([early, late])), [early, late]);
  assert.deepEqual(parseStrays(JSON.stringify([early.request])), [early.request]);
  assert.deepEqual(parseVisits('[]'), []);
});

test('what makes no sense is told apart', () => {
  const { nth: _, ...lacking } = early;
  for (const value of [
    {},
    [lacking],
    [{ ...early, atMs: 'x' }],
    [{ ...late, end: { by: 'nobody', atMs: 1 } }],
  ])
    assert.equal(parseVisits(JSON.stringify(value)), undefined, JSON.stringify(value));
  for (const text of ['', '[', 'null', '[{"method":1}]']) assert.equal(parseStrays(text), undefined, text);
});
