import type { BenchOptions, Load } from '../../bench/options.ts';
import { usageError } from '../../client/errors.ts';
import { formatDuration } from '../../notation/duration.ts';
import type { BenchFlags } from '../flags/bench/bench-flags.ts';

const CONNECTIONS = 50;
const SHORTEST_MS = 10_000;
/** So many streams begin within a second, where nothing else is asked for. */
const RAMP_PER_SECOND = 1000;
const SHORTEST_RAMP_MS = 1000;

/** How streams come, and for how long: `--for` and its ramp and warm-up must leave something to measure. */
export type Timing = Pick<BenchOptions, 'load' | 'durationMs' | 'warmUpMs'>;

/** @throws SseKitError exit 2 for times that leave nothing to measure */
export function timingOf(flags: BenchFlags): Timing {
  const load = loadOf(flags);
  const durationMs = 'stages' in load ? stagesMs(load.stages) : runMs(flags, load);
  const warmUpMs = flags.warmUp ?? 0;
  if (warmUpMs >= durationMs) {
    throw usageError(
      `--warm-up ${formatDuration(warmUpMs)}: the run is over by then, after ${formatDuration(durationMs)}`,
      'Give it a time that is shorter than the run.',
    );
  }
  return { load, durationMs, warmUpMs };
}

function loadOf(flags: BenchFlags): Load {
  const { stages, connections, rate, arrival = 'constant', rampUp } = flags;
  const cap = connections === undefined ? {} : { maxOpen: connections };
  if (stages !== undefined) {
    return stages.of === 'streams'
      ? { model: 'closed-stages', stages: stages.stages }
      : { model: 'open-stages', stages: stages.stages, arrival, ...cap };
  }
  if (rate !== undefined) return { model: 'open', rate, arrival, rampUpMs: rampUp ?? 0, ...cap };
  const streams = connections ?? CONNECTIONS;
  return { model: 'closed', connections: streams, rampUpMs: rampUp ?? defaultRampMs(streams, flags.for) };
}

/** Few streams leave half of a short run to what it is about. */
function defaultRampMs(streams: number, runMs = Number.POSITIVE_INFINITY): number {
  return Math.max(Math.min(SHORTEST_RAMP_MS, runMs / 2), (streams * 1000) / RAMP_PER_SECOND);
}

function stagesMs(stages: readonly { durationMs: number }[]): number {
  return stages.reduce((sum, { durationMs }) => sum + durationMs, 0);
}

function runMs(flags: BenchFlags, { rampUpMs }: { rampUpMs: number }): number {
  // As long with all streams as they took to come.
  if (flags.for === undefined) return Math.max(SHORTEST_MS, 2 * rampUpMs);
  if (rampUpMs < flags.for) return flags.for;
  const run = formatDuration(flags.for);
  const ramp = formatDuration(rampUpMs);
  if (flags.rampUp !== undefined) {
    throw usageError(
      `--ramp-up ${ramp}: the run is over by then (--for ${run})`,
      'Give --for longer than the ramp-up, or --ramp-up less.',
    );
  }
  throw usageError(
    `--for ${run}: the streams take ${ramp} to come, at 1,000 a second`,
    `Give --for more than ${ramp}, or have them come faster: --ramp-up 0s to ${run}.`,
  );
}
