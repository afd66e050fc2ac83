import type { TestContext } from 'node:test';
import { startCli } from '../harness/cli.ts';

/** Starts `ssekit serve-mock` on a free port for the length of the test, and resolves with its URL. */
export async function serve(test: TestContext, ...flags: string[]): Promise<string> {
  const server = startCli(['serve-mock', '--port', '0', ...flags], { deadlineMs: 120_000 });
  test.after(async () => {
    server.signal('SIGINT');
    await server.gone;
  });
  await server.printed(/^ready \S+\n/m);
  return /^ready (\S+)$/m.exec(server.stdout)?.[1] ?? '';
}
