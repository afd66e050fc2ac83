import { readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { type CliOptions, type RunningCli, startCli } from '../harness/cli.ts';

export interface ServingWorkers {
  /** With closing slashes, in the order in which they were told. */
  urls: [string, string, string];
  cli: RunningCli;
}

/** `ssekit serve-mock` in three processes at free ports; it ends with the test. */
export async function servingWorkers(
  test: TestContext,
  flags: readonly string[],
  options: CliOptions = {},
): Promise<ServingWorkers> {
  const cli = startCli(['serve-mock', '--workers', '3', '--port', '0', ...flags], {
    deadlineMs: 120_000,
    ...options,
  });
  test.after(async () => {
    cli.signal('SIGINT');
    await cli.gone;
  });
  await cli.printed(/^(ready \S+\n){3}/);
  const [one = '', two = '', three = ''] = [...cli.stdout.matchAll(/^ready (\S+)$/gm)].map(([, url]) => url);
  return { urls: [one, two, three], cli };
}

/** Processes that a process has started and that are still there. */
export function childrenOf(pid: number): number[] {
  const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return list === '' ? [] : list.split(' ').map(Number);
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
