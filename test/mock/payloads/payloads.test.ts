import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { aiToken } from '../../../src/mock/payloads/ai-token.ts';
import { notification } from '../../../src/mock/payloads/notification.ts';
import { progress } from '../../../src/mock/payloads/progress.ts';
import { PAYLOADS, type PayloadName } from '../../../src/mock/payloads/registry.ts';
import { PAYLOAD_SCHEMAS } from '../../../src/mock/payloads/schemas.ts';
import { seededRandom } from '../../../src/stats/random.ts';

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const names = Object.keys(PAYLOADS) as PayloadName[];
const numbers = Array.from({ length: 200 }, (_, index) => index + 1);
const draws = (n: number) => seededRandom(7, n);
const made = (name: PayloadName) => numbers.map((n) => PAYLOADS[name](n, NOW, draws(n)));
const ajv = new Ajv2020({ strict: true });

for (const name of names) {
  describe(`the payload ${name}`, () => {
    test('keeps to its schema', () => {
      const validate = ajv.compile(PAYLOAD_SCHEMAS[name]);
      for (const payload of made(name)) assert.ok(validate(payload), ajv.errorsText(validate.errors));
    });

    test('is the same for the same number, time and draws', () => {
      assert.deepEqual(made(name), made(name));
    });

    test('varies', () => {
      assert.ok(new Set(made(name).map((payload) => JSON.stringify(payload))).size > 2);
    });

    test('misses its schema without any one of the fields that are asked for', () => {
      const validate = ajv.compile(PAYLOAD_SCHEMAS[name]);
      for (const field of PAYLOAD_SCHEMAS[name].required) {
        const { [field]: _, ...rest }: Record<string, unknown> = { ...PAYLOADS[name](1, NOW, draws(1)) };
        assert.equal(validate(rest), false, `without ${field}`);
      }
    });
  });
}

test('notifications show each type among the first five, and tell the time they were given', () => {
  const first = numbers.slice(0, 5).map((n) => notification(n, NOW, draws(n)));
  assert.deepEqual([...new Set(first.map(({ type }) => type))].sort(), ['error', 'info', 'warning']);
  assert.ok(first.every(({ timestamp }) => timestamp === NOW));
});

test('progress takes one task after the other from pending to its end, never backwards, and some fail', () => {
  const updates = numbers.map((n) => progress(n, NOW, draws(n)));
  const taskIds = [...new Set(updates.map(({ taskId }) => taskId))];
  const tasks = taskIds.map((id) => updates.filter(({ taskId }) => taskId === id));
  for (const task of tasks.slice(0, -1)) {
    const percents = task.map(({ percent }) => percent);
    assert.deepEqual(
      percents,
      [...percents].sort((a, b) => a - b),
    );
    assert.equal(task[0]?.status, 'pending');
    assert.ok(task.slice(1, -1).every(({ status }) => status === 'running'));
  }
  const ends = tasks.slice(0, -1).map((task) => task.at(-1)?.status);
  assert.deepEqual([...new Set(ends)].sort(), ['complete', 'failed']);
});

test('tokens make one answer after the other, and only the last of each says done', () => {
  const tokens = numbers.map((n) => aiToken(n, NOW, draws(n)));
  const ids = [...new Set(tokens.map(({ messageId }) => messageId))];
  assert.ok(ids.length > 5);
  for (const id of ids.slice(0, -1)) {
    const answer = tokens.filter(({ messageId }) => messageId === id);
    assert.deepEqual(
      answer.map(({ done }) => done),
      answer.map((_, index) => index === answer.length - 1),
    );
    assert.ok(answer.map(({ token }) => token).join('').length > 20);
  }
});
