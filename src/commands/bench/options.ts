import { randomInt } from 'node:crypto';
import type { Command } from 'commander';
import type { Behaviour, BenchOptions, RequestRecipe, StreamLife, Users } from '../../bench/options.ts';
import { usageError } from '../../client/errors.ts';
import type { BenchFlags } from '../flags/bench/bench-flags.ts';
import type { FileReader } from '../flags/files.ts';
import { RETRY_DELAY_MS, RETRY_MAX_MS } from '../flags/wait-flags.ts';
import { deliveryOf } from './delivery.ts';
import { timingOf } from './load.ts';
import { checkNeeds } from './needs.ts';

const SEEDS = 2 ** 31;

/**
 * Puts parsed flags into the shape that the run works on.
 *
 * @throws SseKitError exit 2 for flags that make no run together
 */
export async function benchOptions(
  flags: BenchFlags,
  command: Command,
  { recipe, users }: { recipe: RequestRecipe; users: Users | undefined },
  files: FileReader,
): Promise<BenchOptions> {
  checkNeeds(flags, command);
  const timing = timingOf(flags);
  const { localAddress, streamsPerConnection, minSamples, goodput, samples } = flags;
  checkSharing(flags, recipe);
  return {
    request: recipe,
    ...(users === undefined ? {} : { users }),
    ...timing,
    life: lifeOf(flags),
    reconnect: {
      mode: flags.reconnect ?? 'persistent',
      retryDelayMs: flags.retryDelay ?? RETRY_DELAY_MS,
      retryMaxMs: flags.retryMax ?? RETRY_MAX_MS,
      jitter: flags.jitter ?? 0,
    },
    behaviour: behaviourOf(flags, timing.durationMs),
    delivery: await deliveryOf(flags, files),
    workers: flags.workers ?? 'auto',
    ...(localAddress === undefined ? {} : { localAddresses: localAddress }),
    ...(streamsPerConnection === undefined ? {} : { streamsPerConnection }),
    thresholds: flags.threshold ?? [],
    abortOnFail: flags.abortOnFail ?? false,
    ...(minSamples === undefined ? {} : { minSamples }),
    ...(goodput === undefined ? {} : { goodput }),
    seed: flags.seed ?? randomInt(SEEDS),
    ...(samples === undefined ? {} : { samplesFile: samples }),
  };
}

function lifeOf({ streamFor, maxEvents, untilData, maxTime }: BenchFlags): StreamLife {
  return {
    ...(streamFor === undefined ? {} : { forMs: streamFor }),
    ...(maxEvents === undefined ? {} : { maxEvents }),
    ...(untilData === undefined ? {} : { untilData }),
    // 0 is curl's way to write "no limit".
    ...(maxTime === undefined || maxTime === 0 ? {} : { maxTimeMs: maxTime }),
  };
}

function behaviourOf({ dropAt, slow, cancel }: BenchFlags, durationMs: number): Behaviour {
  if (dropAt !== undefined && dropAt.atMs >= durationMs) {
    throw usageError('--drop-at: the run is over by then', 'Give a time within the run, or --for more.');
  }
  return {
    ...(dropAt === undefined ? {} : { drop: dropAt }),
    ...(slow === undefined ? {} : { slow }),
    ...(cancel === undefined ? {} : { cancel }),
  };
}

/** Only streams of HTTP/2 can share a connection. */
function checkSharing({ streamsPerConnection = 1 }: BenchFlags, { connection, urls }: RequestRecipe): void {
  const { http } = connection;
  if (streamsPerConnection === 1 || http === '2' || http === '2-prior-knowledge') return;
  const plain = urls.some((url) => url.startsWith('http:'));
  if (http === 'auto' && !plain) return;
  throw usageError(
    '--streams-per-connection: a connection of HTTP/1.1 carries one stream',
    http === '1.1'
      ? 'Leave --http1.1 out.'
      : 'Over http:// give --http2-prior-knowledge too, where the server knows it.',
  );
}
