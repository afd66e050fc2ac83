import { setTimeout as sleep } from 'node:timers/promises';
import type { Benchmark } from './benchmark.ts';
import { benchRun, verdictText } from './load-run.ts';
import { knowsUsage, residentKb } from './process-usage.ts';
import { StreamHolder } from './stream-holder.ts';
import { StreamSource } from './stream-sources.ts';

const STREAMS = 18_000;
const RAMP_S = 18;
const FOR_S = 40;

/** What a process of the load generator holds for each stream. */
export const loadMemory: Benchmark = {
  name: 'bench-memory',
  title: `\`bench\` holding ${STREAMS} streams in one worker, an event on each every 10 s and all statistics on: resident memory`,
  async run({ progress }) {
    if (!knowsUsage()) {
      progress('left out: resident memory is read from /proc, which only Linux has');
      return [];
    }
    progress(`${STREAMS} streams for ${FOR_S} s`);
    const source = await StreamSource.mock('--interval', '10s', '--silent');
    const holder = new StreamHolder();
    try {
      const result = await benchRun(
        ...[
          '-c',
          String(STREAMS),
          '--workers',
          '1',
          '--ramp-up',
          `${RAMP_S}s`,
          '--for',
          `${FOR_S}s`,
          '--sequence',
          'id',
        ],
        `${source.url}events`,
      );
      const rssKb = (result.generator.workers[0]?.rssMax ?? Number.NaN) / 1024;
      progress('as many on bare sockets');
      const emptyKb = residentKb(holder.pid, 'VmRSS') ?? Number.NaN;
      await holder.open(`${source.url}events`, STREAMS);
      await sleep(10_000);
      const bareKb = residentKb(holder.pid, 'VmRSS') ?? Number.NaN;
      return [
        {
          what: '`bench`, whole worker ÷ streams',
          unit: 'KB',
          measured: rssKb / STREAMS,
          goal: { must: 16, aim: 10, better: 'lower' },
          detail: `${(rssKb / 1024).toFixed(0)} MB at most, ${result.counts.open} streams open at the end, ${verdictText(result)}`,
        },
        {
          what: 'bare `net` sockets with a shared read buffer',
          unit: 'KB',
          measured: bareKb / STREAMS,
          detail: `${(bareKb / 1024).toFixed(0)} MB in all, ${(emptyKb / 1024).toFixed(0)} MB without a stream`,
        },
      ];
    } finally {
      holder.stop();
      source.stop();
    }
  },
};
