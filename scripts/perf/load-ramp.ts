import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Benchmark, median, medianRatio } from './benchmark.ts';
import { SSEKIT } from './checkout.ts';
import { StreamSource } from './stream-sources.ts';

const STREAMS = 5_000;
const ROUNDS = 5;
const ADDRESSES = 10;

/** How long it takes until the load stands. */
export const loadRamp: Benchmark = {
  name: 'bench-ramp',
  title: `From the start of the process to ${STREAMS} streams open: \`bench\` without a ramp, against bare \`net\` sockets`,
  async run({ progress }) {
    const ours: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      progress(`round ${round + 1} of ${ROUNDS}`);
      bare.push(await untilOpen((url) => [BARE, url, String(STREAMS), ...sources(round)]));
      ours.push(
        await untilOpen((url) => [
          ...[SSEKIT, 'bench', '--silent', '--workers', '1', '-c', String(STREAMS)],
          ...['--ramp-up', '1ms', '--for', '60s', url],
        ]),
      );
    }
    return [
      {
        what: '`bench`',
        unit: 'times',
        measured: medianRatio(ours, bare),
        goal: { must: 2.5, aim: 1.2, better: 'lower' },
        detail: `${median(ours).toFixed(0)} ms, of which 200 are kept for all workers to begin at once; bare ${median(bare).toFixed(0)}`,
      },
    ];
  },
};

const BARE = fileURLToPath(new URL('./bare-client-process.js', import.meta.url));

/** A round's own: ports that connections have just left are not free yet. */
function sources(round: number): string[] {
  return Array.from({ length: ADDRESSES }, (_, index) => `127.201.${round}.${1 + index}`);
}

async function untilOpen(command: (url: string) => string[]): Promise<number> {
  const source = await StreamSource.mock('--preset', 'quiet', '--silent');
  const started = performance.now();
  const child = spawn(process.execPath, command(`${source.url}events`), { stdio: 'ignore' });
  try {
    while ((await source.openStreams()) < STREAMS) {
      if (child.exitCode !== null) throw new Error('the client ended before all streams were open');
    }
    return performance.now() - started;
  } finally {
    const gone = child.exitCode === null ? once(child, 'exit') : undefined;
    child.kill('SIGKILL');
    await gone;
    source.stop();
  }
}
