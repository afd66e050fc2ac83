/** Publishes what a run's streams are to receive, in a process of its own: nothing else delays it, and it delays nothing. */
import { monotonicMs } from '../../../client/clock.ts';
import { failureOf } from '../../../client/error-transfer.ts';
import { LONGEST_MS } from '../../../notation/duration.ts';
import type { FromPublisher, ToPublisher } from './messages.ts';
import { type Outlet, openOutlet } from './outlet.ts';
import { PublishRun } from './publish-run.ts';

// Ctrl-C reaches every process of a terminal: the one that started this decides when to end.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
// The channel closes however that one ends, a SIGKILL included.
process.on('disconnect', () => process.exit());
if (!process.connected) process.exit();

let outlet: Outlet | undefined;
let run: PublishRun | undefined;

process.on('uncaughtException', fail);
process.on('message', (message: ToPublisher) => {
  switch (message.type) {
    case 'prepare':
      prepare(message).catch(fail);
      return;
    case 'go':
      publish(message).catch(fail);
      return;
    case 'stop':
      run?.stop();
  }
});

async function prepare({ publish, request }: Extract<ToPublisher, { type: 'prepare' }>): Promise<void> {
  outlet = await openOutlet(publish, request);
  run = new PublishRun(publish, outlet, { now: monotonicMs, after });
  process.send?.({ type: 'ready' } satisfies FromPublisher);
}

async function publish({ startAt, endAt }: Extract<ToPublisher, { type: 'go' }>): Promise<void> {
  const outcome = await run?.begin(startAt, endAt);
  await outlet?.close();
  if (outcome !== undefined) process.send?.({ type: 'done', outcome } satisfies FromPublisher);
}

function after(ms: number, callback: () => void): () => void {
  // One that is called early looks at the clock, and waits again.
  const timer = setTimeout(callback, Math.min(LONGEST_MS, ms));
  return () => clearTimeout(timer);
}

function fail(error: unknown): void {
  process.send?.({ type: 'failed', failure: failureOf(error) } satisfies FromPublisher, () =>
    process.exit(1),
  );
}
