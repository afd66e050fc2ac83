import { SseKitError, usageError } from '../client/errors.ts';
import { InvalidValue } from '../notation/invalid-value.ts';
import type { Handler } from './answer.ts';
import { DEFAULT_CHANNEL } from './channels/channel-names.ts';
import type { PublishedEvent } from './channels/hub.ts';
import { createMemoryHub } from './channels/memory-hub.ts';
import { mockDefaults } from './defaults.ts';
import { parseFaults } from './faults/parse.ts';
import type { LostIdPolicy } from './lost-id.ts';
import { observers } from './observer.ts';
import type { ShapeValues } from './overrides.ts';
import { parsePreset } from './presets/registry.ts';
import { presetSite } from './presets/site.ts';
import { type RecordedRequest, RecordedRequests } from './recorded-requests.ts';
import { startMockServer } from './server.ts';
import { oneRoute, type Site } from './site.ts';

/** What a mock serves and how; every key may be left out. */
export interface MockOptions {
  /** Default 0: any free port. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** A ready-made stream, see docs/presets.md. Default `ticker`. */
  preset?: string;
  /** A scenario file instead, see docs/scenarios.md. */
  scenario?: string;
  /** A function from requests to answers instead. */
  handler?: Handler;
  /** Between the events of a preset, milliseconds. */
  intervalMs?: number;
  /** A preset's stream ends behind so many events. */
  count?: number;
  /** Event type of the ticks. */
  event?: string;
  /** Template of the data of the ticks: `{"n":{{n}}}`. */
  data?: string;
  /** As on the command line, see docs/faults.md: `conn:1:reset@3`. */
  faults?: readonly string[];
  /** The same seed gives the same run. Default: drawn. */
  seed?: number;
  /** Queries such as `?fault=reset@3` change nothing. Default false. */
  fixed?: boolean;
  /** Silence after which a stream gets a comment; 0: never. Default 15 s. */
  heartbeatMs?: number;
  /** The reconnection time that streams announce. Default: none is. */
  retryMs?: number;
  /** Events that a channel keeps for `Last-Event-ID`. Default 1,000. */
  buffer?: number;
  /** What a `Last-Event-ID` gets that isn't kept. Default `oldest`. */
  onLostId?: LostIdPolicy;
  /** Without this token: 401. */
  token?: string;
  /** Streams that a user, or without a token a client, may have open; more get 429. */
  maxPerUser?: number;
}

/** A running mock server. */
export interface Mock {
  /** With a closing slash; any path below it is a stream. */
  readonly url: string;
  /** Streams that are open now. */
  readonly streams: number;
  /** Every request that was answered so far, in order; the latest 10,000. */
  readonly requests: readonly RecordedRequest[];
  /** What it had to say, such as faults of a scenario; the latest 100. */
  readonly warnings: readonly string[];
  /**
   * Sends an event to every stream of the channels. Data that is no text is sent as JSON.
   *
   * @returns its id, by channel, and how many streams carry one of them
   * @throws RequestError for an event that can't be sent
   */
  publish(
    event: Omit<PublishedEvent, 'data'> & { data: unknown },
    channels?: string | readonly string[],
  ): Promise<{ ids: Readonly<Record<string, string>>; streams: number }>;
  /** Ends every stream in order, then the server. */
  close(): Promise<void>;
}

const MOST_WARNINGS = 100;

/**
 * Starts an SSE server inside this process, for tests of clients.
 *
 * @throws SseKitError exit 2 (`USAGE`, `SCENARIO`, `EADDRINUSE`, …) for options that can't be
 */
export async function startMock(options: MockOptions = {}): Promise<Mock> {
  const defaults = mockDefaults();
  const { seed = defaults.seed, fixed = false } = options;
  const requests = new RecordedRequests();
  const warnings: string[] = [];
  const warned = (message: string) => {
    warnings.push(message);
    if (warnings.length > MOST_WARNINGS) warnings.shift();
  };
  const hub = createMemoryHub(options.buffer === undefined ? {} : { buffer: options.buffer });
  const server = await startMockServer({
    ...defaults,
    host: options.host ?? defaults.host,
    port: options.port ?? 0,
    heartbeatMs: options.heartbeatMs ?? defaults.heartbeatMs,
    retryMs: options.retryMs,
    onLostId: options.onLostId ?? defaults.onLostId,
    auth: options.token === undefined ? undefined : { token: options.token },
    limit: options.maxPerUser === undefined ? undefined : { maxPerUser: options.maxPerUser },
    faults: valid('faults', () => parseFaults(options.faults ?? [])),
    site: await siteOf(options, { seed, fixed }),
    seed,
    fixed,
    hub,
    observer: observers([requests, { warned }]),
  });
  return {
    url: server.url,
    get streams() {
      return server.streams;
    },
    requests: requests.list,
    warnings,
    publish: ({ data, ...event }, channels = DEFAULT_CHANNEL) =>
      hub.publish([channels].flat(), {
        ...event,
        data: typeof data === 'string' ? data : JSON.stringify(data),
      }),
    async close() {
      await server.close();
      await hub.close();
    },
  };
}

async function siteOf(
  options: MockOptions,
  { seed, fixed }: { seed: number; fixed: boolean },
): Promise<Site> {
  const { handler, scenario, preset = 'ticker' } = options;
  const given = [handler, scenario, options.preset].filter((each) => each !== undefined);
  if (given.length > 1) throw usageError('handler, scenario and preset: one of them can be served');
  if (handler !== undefined) return oneRoute(handler);
  if (scenario !== undefined) {
    const { loadScenario } = await import('./scenario/load.ts');
    return loadScenario(scenario, { fallbackSeed: seed, fixed });
  }
  const { intervalMs: interval, count, event, data } = options;
  const entries = Object.entries({ interval, count, event, data }).filter(([, value]) => value !== undefined);
  const shape: ShapeValues = Object.fromEntries(entries);
  return valid('preset', () => presetSite(parsePreset(preset), { shape, seed, fixed }));
}

function valid<T>(name: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error;
    throw new SseKitError('USAGE', 2, `${name}: ${error.message}`, { hint: error.hint });
  }
}
