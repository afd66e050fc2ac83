import { type Benchmark, median, type Row } from './benchmark.ts';
import { cpuSeconds, knowsUsage } from './process-usage.ts';
import { StreamHolder } from './stream-holder.ts';
import { StreamSource } from './stream-sources.ts';

const VISITORS = 1_000;
const CROWD = 15_000;
const ROUNDS = 5;

/** Whether streams that are open make others slower to come and go. */
export const comingAndGoing: Benchmark = {
  name: 'connect',
  title: `\`serve-mock\`, ${VISITORS} streams that open and close again, with ${CROWD} others open against none`,
  async run({ progress }) {
    if (!knowsUsage()) {
      progress('left out: processor time is read from /proc, which only Linux has');
      return [];
    }
    const source = await StreamSource.mock('--preset', 'quiet');
    const holder = new StreamHolder();
    const visitors = new StreamHolder();
    try {
      progress(`${ROUNDS} rounds alone`);
      const alone = await visits(source, visitors);
      await holder.open(`${source.url}events`, CROWD);
      progress(`${ROUNDS} rounds beside ${CROWD} open streams`);
      const beside = await visits(source, visitors);
      return [
        row('CPU of the server', beside.cpuMicros, alone.cpuMicros),
        row('time, the clients’ included', beside.wallMicros, alone.wallMicros),
      ];
    } finally {
      for (const each of [holder, visitors, source]) each.stop();
    }
  },
};

interface Visits {
  /** For one of them, by round. */
  cpuMicros: number[];
  wallMicros: number[];
}

async function visits(source: StreamSource, holder: StreamHolder): Promise<Visits> {
  const found: Visits = { cpuMicros: [], wallMicros: [] };
  // The first rounds are the compiler's.
  for (let round = -2; round < ROUNDS; round += 1) {
    const [cpu, started] = [cpuSeconds(source.pid), performance.now()];
    const before = await source.openStreams();
    await holder.open(`${source.url}events`, VISITORS);
    await holder.leave(VISITORS);
    while ((await source.openStreams()) > before);
    if (round < 0) continue;
    found.cpuMicros.push(((cpuSeconds(source.pid) - cpu) * 1e6) / VISITORS);
    found.wallMicros.push(((performance.now() - started) * 1e3) / VISITORS);
  }
  return found;
}

function row(what: string, beside: number[], alone: number[]): Row {
  return {
    what,
    unit: 'times',
    measured: median(beside) / median(alone),
    goal: { must: 2, aim: 1.3, better: 'lower' },
    detail: `${median(beside).toFixed(0)} µs a stream, alone ${median(alone).toFixed(0)}`,
  };
}
