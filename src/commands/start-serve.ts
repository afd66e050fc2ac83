import { isIP } from 'node:net';
import { constants } from 'node:os';
import { onFirstSignal } from '../listen/signals.ts';
import type { Hub } from '../mock/channels/hub.ts';
import { createMemoryHub } from '../mock/channels/memory-hub.ts';
import type { Lateness } from '../mock/lateness.ts';
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

/** With a p99 below it, nothing is said of lateness: the clock of timers has a grain of 1 ms. */
const WORTH_TELLING_MS = 2;
const ENOUGH_FOR_P99 = 300;

/** A single send that was so late is worth telling, too. */
const LATE_MS = 20;

/** Serves until it is told to end; resolves with the exit code. */
export async function startServe(options: ServeOptions, io: CommandIo): Promise<number> {
  const log = await accessLog(options, io);
  const warn = (message: string) => log?.warned(message);
  const requests = await requestLog(options, warn);
  const hub = await createHub(options, warn);
  const { fixed, seed } = options.config;
  const context = { hub, stdin: io.stdin, warn, fixed, seed };
  const source = await prepareSource(options.source, context);
  const config = { ...options.config, hub, site: source.site, seed: source.seed ?? seed };
  const observer = observers([log ?? {}, requests ?? {}, source.observer ?? {}]);
  const server = await startMockServer({ ...config, observer });
  const stopped = untilStopped();
  const beside = source.start?.((site) => server.serve(site));
  announce(server.url, { ...options, config }, io);
  if (!options.silent) for (const note of source.notes ?? []) io.stderr.write(`note: ${note}\n`);
  const code = await stopped;
  beside?.stop();
  await server.close();
  await hub.close();
  await requests?.close();
  log?.close();
  if (!options.silent) tellLateness(server.lateness, io);
  return code;
}

/** @throws SseKitError where there is no Redis that answers */
async function createHub({ buffer, redis }: ServeOptions, warn: (message: string) => void): Promise<Hub> {
  const kept = buffer === undefined ? {} : { buffer };
  if (redis === undefined) return createMemoryHub(kept);
  const { createRedisHub } = await import('../mock/channels/redis/redis-hub.ts');
  try {
    return await createRedisHub({ ...redis, ...kept, warn });
  } catch (error) {
    throw nameCulprit(error, '--redis');
  }
}

/** @throws SseKitError exit 23 for a file that can't be written */
async function requestLog(
  { logRequests, showSecrets }: ServeOptions,
  warn: (message: string) => void,
): Promise<RequestLog | undefined> {
  if (logRequests === undefined) return undefined;
  const { openRequestLog } = await import('../mock/request-log.ts');
  return openRequestLog(logRequests, { showSecrets, warn });
}

function announce(url: string, { format, silent, config }: ServeOptions, io: CommandIo): void {
  io.stdout.write(format === 'ndjson' ? `${JSON.stringify({ type: 'ready', url })}\n` : `ready ${url}\n`);
  if (silent) return;
  io.stderr.write(`seed ${config.seed}\n`);
  if (!config.fixed && !isLoopback(config.host)) {
    io.stderr.write(
      `warning: ${config.host} can be reached from the network, and whoever reaches it can ask for faults ` +
        `(?fault=freeze=60s); --fixed turns that off\n`,
    );
  }
}

/** The first Ctrl-C ends a server as it should end; another one at once. */
function untilStopped(): Promise<number> {
  return new Promise((resolve) => {
    onFirstSignal((signal) => resolve(signal === 'SIGINT' ? 0 : 128 + constants.signals[signal]));
  });
}

async function accessLog(options: ServeOptions, io: CommandIo): Promise<AccessLog | undefined> {
  if (options.silent) return undefined;
  const onTerminal = (io.stderr as Partial<NodeJS.WriteStream>).isTTY === true;
  const colored = options.color === 'always' || (options.color === 'auto' && onTerminal);
  return new AccessLog(io.stderr, {
    palette: await loadPalette(colored),
    showSecrets: options.showSecrets,
    now: () => new Date(),
    later(ms, run) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  });
}

/** Says so where the server itself was late: who measures with it must know. */
function tellLateness(lateness: Lateness, io: CommandIo): void {
  const { count, maxMs } = lateness;
  const p99 = lateness.quantile(0.99);
  // A quantile needs 3 / (1 - q) samples to mean something.
  const one =
    count >= ENOUGH_FOR_P99 && p99 > WORTH_TELLING_MS
      ? `one in a hundred left ${formatDuration(p99)} or more after its time, `
      : '';
  if (one === '' && maxMs <= LATE_MS) return;
  io.stderr.write(
    `late: of ${counted(count, 'timed send')}, ${one}the latest ${formatDuration(maxMs)} after its time\n`,
  );
}

function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}
