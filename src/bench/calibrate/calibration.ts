import type { BenchResult, Calibration, MetricFigures } from '../../results/bench/result.ts';
import type { BenchOptions } from '../options.ts';

/** The same plan, against servers of known timing on this machine: what is measured then, the machine adds. */
export function calibrating(options: BenchOptions, urls: readonly string[]): BenchOptions {
  const { users: _, ...plan } = options;
  const { connection } = options.request;
  return {
    ...plan,
    calibrate: true,
    request: {
      urls,
      method: 'GET',
      headers: [['Accept', 'text/event-stream']],
      connection: { ...connection, http: '1.1', resolve: [], connectTo: [], proxy: { noProxy: ['*'] } },
      maxRedirects: 0,
      idleTimeoutMs: 0,
      maxEventSizeBytes: options.request.maxEventSizeBytes,
      lastEventId: '',
    },
    delivery: {},
  };
}

/** What of a time is the machine's own: the server took none. */
export function calibrationOf({ metrics }: BenchResult): Calibration {
  return {
    startDelay: floorOf(metrics.start_delay),
    headers: floorOf(metrics.time_to_headers),
    firstEvent: floorOf(metrics.time_to_first_event),
    delivery: floorOf(metrics.delivery_latency),
  };
}

function floorOf(figures: MetricFigures | undefined): Calibration['headers'] {
  return { p50: figures?.p50 ?? null, p99: figures?.p99 ?? null, max: figures?.max ?? null };
}
