import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Benchmark, BenchmarkOptions, Row } from './benchmark.ts';
import { SSEKIT } from './checkout.ts';
import { knowsUsage, residentKb } from './process-usage.ts';
import { type Answer, startStreamServer } from './stream-server.ts';

const SAMPLE_MS = 100;
/** The share of a long stream in which the heap is still finding its size. */
const WARM_UP = 0.25;
const SLOW_READER_MS = 8000;
const MB = 1024;

/** What stays in memory of a stream, however long it, its lines, or the pauses of its reader are. */
export const memory: Benchmark = {
  name: 'memory',
  title: 'resident memory of `listen --format data`',
  async run(options) {
    if (!knowsUsage()) {
      options.progress('left out: resident memory is read from /proc, which only Linux has');
      return [];
    }
    return [await longStream(options), await endlessLine(options), await slowReader(options)];
  },
};

async function longStream({ gigabytes, progress }: BenchmarkOptions): Promise<Row> {
  progress(`${gigabytes} GB of events into nothing`);
  const bytes = gigabytes * 1e9;
  return withListen({ kind: 'bytes', bytes }, 'ignore', [], async (child) => {
    const samples: { at: number; kb: number }[] = [];
    const started = performance.now();
    while (child.exitCode === null) {
      const kb = residentKb(child.pid, 'VmRSS');
      if (kb !== undefined) samples.push({ at: performance.now() - started, kb });
      await sleep(SAMPLE_MS);
    }
    if (child.exitCode !== 0) throw new Error(`listen ended with ${child.exitCode}`);
    const took = performance.now() - started;
    const steady = samples.filter(({ at }) => at > took * WARM_UP);
    // The stream flows steadily, so that a share of the time is a share of the bytes.
    const perGb = slope(steady.map(({ at, kb }) => ({ x: (at / took) * gigabytes, y: kb })));
    const peak = Math.max(...samples.map(({ kb }) => kb));
    const end = steady.at(-1)?.kb ?? 0;
    return {
      what: `a stream of ${gigabytes} GB: growth after its first quarter`,
      unit: 'KB per GB',
      measured: perGb,
      goal: { must: 1000, aim: 200, better: 'lower' },
      detail: `${megabytes(end)} at the end, peak ${megabytes(peak)}, ${((gigabytes * 1000) / (took / 1000)).toFixed(0)} MB/s`,
    };
  });
}

async function endlessLine({ progress }: BenchmarkOptions): Promise<Row> {
  const limit = '16MB';
  progress(`a line without end, --max-event-size ${limit}`);
  return withListen({ kind: 'line' }, 'ignore', ['--max-event-size', limit], async (child) => {
    const peak = await peakUntil(child, () => child.exitCode !== null);
    if (child.exitCode !== 12) throw new Error(`listen ended with ${child.exitCode}, not with 12`);
    return {
      what: `a line without end, --max-event-size ${limit}: peak`,
      unit: 'MB',
      measured: peak / MB,
      goal: { must: 200, aim: 120, better: 'lower' },
      detail: 'ended with exit code 12',
    };
  });
}

async function slowReader({ progress }: BenchmarkOptions): Promise<Row> {
  progress(`a reader that stops reading for ${SLOW_READER_MS / 1000} s`);
  // Nobody reads the pipe until something listens to it.
  return withListen({ kind: 'bytes', bytes: 1e12 }, 'pipe', [], async (child) => {
    const until = performance.now() + SLOW_READER_MS;
    const peak = await peakUntil(child, () => performance.now() > until);
    return {
      what: `a reader that stops reading for ${SLOW_READER_MS / 1000} s: peak`,
      unit: 'MB',
      measured: peak / MB,
      goal: { must: 150, aim: 110, better: 'lower' },
      detail: 'the server had more to send all the time',
    };
  });
}

/** Runs `listen` against a server for as long as `measure` takes. */
async function withListen(
  answer: Answer,
  stdout: 'ignore' | 'pipe',
  flags: readonly string[],
  measure: (child: ChildProcess) => Promise<Row>,
): Promise<Row> {
  const server = await startStreamServer(answer);
  const child = spawn(process.execPath, [SSEKIT, 'listen', server.url, '--format', 'data', ...flags], {
    stdio: ['ignore', stdout, 'ignore'],
  });
  try {
    await once(child, 'spawn');
    return await measure(child);
  } finally {
    child.kill('SIGKILL');
    server.stop();
  }
}

/** The most that was resident at any time; the kernel keeps account of it. */
async function peakUntil(child: ChildProcess, over: () => boolean): Promise<number> {
  let peak = 0;
  while (!over() && child.exitCode === null) {
    peak = residentKb(child.pid, 'VmHWM') ?? peak;
    await sleep(20);
  }
  return peak;
}

/** Least squares. */
function slope(points: readonly { x: number; y: number }[]): number {
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / points.length;
  const covariance = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0);
  const variance = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  return covariance / variance;
}

function megabytes(kb: number): string {
  return `${(kb / MB).toFixed(0)} MB`;
}
