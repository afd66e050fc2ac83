import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { SseKitError } from '../../../src/client/errors.ts';
import { METRIC_NAMES } from '../../../src/listen/expect/metrics.ts';
import { parseRule } from '../../../src/listen/expect/parse.ts';

const page = readFileSync(new URL('../../../docs/expect.md', import.meta.url), 'utf8');
const section = (heading: string) => page.split(/^##+ /m).find((each) => each.startsWith(heading)) ?? '';

/** What stands in code in the first column of the table of rules; `…` stands for the rest of another rule. */
const rules = [...section('The rules').matchAll(/^\| (`.*?`(?:, `.*?`)*) +\|/gm)]
  .flatMap(([, cell = '']) => [...cell.matchAll(/`([^`]+)`/g)].map(([, rule = '']) => rule))
  .filter((rule) => !rule.includes('…'));

describe('the page on expectations', () => {
  test('has a rule of every kind', () => {
    const kinds = new Set(rules.map((rule) => parseRule(rule).kind));
    assert.deepEqual([...kinds].sort(), [
      'cadence',
      'comes',
      'count',
      'data',
      'duplicates',
      'ending',
      'first',
      'header',
      'ids',
      'schema',
      'status',
      'time',
    ]);
    assert.ok(rules.length >= 28, `${rules.length} rules`);
  });

  for (const rule of rules) test(`${rule} is a rule`, () => void parseRule(rule));

  test('names every metric', () => {
    const named = new Set(
      [...section('Numbers and times').matchAll(/`([a-z_]+)`/g)].map(([, name = '']) => name),
    );
    assert.deepEqual(
      METRIC_NAMES.filter((name) => !named.has(name)),
      [],
    );
  });

  test('says of a wrong rule what ssekit says of it', () => {
    const shown = [...page.matchAll(/^\$ ssekit listen :4000 --expect '([^']+)'\nssekit: (.*)\n {2}(.*)$/gm)];
    assert.equal(shown.length, 2);
    for (const [, rule = '', message, hint] of shown) {
      assert.throws(
        () => parseRule(rule),
        (error) => error instanceof SseKitError && error.message === message && error.hint === hint,
      );
    }
  });
});
