import { setTimeout as sleep } from 'node:timers/promises';
import { type Benchmark, median, type Row } from './benchmark.ts';
import { knowsUsage, residentKb } from './process-usage.ts';
import { StreamHolder } from './stream-holder.ts';
import { StreamSource } from './stream-sources.ts';

const STREAMS = 18_000;
/** Long enough for a heartbeat on each stream, 15 s after its opening. */
const SETTLE_MS = 20_000;
const SAMPLES = 10;
const SAMPLE_MS = 200;

/** What thousands of streams hold that have nothing to say but that they are alive. */
export const idleStreams: Benchmark = {
  name: 'idle-streams',
  title: `\`serve-mock\` with ${STREAMS} idle streams and its default heartbeat in one process: resident memory`,
  async run({ progress }) {
    if (!knowsUsage()) {
      progress('left out: resident memory is read from /proc, which only Linux has');
      return [];
    }
    progress(`${STREAMS} idle streams, and as many on a raw hub, for ${SETTLE_MS / 1_000} s`);
    const [mock, raw] = await Promise.all([
      residentOf(await StreamSource.mock('--preset', 'quiet')),
      residentOf(await StreamSource.rawHub()),
    ]);
    const row = (what: string, { emptyKb, fullKb }: Resident): Row => ({
      what,
      unit: 'KB',
      measured: fullKb / STREAMS,
      detail: `${(fullKb / 1024).toFixed(0)} MB in all, ${(emptyKb / 1024).toFixed(0)} MB without a stream`,
    });
    return [
      { ...row('`serve-mock`, whole process ÷ streams', mock), goal: { must: 20, aim: 12, better: 'lower' } },
      row('a raw Node hub', raw),
    ];
  },
};

interface Resident {
  emptyKb: number;
  fullKb: number;
}

async function residentOf(source: StreamSource): Promise<Resident> {
  const holder = new StreamHolder();
  try {
    const emptyKb = residentKb(source.pid, 'VmRSS') ?? Number.NaN;
    await holder.open(`${source.url}events`, STREAMS);
    await sleep(SETTLE_MS);
    const samples: number[] = [];
    for (let n = 0; n < SAMPLES; n += 1) {
      samples.push(residentKb(source.pid, 'VmRSS') ?? Number.NaN);
      await sleep(SAMPLE_MS);
    }
    return { emptyKb, fullKb: median(samples) };
  } finally {
    holder.stop();
    source.stop();
  }
}
