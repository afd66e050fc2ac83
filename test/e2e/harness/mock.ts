import type { TestContext } from 'node:test';
import { type RunningCli, startCli } from './cli.ts';

export interface RunningMock {
  /** With a closing slash. */
  url: string;
  cli: RunningCli;
}

/** `ssekit serve-mock` on a free port; it ends with the test. */
export async function startMock(test: TestContext, ...flags: string[]): Promise<RunningMock> {
  const cli = startCli(['serve-mock', '--port', '0', ...flags], { deadlineMs: 120_000 });
  test.after(async () => {
    cli.signal('SIGINT');
    await cli.ended;
  });
  await cli.printed(/^ready \S+\n/m);
  return { url: /^ready (\S+)/m.exec(cli.stdout)?.[1] ?? '', cli };
}
