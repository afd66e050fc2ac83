import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { shape } from '../../../src/commands/bench.ts';
import { toCommand } from '../../../src/commands/command-line.ts';
import { OTHER_TOOLS, refuseSingleDash } from '../../../src/commands/flags/bench/other-tools.ts';
import { assertUsageError } from '../flags/rejection.ts';
import { options, settled } from './command-line.ts';

const known = new Set(toCommand(shape()).options.flatMap(({ long, short }) => [long, short]));

describe('a flag of another load generator', () => {
  for (const [argv, message] of [
    [['--duration', '10s'], /^--duration: there is no such flag\n--for 30s/],
    [['--concurrency=5'], /^--concurrency: there is no such flag\n-c 100/],
    [['-n', '1000'], /^-n: there is no such flag\n.*--for.*-c 100.*-r 100\/s/],
    [['-n1000'], /^-n: there is no such flag/],
    [['-z', '10s'], /^-z: .*\n--for 30s/],
    [['-t', '4'], /^-t: .*\n--for 30s.*--workers/],
    [['-q', '10'], /^-q: .*\n-r 100\/s/],
    [['--retry', '3'], /^--retry: .*\n.*--reconnect none/],
    [['--limit-rate', '1k'], /^--limit-rate: there is no such flag\n--slow/],
    [['--users', '100'], /^--users: 100 is no CSV file\n-c 100 holds/],
    // Not known from anywhere: the nearest of ours.
    [['--worker', '4'], /Did you mean --workers\?/],
    [['--stage', '1s:5'], /Did you mean --stages\?/],
  ] as const) {
    test(`is refused with ours: ${argv.join(' ')}`, () => assertUsageError(() => options(...argv), message));
  }

  test('is none of ours, and what is told instead is', () => {
    for (const [flag, instead] of Object.entries(OTHER_TOOLS)) {
      assert.ok(!known.has(flag), `${flag} is a flag of bench`);
      const named = instead.replace(/ssekit listen .*? prints|ssekit listen .*? shows/, '');
      for (const [each] of named.matchAll(/(?<![\w-])--?[a-zA-Z][\w-]*/g)) {
        assert.ok(known.has(each), `${flag}: ${each} is no flag of bench`);
      }
    }
  });

  test('behind a single dash is not read as a short one', async () => {
    await assertUsageError(() => refuseSingleDash([':1', '-duration=5s']), /two dashes\n--for 30s/);
    await assertUsageError(() => refuseSingleDash([':1', '-rate', '100/s']), /two dashes\nWrite --rate\./);
    refuseSingleDash(['-c', '5', '-d', 'rate=1', '-r', '5/s', '-dx', '-sS']);
  });
});

test('a body that is a time is noted: elsewhere -d is how long the run is', async () => {
  const notesOf = async (...argv: string[]) => (await settled([':1', ...argv])).notes.join();
  assert.match(await notesOf('-d', '10s'), /^-d 10s is a body .* --for 10s$/);
  assert.match(await notesOf('-d', '10'), /--for 10s$/);
  assert.equal(await notesOf('-d', 't=10s'), '');
  assert.equal(await notesOf('--data-raw', '10s'), '');
});
