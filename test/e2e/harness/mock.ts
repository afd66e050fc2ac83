import type { TestContext } from 'node:test';
import { type CliOptions, type RunningCli, startCli } from './cli.ts';

export interface RunningMock {
  /** With a closing slash. */
  url: string;
  cli: RunningCli;
}

/** `ssekit serve-mock` on a free port; it ends with the test. */
export function startMock(test: TestContext, ...flags: string[]): Promise<RunningMock> {
  return startMockWith(test, flags, {});
}

export async function startMockWith(
  test: TestContext,
  flags: readonly string[],
  options: CliOptions,
): Promise<RunningMock> {
  const cli = startCli(['serve-mock', '--port', '0', ...flags], { deadlineMs: 170_000, ...options });
  test.after(async () => {
    cli.signal('SIGINT');
    await cli.gone;
  });
  await cli.printed(/^ready \S+\n/m);
  return { url: /^ready (\S+)$/m.exec(cli.stdout)?.[1] ?? '', cli };
}
