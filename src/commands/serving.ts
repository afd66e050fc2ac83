import type { Hub } from '../mock/channels/hub.ts';
import type { Lateness } from '../mock/lateness.ts';
import type { LiveLines } from '../mock/lines/line-streams.ts';
import { observers } from '../mock/observer.ts';
import type { RequestLog } from '../mock/request-log.ts';
import { startMockServer } from '../mock/server.ts';
import { AccessLog } from '../report/access-log.ts';
import { formatDuration } from '../report/duration.ts';
import { loadPalette } from '../report/palette.ts';
import { counted } from '../report/quantity.ts';
import { nameCulprit } from './flags/flag.ts';
import type { CommandIo } from './io.ts';
import type { ServeOptions } from './serve-options.ts';
import { prepareSource } from './serve-source.ts';
import { isTerminal } from './terminal.ts';

/** What a server has from whoever starts it. */
export interface ServingContext {
  io: Pick<CommandIo, 'stderr'>;
  log: AccessLog | undefined;
  hub: Hub;
  liveLines(): LiveLines | Promise<LiveLines>;
  /** Of several that serve the same: from 1. */
  worker?: number;
  /** Lets the whole server stand still. Default: this process. */
  freeze?(ms: number): void;
}

export interface Serving {
  url: string;
  port: number;
  seed: number;
  /** What its user should know, a sentence each. */
  notes: readonly string[];
  /** Ends all streams in order, and says how it was. */
  close(): Promise<void>;
}

/** With a p99 below it, nothing is said of lateness: the clock of timers has a grain of 1 ms. */
const WORTH_TELLING_MS = 2;
const ENOUGH_FOR_P99 = 300;

/** A single send that was so late is worth telling, too. */
const LATE_MS = 20;

/**
 * Serves what the options say, with its logs.
 *
 * @throws SseKitError for what can't be served, and where it can't listen
 */
export async function startServing(options: ServeOptions, context: ServingContext): Promise<Serving> {
  const { io, log, hub, worker, freeze } = context;
  const warn = (message: string) => log?.warned(message);
  const requests = await requestLog(options, { warn, worker });
  const { fixed, seed } = options.config;
  const source = await prepareSource(options.source, { liveLines: context.liveLines, warn, fixed, seed });
  const config = { ...options.config, hub, site: source.site, seed: source.seed ?? seed };
  const observer = observers([log ?? {}, requests ?? {}, source.observer ?? {}]);
  const server = await startMockServer({ ...config, observer, ...(freeze === undefined ? {} : { freeze }) });
  const beside = source.start?.((site) => server.serve(site));
  return {
    url: server.url,
    port: server.port,
    seed: config.seed,
    notes: source.notes ?? [],
    async close() {
      beside?.stop();
      await server.close();
      await hub.close();
      await requests?.close();
      log?.close();
      if (!options.silent) tellLateness(server.lateness, worker === undefined ? '' : ` :${server.port}`, io);
    },
  };
}

/** @throws SseKitError where there is no Redis that answers */
export async function createHub({ buffer, redis }: ServeOptions, log: AccessLog | undefined): Promise<Hub> {
  const kept = buffer === undefined ? {} : { buffer };
  if (redis === undefined) {
    const { createMemoryHub } = await import('../mock/channels/memory-hub.ts');
    return createMemoryHub(kept);
  }
  const { createRedisHub } = await import('../mock/channels/redis/redis-hub.ts');
  try {
    return await createRedisHub({ ...redis, ...kept, warn: (message) => log?.warned(message) });
  } catch (error) {
    throw nameCulprit(error, '--redis');
  }
}

export async function accessLog(
  { silent, color, showSecrets }: ServeOptions,
  { stderr }: Pick<CommandIo, 'stderr'>,
): Promise<AccessLog | undefined> {
  if (silent) return undefined;
  const colored = color === 'always' || (color === 'auto' && isTerminal(stderr));
  return new AccessLog(stderr, {
    palette: await loadPalette(colored),
    showSecrets,
    now: () => new Date(),
    later(ms, run) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  });
}

/** @throws SseKitError exit 23 for a file that can't be written */
async function requestLog(
  { logRequests, showSecrets }: ServeOptions,
  { warn, worker }: { warn(message: string): void; worker: number | undefined },
): Promise<RequestLog | undefined> {
  if (logRequests === undefined) return undefined;
  const { openRequestLog } = await import('../mock/request-log.ts');
  return openRequestLog(logRequests, { showSecrets, warn, worker });
}

/** Says so where the server itself was late: who measures with it must know. */
function tellLateness(lateness: Lateness, whose: string, { stderr }: Pick<CommandIo, 'stderr'>): void {
  const { count, maxMs } = lateness;
  const p99 = lateness.quantile(0.99);
  // A quantile needs 3 / (1 - q) samples to mean something.
  const one =
    count >= ENOUGH_FOR_P99 && p99 > WORTH_TELLING_MS
      ? `one in a hundred left ${formatDuration(p99)} or more after its time, `
      : '';
  if (one === '' && maxMs <= LATE_MS) return;
  stderr.write(
    `late${whose}: of ${counted(count, 'timed send')}, ${one}the latest ${formatDuration(maxMs)} after its time\n`,
  );
}
