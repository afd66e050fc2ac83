import assert from 'node:assert/strict';
import type { BenchOptions } from '../../../src/bench/options.ts';
import { type Settled, settle } from '../../../src/commands/bench/settle.ts';
import { targetsOf } from '../../../src/commands/bench/targets.ts';
import { shape } from '../../../src/commands/bench.ts';
import { parseLine } from '../../../src/commands/command-line.ts';
import { BENCH_CONTRADICTIONS } from '../../../src/commands/flags/bench/bench-contradictions.ts';
import type { BenchFlags } from '../../../src/commands/flags/bench/bench-flags.ts';
import { withoutContradictions } from '../../../src/commands/flags/contradictions.ts';

interface World {
  env?: NodeJS.ProcessEnv;
  /** Files by their names. */
  files?: Readonly<Record<string, string>>;
}

/** What a command line comes to, up to where the machine would be looked at. */
export async function settled(
  argv: readonly string[],
  { env = {}, files = {} }: World = {},
): Promise<Settled> {
  const line = await parseLine<BenchFlags>(shape(), argv, {});
  assert.ok(line);
  const flags = withoutContradictions(line.flags, line.command, BENCH_CONTRADICTIONS);
  const targets = targetsOf(line.words, flags);
  const read = async (path: string) => {
    assert.ok(path in files, `${path} is read`);
    return Buffer.from(files[path] ?? '');
  };
  return settle(targets, { flags, command: line.command }, { env, files: { read } });
}

/** The same, against a server that nobody asks. */
export async function options(...argv: readonly string[]): Promise<BenchOptions> {
  return (await settled([':1/events', ...argv])).options;
}
