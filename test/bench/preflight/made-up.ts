import type { BenchOptions, Load } from '../../../src/bench/options.ts';
import type { Plan } from '../../../src/bench/plan/plan.ts';
import type { Machine } from '../../../src/bench/preflight/machine.ts';

export interface Changes extends Partial<Omit<BenchOptions, 'request'>> {
  urls?: readonly string[];
  connection?: Partial<BenchOptions['request']['connection']>;
}

/** Streams that are held open for 30 s, one URL on this machine, but for what a test changes. */
function optionsOf(load: Load, { urls, connection, ...changes }: Changes = {}): BenchOptions {
  return {
    request: {
      urls: urls ?? ['http://127.0.0.1:3000/events'],
      method: 'GET',
      headers: [],
      connection: {
        http: 'auto',
        family: 0,
        resolve: [],
        connectTo: [],
        proxy: { noProxy: [] },
        tls: { insecure: false },
        connectTimeoutMs: 10_000,
        ...connection,
      },
      maxRedirects: 20,
      idleTimeoutMs: 0,
      maxEventSizeBytes: 1024,
      lastEventId: '',
    },
    load,
    durationMs: 30_000,
    warmUpMs: 0,
    life: {},
    reconnect: { mode: 'persistent', retryDelayMs: 3000, retryMaxMs: 30_000, jitter: 0 },
    behaviour: {},
    delivery: {},
    workers: 'auto',
    thresholds: [],
    abortOnFail: false,
    seed: 1,
    ...changes,
  };
}

export function held(connections: number, changes?: Changes): [BenchOptions, Plan] {
  const options = optionsOf({ model: 'closed', connections, rampUpMs: 20_000 }, changes);
  return [options, planOf(options, connections, connections, 'closed')];
}

export function arriving(rate: number, changes?: Changes): [BenchOptions, Plan] {
  const options = optionsOf({ model: 'open', rate, arrival: 'constant', rampUpMs: 0 }, changes);
  const starts = (rate * options.durationMs) / 1000;
  return [options, planOf(options, starts, starts, 'open')];
}

/** Starts evenly over the run. */
function planOf(options: BenchOptions, starts: number, peak: number, model: Plan['model']): Plan {
  const { durationMs } = options;
  return {
    model,
    durationMs,
    rampUpMs: 0,
    warmUpMs: 0,
    starts,
    peak,
    targetAt: () => undefined,
    *arrivals() {
      for (let index = 0; index < starts; index++) yield { index, atMs: (index * durationMs) / starts };
    },
  };
}

/** Two cores, 20,000 open files, 28,232 ports, 8 GB; 127.0.0.1:3000 is a server here, 203.0.113.7 one elsewhere. */
export function machineWith(changes: Partial<Machine> = {}): Machine {
  return {
    cores: 2,
    openFiles: 20_000,
    ports: 28_232,
    timeWaitReuse: 'loopback',
    memory: 8e9,
    addresses: new Map([
      ['127.0.0.1:3000', ['127.0.0.1']],
      ['127.0.0.1:3001', ['127.0.0.1']],
      ['localhost:3000', ['::1', '127.0.0.1']],
      ['[::1]:3000', ['::1']],
      ['example.test:80', ['203.0.113.7']],
      ['example.test:81', ['203.0.113.7']],
      ['six.test:80', ['2001:db8::7']],
    ]),
    loopbackSources: true,
    answersIpv4: new Set(),
    unusable: [],
    device: 'eth7',
    run: 4711,
    ...changes,
  };
}
