/** One of the processes that make the load: does its part of the plan, and ends with the one that started it. */
import { failureOf } from '../../client/error-transfer.ts';
import type { FromWorker, ToWorker } from '../messages.ts';
import { makePlan } from '../plan/make-plan.ts';
import { share } from '../plan/share.ts';
import { BenchWorker } from './bench-worker.ts';
import { growDescriptorTable } from './descriptor-table.ts';
import { warmUp } from './warm-up.ts';

// Ctrl-C reaches every process of a terminal: the one that started this decides when to end.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
// The channel closes however that one ends, a SIGKILL included.
process.on('disconnect', () => process.exit());
if (!process.connected) process.exit();

let worker: BenchWorker | undefined;

process.on('uncaughtException', fail);
process.on('message', (message: ToWorker) => {
  switch (message.type) {
    case 'prepare':
      prepare(message).catch(fail);
      return;
    case 'go':
      worker?.go(message.atMs);
      return;
    case 'stop':
      worker?.stop();
  }
});

async function prepare(order: Extract<ToWorker, { type: 'prepare' }>): Promise<void> {
  const { options, worker: number, workers } = order;
  const plan = makePlan(options);
  growDescriptorTable(Math.ceil(plan.peak / workers));
  await warmUp(share(plan.arrivals(), number, workers));
  worker = new BenchWorker(options, { worker: number, workers }, tell);
  tell({ type: 'ready' });
}

function tell(message: FromWorker): void {
  process.send?.(message);
}

function fail(error: unknown): void {
  process.send?.({ type: 'failed', failure: failureOf(error) } satisfies FromWorker, () => process.exit(1));
}
