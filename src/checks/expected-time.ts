import type { Probe } from './probe.ts';
import type { CheckOptions } from './way.ts';

/** How long one measurement of a probe takes as a rule, with these options. */
export function measurementMs(probe: Probe, options: CheckOptions): number {
  return (probe.secondsWith?.(options) ?? probe.seconds) * 1_000;
}

/** How long a run takes that measures each of them once: quiet ones run beside each other, and those that wait beside all. Whole seconds. */
export function expectedMs(probes: readonly Probe[], options: CheckOptions): number {
  const timesOf = (load: Probe['load']) =>
    probes.filter((each) => each.load === load).map((each) => measurementMs(each, options));
  const sum = (values: readonly number[]) => values.reduce((total, each) => total + each, 0);
  const working = sum(timesOf('quiet')) / 2 + sum(timesOf('heavy')) * 2;
  return Math.ceil(Math.max(working, ...timesOf('waits')) / 1_000) * 1_000;
}
