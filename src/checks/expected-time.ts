import type { Probe } from './probe.ts';
import { MOST_QUIET } from './seats.ts';
import type { CheckOptions } from './way.ts';

/** How long one measurement of a probe takes as a rule, with these options. */
export function measurementMs(probe: Probe, options: CheckOptions): number {
  return (probe.secondsWith?.(options) ?? probe.seconds) * 1_000;
}

/** When the last has ended, where each begins as soon as there is a place for it. */
function sideBySide(timesMs: readonly number[], places: number): number {
  const ends = Array.from({ length: places }, () => 0);
  for (const ms of timesMs) {
    ends.sort((one, other) => one - other);
    ends[0] = (ends[0] ?? 0) + ms;
  }
  return Math.max(...ends);
}

/** How long a run takes that measures each of them once: quiet ones run beside each other, and those that wait beside all. Whole seconds. */
export function expectedMs(probes: readonly Probe[], options: CheckOptions): number {
  const timesOf = (load: Probe['load']) =>
    probes.filter((each) => each.load === load).map((each) => measurementMs(each, options));
  const sum = (values: readonly number[]) => values.reduce((total, each) => total + each, 0);
  const working = sideBySide(timesOf('quiet'), MOST_QUIET) + sum(timesOf('heavy'));
  return Math.ceil(Math.max(working, ...timesOf('waits')) / 1_000) * 1_000;
}
