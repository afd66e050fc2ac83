import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Benchmark, type BenchmarkOptions, median, medianRatio, type Row } from './benchmark.ts';
import { SSEKIT } from './checkout.ts';
import { fetchOneLiner } from './one-liners.ts';
import { startStreamServer } from './stream-server.ts';

const EVENTS = 500_000;
const ROUNDS = 5;
const GOAL = { must: 1.5, aim: 0.8, better: 'lower' } as const;

/** What an event costs on its way from the socket to a file. */
export const throughput: Benchmark = {
  name: 'throughput',
  title:
    '`listen` to a file, 500,000 events of 120 bytes: CPU, against a one-liner of `fetch` and eventsource-parser',
  async run(options) {
    return [
      ...(await measure('100 events an HTTP chunk', 100, options)),
      ...(await measure('one event an HTTP chunk', 1, options)),
    ];
  },
};

async function measure(
  framing: string,
  eventsPerChunk: number,
  { progress }: BenchmarkOptions,
): Promise<Row[]> {
  const server = await startStreamServer({ kind: 'events', events: EVENTS, eventsPerChunk });
  const folder = mkdtempSync(join(tmpdir(), 'ssekit-perf-'));
  const file = join(folder, 'out');
  try {
    progress(`${ROUNDS} rounds, ${framing}`);
    const times = { fetch: [] as number[], data: [] as number[], ndjson: [] as number[] };
    for (let round = 0; round < ROUNDS; round++) {
      times.fetch.push(await cpuSeconds(fetchOneLiner(server.url), file));
      times.data.push(await cpuSeconds([SSEKIT, 'listen', server.url, '--format', 'data'], file));
      times.ndjson.push(await cpuSeconds([SSEKIT, 'listen', server.url, '--format', 'ndjson'], file));
    }
    const micros = (seconds: number[]) => ((median(seconds) / EVENTS) * 1e6).toFixed(2);
    return (['data', 'ndjson'] as const).map((format) => ({
      what: `\`--format ${format}\`, ${framing}`,
      unit: 'times',
      measured: medianRatio(times[format], times.fetch),
      goal: GOAL,
      detail: `${micros(times[format])} µs an event, one-liner ${micros(times.fetch)}`,
    }));
  } finally {
    server.stop();
    rmSync(folder, { recursive: true });
  }
}

/** Seconds of processor time, of user and system, that a run of `node` took with its output in a file. */
function cpuSeconds(args: readonly string[], file: string): Promise<number> {
  // Node tells no parent what its child has used; bash does.
  const script = 'TIMEFORMAT="%U %S"; out=$1; shift; time "$@" 2>/dev/null >"$out"';
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', script, 'bash', file, process.execPath, ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, LC_ALL: 'C' },
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.once('error', reject);
    child.once('close', (code) => {
      const [user, system] = said.trim().split(' ').map(Number);
      if (code !== 0 || user === undefined || system === undefined) {
        reject(new Error(`node ${args.join(' ')} ended with ${code}: ${said}`));
      } else {
        resolve(user + system);
      }
    });
  });
}
