import { spawn } from 'node:child_process';
import { type Benchmark, median, medianRatio, type Row } from './benchmark.ts';
import { SSEKIT } from './checkout.ts';
import { fetchOneLiner, httpOneLiner, NOTHING } from './one-liners.ts';
import { startStreamServer } from './stream-server.ts';

const ROUNDS = 21;

/** What a user waits for between the return key and the first event. */
export const startUp: Benchmark = {
  name: 'start-up',
  title: 'process start to first event printed, against `node -e 0`',
  async run({ progress }) {
    const server = await startStreamServer({ kind: 'hello' });
    try {
      const programs = {
        nothing: NOTHING,
        listen: [SSEKIT, 'listen', server.url],
        http: httpOneLiner(server.url),
        fetch: fetchOneLiner(server.url),
      };
      progress(`${ROUNDS} rounds of ${Object.keys(programs).length} programs`);
      const times = { nothing: [], listen: [], http: [], fetch: [] } as Record<
        keyof typeof programs,
        number[]
      >;
      // The first round finds files that aren't in memory yet.
      for (let round = -1; round < ROUNDS; round++) {
        for (const name of Object.keys(programs) as (keyof typeof programs)[]) {
          const took = await timeToOutput(programs[name]);
          if (round >= 0) times[name].push(took);
        }
      }
      const row = (what: string, name: keyof typeof programs): Row => ({
        what,
        unit: 'times',
        measured: medianRatio(times[name], times.nothing),
        detail: `${median(times[name]).toFixed(0)} ms, \`node -e 0\` ${median(times.nothing).toFixed(0)} ms`,
      });
      return [
        { ...row('`listen`', 'listen'), goal: { must: 2.2, aim: 1.5, better: 'lower' } },
        row('`node:http` one-liner', 'http'),
        row('`fetch` and eventsource-parser one-liner', 'fetch'),
      ];
    } finally {
      server.stop();
    }
  },
};

/** Milliseconds until the program's first output, or until its end where it prints nothing. */
function timeToOutput(args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    child.once('error', reject);
    const done = () => {
      const took = performance.now() - started;
      child.off('exit', done);
      child.kill('SIGKILL');
      // Its end takes processor time too, which belongs to nobody's figure.
      if (child.exitCode === null) child.once('exit', () => resolve(took));
      else resolve(took);
    };
    child.stdout.once('data', done);
    child.once('exit', done);
  });
}
