import { against } from '../against-server.ts';
import { type Check, exactly, has, trusted, within } from '../check.ts';
import { chunk, HEAD, type Script } from '../script.ts';
import { beginning, between, quantile, timesOf } from '../stamps.ts';
import type { TruthCase } from '../truth-case.ts';

interface Load {
  streams: number;
  rampUpMs: number;
  /** Comments of each stream, and from one to the next. */
  comments: number;
  everyMs: number;
  seconds: number;
}

export const t5: TruthCase = {
  id: 'T5',
  title: 'comments every second, then nothing: keepalive gaps, and a last silence that is no gap',
  run: () => silence({ streams: 50, rampUpMs: 1_000, comments: 11, everyMs: 1_000, seconds: 16 }),
};

export async function silence(load: Load): Promise<Check[]> {
  const { streams, rampUpMs, comments, seconds } = load;
  const { result, served } = await against(serverWith(load), {
    streams,
    load: ['-c', `${streams}`, '--ramp-up', `${rampUpMs}ms`, '--for', `${seconds}s`],
  });
  const { counts, metrics, censored, verdict } = result;
  const { keepalive_gap: gaps, silence: silences } = metrics;
  const did = served.flatMap((attempt) => between(timesOf(attempt, 'comment')));
  const endsAt = beginning(served, (stream) => (stream * rampUpMs) / streams) + 1000 * seconds;
  const last = served.map(({ stamps }) => endsAt - (stamps.at(-1)?.at ?? Number.NaN));
  return [
    exactly('comments', comments * streams, counts.comments),
    exactly('events', 0, counts.events),
    exactly('open at the end', streams, counts.open),
    exactly('keepalive_gap: values', did.length, gaps?.count),
    within('keepalive_gap p50', 5, { kind: 'time', expected: quantile(did, 0.5), measured: gaps?.p50 }),
    within('keepalive_gap p99', 5, { kind: 'time', expected: quantile(did, 0.99), measured: gaps?.p99 }),
    exactly('silence: values', comments * streams, silences?.count),
    exactly('silences cut short', streams, censored.silence?.count),
    within('the longest of them', 5, {
      kind: 'time',
      expected: Math.max(...last),
      measured: censored.silence?.longest,
    }),
    within('silence max', 5, { kind: 'time', expected: Math.max(...did), measured: silences?.max }),
    has('a lower bound, as silences lasted longer', 'p95', silences?.atLeast ?? []),
    exactly('streams that waited for a first event in vain', streams, censored.time_to_first_event?.count),
    exactly('first events', 0, metrics.time_to_first_event?.count ?? 0),
    trusted(verdict),
  ];
}

function serverWith({ comments, everyMs }: Load): Script {
  const comment = { name: 'comment', afterMs: everyMs, write: chunk(': keepalive\n\n') };
  return [
    [{ name: 'headers', afterMs: 0, write: HEAD }, ...new Array<typeof comment>(comments).fill(comment)],
  ];
}
