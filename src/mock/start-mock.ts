import { usageError } from '../client/errors.ts';
import { InvalidValue } from '../notation/invalid-value.ts';
import { DEFAULT_CHANNEL } from './channels/channel-names.ts';
import type { PublishedEvent } from './channels/hub.ts';
import { createMemoryHub } from './channels/memory-hub.ts';
import { mockDefaults } from './defaults.ts';
import { parseFaults } from './faults/parse.ts';
import { checkOptions, type MockOptions } from './mock-options.ts';
import { observers } from './observer.ts';
import type { ShapeName, ShapeValues } from './overrides.ts';
import { parsePreset } from './presets/registry.ts';
import { refuseUselessShape } from './presets/shape.ts';
import { presetSite } from './presets/site.ts';
import { publishedEvent } from './publish.ts';
import { type RecordedRequest, RecordedRequests } from './recorded-requests.ts';
import { startMockServer } from './server.ts';
import { oneRoute, type Site } from './site.ts';

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
   * @returns its id, by channel, and how many streams carry one of them; rejects with a RequestError for an event that
   *   can't be sent
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
  checkOptions(options);
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
    publish: async (event, channels = DEFAULT_CHANNEL) =>
      hub.publish([channels].flat(), publishedEvent(event)),
    async close() {
      await server.close();
      await hub.close();
    },
  };
}

const SOURCES = ['handler', 'scenario', 'preset'] as const;

async function siteOf(
  options: MockOptions,
  { seed, fixed }: { seed: number; fixed: boolean },
): Promise<Site> {
  const { handler, scenario, preset: name = 'ticker' } = options;
  const [first, second] = SOURCES.filter((each) => options[each] !== undefined);
  if (first !== undefined && second !== undefined)
    throw usageError(`${first} and ${second}: one of them can be served`);
  const shape = shapeOf(options);
  if (handler !== undefined) {
    refuseShape(shape, 'the handler says what is sent');
    return oneRoute(handler);
  }
  if (scenario !== undefined) {
    refuseShape(shape, 'a scenario says what its events are');
    const { loadScenario } = await import('./scenario/load.ts');
    return loadScenario(scenario, { fallbackSeed: seed, fixed });
  }
  const preset = valid('preset', () => parsePreset(name));
  refuseUselessShape(preset, shape, (each) => OPTION_OF[each] ?? each);
  // These are the server's own; they matter where a preset would have it another way: model services send no keepalives.
  if (options.heartbeatMs !== undefined) shape.heartbeat = options.heartbeatMs;
  if (options.retryMs !== undefined) shape['send-retry'] = options.retryMs;
  return valid('data', () => presetSite(preset, { shape, seed, fixed }));
}

/** What an option of another name is as a value of shape. */
const OPTION_OF: { readonly [Name in ShapeName]?: keyof MockOptions } = { interval: 'intervalMs' };

function shapeOf({ intervalMs: interval, count, event, data }: MockOptions): ShapeValues {
  const entries = Object.entries({ interval, count, event, data });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function refuseShape(shape: ShapeValues, because: string): void {
  const [first] = Object.keys(shape) as ShapeName[];
  if (first !== undefined) throw usageError(`${OPTION_OF[first] ?? first}: ${because}`, 'Leave it out.');
}

function valid<T>(name: keyof MockOptions, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error;
    throw usageError(`${name}: ${error.message}`, error.hint);
  }
}
