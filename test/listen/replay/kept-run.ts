import { readFileSync } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import type { Feed } from '../../../src/listen/feed.ts';
import type { InstrumentMaker } from '../../../src/listen/instrument.ts';
import type { ListenOptions } from '../../../src/listen/options.ts';
import { recorder } from '../../../src/listen/recorder.ts';
import { recordedFeed } from '../../../src/listen/replay/recorded-feed.ts';
import { openRecordedRun } from '../../../src/listen/replay/recorded-run.ts';
import { runListen } from '../../../src/listen/session.ts';
import { NdjsonPrinter } from '../../../src/report/ndjson.ts';
import { pipe } from '../../report/samples.ts';

/** What a run printed as NDJSON, and what it came to. */
export interface Kept {
  records: string;
  log: string;
  code: number;
}

const NOTHING = new PassThrough().resume();

/** Runs a session with NDJSON on its output, written down to a file too where one is given. */
export async function keep(
  options: ListenOptions,
  recordTo?: string,
  stdin?: Readable,
  others: readonly InstrumentMaker[] = [],
): Promise<Kept> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const texts = [stdout, stderr].map((stream) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    return chunks;
  });
  const printer = new NdjsonPrinter(pipe());
  const file = new NdjsonPrinter(pipe());
  const code = await runListen(
    options,
    { stdin: stdin ?? NOTHING, stdout, stderr },
    {
      printer,
      instruments: recordTo === undefined ? others : [...others, recorder(recordTo, file)],
      attended: false,
      oneTerminal: false,
    },
  );
  // What was written last is read in a later turn.
  await new Promise((resolve) => setImmediate(resolve));
  const [records = '', log = ''] = texts.map((chunks) => Buffer.concat(chunks).toString());
  return { records, log, code };
}

/** The same run again, from its file. */
export async function replay(
  path: string,
  options: ListenOptions,
  changes: { recordTo?: string; speed?: number } = {},
): Promise<Kept> {
  const { recordTo, speed = Number.POSITIVE_INFINITY } = changes;
  return keep({ ...options, source: await replaySource(path, speed) }, recordTo);
}

export async function replaySource(path: string, speed = Number.POSITIVE_INFINITY) {
  const run = await openRecordedRun(path, () => Readable.from([]));
  const maxEventSizeBytes = 1024 * 1024;
  const feed: Feed = recordedFeed(run, { maxEventSizeBytes, speed });
  return { kind: 'recording' as const, feed, maxEventSizeBytes };
}

export function linesOf(path: string): Record<string, unknown>[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}
