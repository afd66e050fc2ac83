import { availableParallelism, freemem } from 'node:os';
import type { Benchmark } from './benchmark.ts';
import { benchRun, closingScreen, verdictText } from './load-run.ts';
import { StreamSource } from './stream-sources.ts';

const STREAMS = 250_000;
const PER_PROCESS = 19_500;
const RAMP_S = 180;
const FOR_S = 240;
const EVENT_EVERY = '45s';
/** For a stream on both sides, in bytes; less free memory, fewer streams. */
const BOTH_SIDES = 36 * 1024;

/** How many streams one machine holds, with the server on it too. */
export const loadHold: Benchmark = {
  name: 'bench-hold',
  title: `\`bench\` and \`serve-mock\` on one machine, an event on each stream every ${EVENT_EVERY}, the server at a lower priority: streams held`,
  async run({ progress }) {
    const streams = Math.min(STREAMS, Math.floor(freemem() / BOTH_SIDES / 1_000) * 1_000);
    const processes = Math.ceil(streams / PER_PROCESS);
    progress(`${streams} streams, ${processes} processes on either side, ${FOR_S} s`);
    const source = await StreamSource.patientMock(
      ...['--interval', EVENT_EVERY, '--heartbeat', 'off', '--silent', '--workers', String(processes)],
    );
    try {
      const result = await benchRun(
        ...['-c', String(streams), '--workers', String(processes), '--ramp-up', `${RAMP_S}s`],
        ...['--for', `${FOR_S}s`, ...source.urls.map((url) => `${url}events`)],
      );
      const { counts, generator, metrics } = result;
      const memory = generator.workers.reduce((sum, { rssMax }) => sum + rssMax, 0);
      const cpu = generator.workers.reduce((sum, worker) => sum + (worker.cpu.mean ?? 0), 0);
      const firstEvent = metrics.time_to_headers;
      return [
        {
          what: `held by ${processes} workers on ${availableParallelism()} cores`,
          unit: 'streams',
          measured: counts.open,
          goal: { must: STREAMS, aim: 500_000, better: 'higher' },
          detail: `${verdictText(result)}, ${counts.failedAttempts} of ${counts.attempts} attempts failed, headers p99 ${firstEvent?.p99?.toFixed(1) ?? '–'} ms, ${(memory / counts.open / 1024).toFixed(1)} KB a stream, ${cpu.toFixed(2)} cores`,
          screen: await closingScreen(result),
        },
      ];
    } finally {
      source.stop();
    }
  },
};
