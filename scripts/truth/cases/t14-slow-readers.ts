import { against } from '../against-server.ts';
import { about, type Check, exactly, trusted } from '../check.ts';
import { chunk, HEAD, type Script } from '../script.ts';
import { beginning } from '../stamps.ts';
import type { TruthCase } from '../truth-case.ts';

/** Sixteen events of a kilobyte. */
const PIECE = chunk(
  Array.from({ length: 16 }, (_, n) => `data: ${String(n).padEnd(1_000, '.')}\n\n`).join(''),
);

/** As much as anybody takes. */
const POURING: Script = [
  [
    { name: 'headers', afterMs: 0, write: HEAD },
    { name: 'pour', afterMs: 0, write: PIECE, and: 'pour' },
  ],
];

interface Load {
  streams: number;
  kilobytesPerSecond: number;
  seconds: number;
}

const RAMP_UP_MS = 1_000;

/** What Node reads at once. */
const READ_BYTES = 65_536;
/** More than the system holds of a connection at both ends. */
const HELD_BYTES = 16 * 1024 * 1024;
/** What a server that nothing holds up doesn't wait. */
const BLOCKED_MS = 300;

export const t14c: TruthCase = {
  id: 'T14c',
  title: 'slow readers: they read as fast as they say, and the server has to wait for them',
  run: () => slowReaders({ streams: 20, kilobytesPerSecond: 100, seconds: 5 }),
};

export async function slowReaders({ streams, kilobytesPerSecond, seconds }: Load): Promise<Check[]> {
  const { result, served } = await against(POURING, {
    streams,
    load: [
      ...['-c', `${streams}`, '--ramp-up', `${RAMP_UP_MS}ms`, '--for', `${seconds}s`],
      ...['--slow', `100%@${kilobytesPerSecond}KB/s`],
    ],
  });
  const { counts, metrics, censored, verdict } = result;
  const plannedMs = (stream: number) => (stream * RAMP_UP_MS) / streams;
  const endsAt = beginning(served, plannedMs) + 1000 * seconds;
  // What a read is ahead of its time is waited for behind it.
  const bytesPerMs = (1024 * kilobytesPerSecond) / 1000;
  const may = Math.round(sum(served.map(({ acceptedAt }) => (endsAt - acceptedAt) * bytesPerMs)));
  const written = sum(served.map(({ poured }) => poured?.bytes ?? 0));
  const waited = served.filter(({ poured }) => (poured?.longestWaitMs ?? 0) > BLOCKED_MS);
  return [
    about('bytes read', (streams * READ_BYTES) / 2, may + (streams * READ_BYTES) / 2, counts.bytes),
    exactly('bytes read that were not written', 0, Math.max(0, counts.bytes - written)),
    about(
      'bytes written, read or held on the way',
      (streams * HELD_BYTES) / 2,
      counts.bytes + (streams * HELD_BYTES) / 2,
      written,
    ),
    exactly('streams for which the server had to wait', streams, waited.length),
    exactly('first events', streams, metrics.time_to_first_event?.count),
    exactly('gaps of their own making', 0, metrics.event_gap?.count ?? 0),
    exactly('of these cut short', 0, censored.event_gap?.count ?? 0),
    exactly('silences of their own making', 0, metrics.silence?.count ?? 0),
    exactly('open at the end', streams, counts.open),
    trusted(verdict),
  ];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
