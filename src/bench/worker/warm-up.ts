import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { monotonicMs } from '../../client/clock.ts';
import { createPool } from '../../client/pool.ts';
import type { BenchOptions } from '../options.ts';
import type { Arrival } from '../plan/plan.ts';
import { StreamRequests } from '../recipe.ts';
import { Fleet } from './fleet.ts';
import { WindowRecorder } from './window-recorder.ts';

/** Enough for the code of a stream, and of a window, to be compiled. */
const FEWEST = 300;
/** Enough for what is hot in it to be optimised: else that stalls a worker which starts as many in a second. */
const MOST = 2_000;
/** Streams that all start in the first moment wait for each other anyway. */
const MOMENT_MS = 100;
const SECOND_MS = 1_000;
const AT_ONCE = 20;
const STREAMS_PER_WINDOW = 20;

const EVENTS = ': warm\nretry: 1000\n\nid: 1\ndata: {"n":1}\n\nevent: update\ndata: {"n":2}\n\n';

/**
 * Runs streams of a server of this very process, and takes windows of them: a cold process measures its own compiling,
 * about 9 ms on the first request and 4 ms on those that are under way at the end of the first window.
 *
 * @param arrivals of this worker: it takes as many streams as start in a second
 */
export async function warmUp(arrivals: Iterable<Arrival>): Promise<void> {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    await runStreams(optionsFor(`http://127.0.0.1:${port}/`), streamsFor(arrivals));
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

function streamsFor(arrivals: Iterable<Arrival>): number {
  let streams = 0;
  for (const { atMs } of arrivals) {
    if (atMs > MOMENT_MS + SECOND_MS || streams === MOST) break;
    if (atMs > MOMENT_MS) streams += 1;
  }
  return Math.max(FEWEST, streams);
}

const answer: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(EVENTS);
  setImmediate(() => response.end('data: bye\n\n'));
};

async function runStreams(options: BenchOptions, streams: number): Promise<void> {
  const recorder = new WindowRecorder();
  const fleet = new Fleet({
    options,
    part: { worker: 0, workers: 1 },
    recorder,
    pool: createPool(),
    requests: new StreamRequests(options.request),
    now: monotonicMs,
  });
  const beganAt = monotonicMs();
  fleet.begin(beganAt);
  let started = 0;
  for (;;) {
    const { connected, connecting, waiting } = fleet.population;
    const open = connected + connecting + waiting;
    if (started === streams && open === 0) return;
    for (let free = AT_ONCE - open; free > 0 && started < streams; free -= 1) {
      fleet.arrive({ index: started, atMs: monotonicMs() - beganAt });
      started += 1;
      if (started % STREAMS_PER_WINDOW === 0) recorder.take(0, 1_000, fleet.population);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function optionsFor(url: string): BenchOptions {
  return {
    request: {
      urls: [url],
      method: 'GET',
      headers: [['Accept', 'text/event-stream']],
      connection: {
        http: '1.1',
        family: 0,
        resolve: [],
        connectTo: [],
        proxy: { noProxy: [] },
        tls: { insecure: false },
        connectTimeoutMs: 5_000,
      },
      maxRedirects: 0,
      idleTimeoutMs: 5_000,
      maxEventSizeBytes: 1024 ** 2,
      lastEventId: '',
    },
    load: { model: 'open', rate: FEWEST, arrival: 'constant', rampUpMs: 0 },
    durationMs: 60_000,
    warmUpMs: 0,
    life: {},
    reconnect: { mode: 'none', retryDelayMs: 1_000, retryMaxMs: 1_000, jitter: 0 },
    behaviour: {},
    delivery: {},
    workers: 1,
    thresholds: [],
    abortOnFail: false,
    seed: 0,
  };
}
