import type { TestContext } from 'node:test';
import { createMemoryHub } from '../../../src/mock/channels/memory-hub.ts';
import type { MockConfig } from '../../../src/mock/config.ts';
import { mockDefaults } from '../../../src/mock/defaults.ts';
import type { StreamSummary } from '../../../src/mock/observer.ts';
import { type MockServer, startMockServer } from '../../../src/mock/server.ts';
import { oneRoute } from '../../../src/mock/site.ts';
import type { Step } from '../../../src/mock/step.ts';

export interface Serving {
  readonly server: MockServer;
  readonly url: string;
  /** Streams that have ended. */
  readonly ended: readonly StreamSummary[];
  readonly warnings: readonly string[];
}

/** A server on a free port whose streams do these steps; it goes with the test. */
export async function serving(
  test: TestContext,
  steps: () => Iterable<Step>,
  config: Partial<MockConfig> = {},
): Promise<Serving> {
  const ended: StreamSummary[] = [];
  const warnings: string[] = [];
  const server = await startMockServer({
    ...mockDefaults(),
    hub: createMemoryHub(),
    site: oneRoute(() => ({ kind: 'stream', schedule: steps()[Symbol.iterator](), opening: false })),
    observer: {
      closed: (_, summary) => void ended.push(summary),
      warned: (message) => void warnings.push(message),
    },
    ...config,
  });
  test.after(() => server.close());
  return { server, url: server.url, ended, warnings };
}

export function event(data: string, afterMs = 0): Step {
  return { kind: 'event', event: { data }, afterMs };
}

/** Until an hour has passed. */
export const never: Step = { kind: 'comment', text: 'an hour', afterMs: 3_600_000 };
