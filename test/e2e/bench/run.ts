import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { exitCodeOf } from '../../../src/bench/exit-code.ts';
import type { BenchResult } from '../../../src/results/bench/result.ts';
import { type CliOptions, type Outcome, type RunningCli, startCli } from '../harness/cli.ts';
import { until as untilWithin } from '../harness/until.ts';

/** However busy the machine is: past it a run hangs. */
const DEADLINE_MS = 90_000;

/** Waits for a condition while processes make load, which keeps a machine busy. */
export function until(condition: () => boolean, what: string | (() => string)): Promise<void> {
  return untilWithin(condition, what, DEADLINE_MS);
}

/** Runs `bench` under the test's control. */
export function startBench(words: readonly string[], options: CliOptions = {}): RunningCli {
  return startCli(['bench', ...words], { deadlineMs: DEADLINE_MS, ...options });
}

/** A load that the test ends when it has seen what it waited for: no time of its own has to be long enough. */
export class EndlessRun {
  readonly cli: RunningCli;
  readonly #timeline: string;

  /** @param words all but for how long */
  constructor(test: TestContext, ...words: string[]) {
    this.#timeline = join(folder(test), 'timeline.ndjson');
    const forEver = words.includes('--stages') ? [] : ['--for', '1h', '--ramp-up', '0s'];
    const rest = [...forEver, '--seed', '7', '--format', 'json', '-o', this.#timeline];
    this.cli = startBench([...words, ...rest]);
  }

  /** What was counted so far, as of the last window. */
  counted(name: keyof BenchResult['counts']): number {
    return content(this.#timeline)
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line))
      .filter(({ type }) => type === 'window')
      .reduce((sum, { counts }) => sum + counts[name], 0);
  }

  /** Waits for it; `what` is said where it never comes. */
  async until(condition: () => boolean, what: string): Promise<void> {
    await until(condition, () => `${what}; so far: ${content(this.#timeline)}`);
  }

  /** Ctrl-C. */
  async end(): Promise<BenchResult> {
    this.cli.signal('SIGINT');
    return resultOf(await this.cli.ended);
  }
}

/** The result on standard output. A busy machine may make it INVALID, which its exit code must then say. */
export function resultOf({ stdout, stderr, code }: Outcome, signal?: NodeJS.Signals): BenchResult {
  assert.notEqual(stdout, '', stderr);
  const result = JSON.parse(stdout) as BenchResult;
  assert.equal(code, exitCodeOf(result, signal));
  assertAddsUp(result);
  return result;
}

/** What holds of every run, however it went. */
export function assertAddsUp({ counts, endings }: BenchResult): void {
  const { started, succeeded, failed, open, attempts } = counts;
  assert.equal(succeeded + failed + open, started, 'streams');
  assert.equal(
    Object.values(endings).reduce((sum, count) => sum + count, 0),
    attempts,
    'attempts',
  );
}

/** A folder that goes with the test. */
export function folder(test: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'ssekit-bench-'));
  test.after(() => rmSync(path, { recursive: true }));
  return path;
}

/** The processes that make the load, once there are so many. */
export async function workersOf(cli: RunningCli, count: number): Promise<number[]> {
  const workers = () => childrenOf(cli.pid).filter((pid) => /bench-worker-process/.test(commandOf(pid)));
  await until(() => workers().length === count, `${count} workers`);
  return workers();
}

/** Waits until they are gone, however they end. */
export async function gone(pids: readonly number[]): Promise<void> {
  await until(() => pids.every((pid) => commandOf(pid) === ''), `the end of ${pids.join(', ')}`);
}

function childrenOf(pid: number | undefined): number[] {
  return content(`/proc/${pid}/task/${pid}/children`).trim().split(' ').filter(Boolean).map(Number);
}

/** Empty where there is no such process, or it has ended. */
function commandOf(pid: number): string {
  return content(`/proc/${pid}/cmdline`);
}

function content(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It has ended.
    return '';
  }
}
