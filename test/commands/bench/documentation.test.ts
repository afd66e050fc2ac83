import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { parseGoodput } from '../../../src/bench/thresholds/parse-goodput.ts';
import { parseThreshold } from '../../../src/bench/thresholds/parse-threshold.ts';
import { shape } from '../../../src/commands/bench.ts';
import { benchFlags } from '../../../src/commands/flags/bench/bench-flags.ts';
import { METRICS } from '../../../src/results/bench/metric.ts';
import { settled } from './command-line.ts';

const page = readFileSync(new URL('../../../docs/bench.md', import.meta.url), 'utf8');

/** What stands in quotes behind a flag, anywhere on the page. */
function valuesOf(flag: string): string[] {
  return [...page.matchAll(new RegExp(`${flag} '([^']+)'`, 'g'))].map(([, value = '']) => value);
}

describe('the page on bench', () => {
  test('names every flag of its own', () => {
    const flags = benchFlags().filter(({ hidden, long }) => !hidden && !/color|secrets/.test(long ?? ''));
    const isNamed = (name: string | undefined) =>
      name !== undefined && new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(page);
    const missing = flags.filter(({ long, short }) => !isNamed(long) && !isNamed(short));
    assert.deepEqual(
      missing.map(({ long }) => long),
      [],
    );
  });

  test('names every metric', () => {
    const names = METRICS.map(({ name }) => name.replace(/_from_planned$/, ''));
    assert.deepEqual(
      names.filter((name) => !page.includes(`\`${name}\``)),
      [],
    );
  });

  test('shows a screen whose plan can be repeated', () => {
    const [, screen = ''] = /```\n(\$ ssekit bench [\s\S]+?)```/.exec(page) ?? [];
    assert.match(screen, /^ {2}plan {6}-c 300, ramp-up 1 s · for 6 s · 1 worker · seed \d+$/m);
  });

  test('shows rules that can be read', () => {
    const rules = valuesOf('--threshold');
    assert.ok(rules.length > 10);
    for (const rule of rules) assert.equal(parseThreshold(rule).text, rule);
    for (const rule of valuesOf('--goodput')) assert.equal(parseGoodput(rule).text, rule);
  });
});

test('the examples of the help can be run', async () => {
  for (const [line] of shape().examples) {
    const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, inQuotes, word]) => inQuotes ?? word ?? '');
    assert.deepEqual(words.slice(0, 2), ['ssekit', 'bench']);
    await settled(words.slice(2));
  }
});
