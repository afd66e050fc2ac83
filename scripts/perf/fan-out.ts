import { type Benchmark, type BenchmarkOptions, median, medianRatio, type Row } from './benchmark.ts';
import { cpuSeconds, knowsUsage } from './process-usage.ts';
import { StreamHolder } from './stream-holder.ts';
import { StreamSource } from './stream-sources.ts';

const STREAMS = 5_000;
const EVENTS = 20;
const ROUNDS = 7;
/** Comes once in each event, and nowhere else. */
const MARK = '~';
const DATA = `${MARK}${'x'.repeat(99)}`;

interface Fan {
  source: StreamSource;
  holder: StreamHolder;
  /** By round: CPU for one event to one stream, and the time that a publish took. */
  cpuMicros: number[];
  publishMs: number[];
}

/** What an event costs that goes to everyone. */
export const fanOut: Benchmark = {
  name: 'fan-out',
  title: `\`serve-mock\`, a published event to ${STREAMS} streams, against a raw Node hub that writes framed bytes to sockets`,
  async run(options) {
    if (!knowsUsage()) {
      options.progress('left out: processor time is read from /proc, which only Linux has');
      return [];
    }
    const raw = await fanOf(await StreamSource.rawHub());
    const mock = await fanOf(await StreamSource.mock('--preset', 'quiet', '--silent'));
    try {
      return await measure(mock, raw, options);
    } finally {
      for (const { source, holder } of [mock, raw]) {
        holder.stop();
        source.stop();
      }
    }
  },
};

async function fanOf(source: StreamSource): Promise<Fan> {
  return { source, holder: new StreamHolder(), cpuMicros: [], publishMs: [] };
}

async function measure(mock: Fan, raw: Fan, { progress }: BenchmarkOptions): Promise<Row[]> {
  for (const { source, holder } of [raw, mock]) await holder.open(`${source.url}events`, STREAMS);
  progress(`${ROUNDS} rounds of ${EVENTS} events to ${STREAMS} streams each`);
  // The first rounds are the compiler's.
  for (let round = -2; round < ROUNDS; round += 1) {
    for (const fan of round % 2 === 0 ? [raw, mock] : [mock, raw]) {
      const { cpu, took } = await publishAll(fan);
      if (round < 0) continue;
      fan.cpuMicros.push((cpu * 1e6) / (EVENTS * STREAMS));
      fan.publishMs.push(median(took));
    }
  }
  const figures = (ours: number[], theirs: number[], unit: string, digits: number) =>
    `${median(ours).toFixed(digits)} ${unit}, raw hub ${median(theirs).toFixed(digits)}`;
  return [
    {
      what: 'CPU of the server for an event to a stream',
      unit: 'times',
      measured: medianRatio(mock.cpuMicros, raw.cpuMicros),
      goal: { must: 2, aim: 1.1, better: 'lower' },
      detail: figures(mock.cpuMicros, raw.cpuMicros, 'µs', 2),
    },
    {
      what: 'a publish, until the event has left for the last stream',
      unit: 'times',
      measured: medianRatio(mock.publishMs, raw.publishMs),
      goal: { must: 2, aim: 1.1, better: 'lower' },
      detail: figures(mock.publishMs, raw.publishMs, 'ms', 1),
    },
  ];
}

/** Each event is sent when the one before has come everywhere. */
async function publishAll({ source, holder }: Fan): Promise<{ cpu: number; took: number[] }> {
  const took: number[] = [];
  const before = cpuSeconds(source.pid);
  for (let n = 0; n < EVENTS; n += 1) {
    const { arrived } = await holder.expect(STREAMS, MARK);
    took.push(await source.publish(DATA));
    await arrived;
  }
  return { cpu: cpuSeconds(source.pid) - before, took };
}
