import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseScenario } from '../../../src/mock/scenario/parse.ts';
import { askStream, eventsOf, site } from './served.ts';

const folder = new URL('../../../scenarios/', import.meta.url);
const files = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'));

/** Lists of steps with loops in loops; each loop sends something. */
const { steps } = fc.letrec<{ steps: object[]; step: object; loop: object }>((tie) => ({
  steps: fc.array(tie('step'), { minLength: 1, maxLength: 5 }),
  step: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<object[]>(
      { data: '{{n}} {{uuid}}' },
      { data: 'aside', id: 'off' },
      { comment: 'c' },
      { sleep: '1s' },
      { generate: 'progress', count: 2 },
      { generate: 'ai:token', count: 3 },
    ),
    tie('loop'),
  ),
  loop: fc.record({
    repeat: fc.integer({ min: 1, max: 4 }),
    steps: tie('steps').map((list) => [{ data: 'loop {{n}}' }, ...list]),
  }),
}));

test('whatever the steps, a client that comes back gets what it would have got', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.nat(), async (list, draw) => {
      const served = site(JSON.stringify({ routes: [{ path: '/s', stream: { hold: 'on', steps: list } }] }));
      const all = eventsOf(await askStream(served), 2_000);
      const numbered = all.filter(({ id }) => id !== undefined);
      const { id: lastEventId = '' } = numbered[draw % Math.max(1, numbered.length)] ?? {};
      const rest = eventsOf(await askStream(served, { lastEventId, connection: 2 }), 2_000);
      const behind = lastEventId === '' ? 0 : all.findIndex(({ id }) => id === lastEventId) + 1;
      assert.deepEqual(rest, all.slice(behind));
    }),
    { numRuns: 150 },
  );
});

test('a file that was damaged anywhere is taken or has problems, each with a place', () => {
  const damage = fc.record({
    file: fc.constantFrom(...files),
    at: fc.nat(4_000),
    length: fc.nat(20),
    text: fc.oneof(
      fc.string({ maxLength: 6 }),
      fc.constantFrom('{{', '- ', ': ', '&a ', '*a', '\t', '"', '[', '<<: ', '\n'),
    ),
  });
  fc.assert(
    fc.property(damage, ({ file, at, length, text }) => {
      const start = at % file.length;
      const parsed = parseScenario(file.slice(0, start) + text + file.slice(start + length));
      if (!Array.isArray(parsed)) return;
      assert.ok(parsed.length > 0);
      for (const { line, column, message } of parsed) {
        assert.ok(line >= 1 && column >= 1);
        assert.ok(message.length > 10, message);
      }
    }),
    { numRuns: 400 },
  );
});
