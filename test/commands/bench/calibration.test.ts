import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { calibrating } from '../../../src/bench/calibrate/calibration.ts';
import { calibrationFlags } from '../../../src/commands/bench/calibration.ts';
import { shape } from '../../../src/commands/bench.ts';
import { parseLine } from '../../../src/commands/command-line.ts';
import type { BenchFlags } from '../../../src/commands/flags/bench/bench-flags.ts';
import { assertUsageError } from '../flags/rejection.ts';
import { options, settled } from './command-line.ts';

async function flagsOf(argv: readonly string[], defaults: Readonly<Record<string, unknown>> = {}) {
  const line = await parseLine<BenchFlags>(shape(), ['--calibrate', ...argv], {});
  assert.ok(line);
  for (const [key, value] of Object.entries(defaults)) {
    line.command.setOptionValueWithSource(key, value, 'config');
  }
  return calibrationFlags({ ...line, flags: line.command.opts() });
}

describe('a calibration', () => {
  for (const [argv, message] of [
    [['https://x.test/', '--http2', '-H', 'X: 1'], /no use for a URL, --header, --http2\nLeave it out/],
    [['--url', 'http://x.test/'], /no use for --url\n/],
    [['--json', '{}', '-d', 'a=b'], /no use for --data, --json\n/],
    [['-6', '-k'], /no use for --ipv6, --insecure\n/],
    [['--users', 'a.csv', '--until-data', 'x'], /no use for --until-data, --users\n/],
    [['--idle-timeout', '1s', '--streams-per-connection', '2'], /--streams-per-connection, --idle-timeout\n/],
    [['--sequence', 'id', '--publish', 'http://x.test/'], /no use for --sequence, --publish\n/],
    [['--curl'], /no use for --curl\n/],
  ] as const) {
    test(`refuses what its server has no answer to: ${argv.join(' ')}`, () =>
      assertUsageError(() => flagsOf(argv), message));
  }

  test('takes the load, the life of streams, and rules', async () => {
    const argv = ['-c', '5', '--stream-for', '1s', '--drop-at', '2s', '--threshold', 'failed == 0'];
    const flags = await flagsOf([...argv, '--http1.1', '-L', '--abort-on-fail', '--goodput', 'gap<2s']);
    assert.equal(flags.connections, 5);
    assert.equal(flags.streamFor, 1000);
    assert.deepEqual([flags.threshold?.length, flags.abortOnFail, flags.goodput?.text], [1, true, 'gap<2s']);
  });

  test('leaves out what a config file has for the server that it is for', async () => {
    const rule = (await options('--threshold', 'failed == 0')).thresholds;
    const flags = await flagsOf(['-c', '5'], {
      bearer: 'secret',
      sequence: { kind: 'id' },
      threshold: rule,
      workers: 2,
    });
    assert.deepEqual([flags.connections, flags.workers], [5, 2]);
    for (const key of ['bearer', 'sequence', 'threshold']) assert.ok(!(key in flags), key);
  });

  test('is judged by the rules that it is given', async () => {
    const rules = ['--threshold', 'first_event max < 1us', '--threshold', 'delivery_latency p50 < 1s'];
    const { options: settledOptions } = await settled(['--calibrate', ...rules]);
    const { thresholds } = calibrating(settledOptions, ['http://127.0.0.1:1/']);
    assert.deepEqual(
      thresholds.map(({ text }) => text),
      ['first_event max < 1us', 'delivery_latency p50 < 1s'],
    );
  });
});
