import { setTimeout as sleep } from 'node:timers/promises';
import { type Benchmark, median, medianRatio } from './benchmark.ts';
import { benchRun } from './load-run.ts';
import { cpuSeconds, knowsUsage } from './process-usage.ts';
import { StreamHolder } from './stream-holder.ts';
import { StreamSource } from './stream-sources.ts';

const STREAMS = 5_000;
const SETTLE_S = 8;
const MEASURED_S = 15;
const ROUNDS = 3;

/** What an event costs that is received, decoded and measured. */
export const loadCpu: Benchmark = {
  name: 'bench-cpu',
  title: `\`bench\`, ${STREAMS} streams with an event a second each: CPU an event, against bare \`net\` sockets that read into one buffer`,
  async run({ progress }) {
    if (!knowsUsage()) {
      progress('left out: processor time is read from /proc, which only Linux has');
      return [];
    }
    const source = await StreamSource.mock('--silent');
    const ours: number[] = [];
    const bare: number[] = [];
    try {
      for (let round = 1; round <= ROUNDS; round += 1) {
        progress(`round ${round} of ${ROUNDS}`);
        bare.push(await bareMicros(source));
        ours.push(await benchMicros(source));
      }
    } finally {
      source.stop();
    }
    return [
      {
        what: 'CPU of the worker for an event',
        unit: 'times',
        measured: medianRatio(ours, bare),
        goal: { must: 2.5, aim: 1.3, better: 'lower' },
        detail: `${median(ours).toFixed(2)} µs, bare ${median(bare).toFixed(2)}`,
      },
    ];
  },
};

async function benchMicros(source: StreamSource): Promise<number> {
  const { generator, measuredSeconds, counts, warmUp } = await benchRun(
    ...['-c', String(STREAMS), '--workers', '1', '--ramp-up', '5s', '--warm-up', `${SETTLE_S}s`],
    ...['--for', `${SETTLE_S + MEASURED_S}s`, `${source.url}events`],
  );
  const events = counts.events - (warmUp?.counts.events ?? 0);
  const cpu = generator.workers[0]?.cpu.mean ?? Number.NaN;
  return (cpu * measuredSeconds * 1e6) / events;
}

/** It counts nothing: of the events it is known that each stream has one a second. */
async function bareMicros(source: StreamSource): Promise<number> {
  const holder = new StreamHolder();
  try {
    await holder.open(`${source.url}events`, STREAMS, 1);
    await sleep((SETTLE_S * 1_000) / 2);
    const [cpu, started] = [cpuSeconds(holder.pid), performance.now()];
    await sleep(MEASURED_S * 1_000);
    const events = (STREAMS * (performance.now() - started)) / 1_000;
    return ((cpuSeconds(holder.pid) - cpu) * 1e6) / events;
  } finally {
    holder.stop();
  }
}
