/** The process behind `demo:`. It tells its parent where it listens, and ends with it. */

import { tellParent } from '../processes/tell-parent.ts';
import { createMemoryHub } from './channels/memory-hub.ts';
import { mockDefaults } from './defaults.ts';
import { demoEvent } from './demo-schedule.ts';
import { numbered } from './numbered.ts';
import { startMockServer } from './server.ts';
import { oneRoute } from './site.ts';

// Ctrl-C reaches every process of a terminal: the parent decides when to end, and its end is ours.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

// The channel closes however the parent ends, a SIGKILL included.
let close = async () => {};
process.on('disconnect', () => void close().finally(() => process.exit()));
if (!process.connected) process.exit();

try {
  const hub = createMemoryHub();
  const site = oneRoute(numbered(demoEvent));
  const server = await startMockServer({ ...mockDefaults(), site, hub, retryMs: 1_000 });
  close = server.close;
  tellParent({ url: server.url });
} catch (error) {
  tellParent({ error: error instanceof Error ? error.message : String(error) });
}
