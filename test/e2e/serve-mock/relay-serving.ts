import type { TestContext } from 'node:test';
import { type CliOptions, type RunningCli, startCli } from '../harness/cli.ts';

export interface Serving {
  /** With a closing slash. */
  url: string;
  server: RunningCli;
}

/** Starts `ssekit serve-mock` on a free port for the length of the test. */
export async function serving(
  test: TestContext,
  flags: readonly string[],
  options: CliOptions = {},
): Promise<Serving> {
  const server = startCli(['serve-mock', '--port', '0', ...flags], { deadlineMs: 170_000, ...options });
  test.after(async () => {
    server.signal('SIGINT');
    await server.gone;
  });
  await server.printed(/^ready \S+\n/m);
  return { url: /^ready (\S+)$/m.exec(server.stdout)?.[1] ?? '', server };
}
