import type { TestContext } from 'node:test';
import { monotonicMs } from '../../../src/client/clock.ts';
import { createMemoryHub } from '../../../src/mock/channels/memory-hub.ts';
import type { ConformanceCase } from '../../../src/mock/conformance/case.ts';
import { conformanceSite } from '../../../src/mock/conformance/routes.ts';
import { ConformanceSuite } from '../../../src/mock/conformance/suite.ts';
import { mockDefaults } from '../../../src/mock/defaults.ts';
import { startMockServer } from '../../../src/mock/server.ts';

export interface ServedSuite {
  /** With a closing slash. */
  url: string;
  suite: ConformanceSuite;
}

/** The suite, or some of its cases, on a server of its own, which ends with the test. */
export async function serveSuite(
  test: Pick<TestContext, 'after'>,
  cases?: readonly ConformanceCase[],
): Promise<ServedSuite> {
  const suite = new ConformanceSuite({
    now: monotonicMs,
    version: '0.0.0',
    ...(cases === undefined ? {} : { cases }),
  });
  const server = await startMockServer({
    ...mockDefaults(),
    site: conformanceSite({ suite, now: monotonicMs }),
    hub: createMemoryHub(),
    fixed: true,
    maxPayloadBytes: 8 * 1024 ** 2,
  });
  test.after(async () => {
    suite.end('stopped');
    await server.close();
  });
  return { url: server.url, suite };
}
