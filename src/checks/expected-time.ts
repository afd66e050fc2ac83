import type { Probe } from './probe.ts';
import { MOST_QUIET } from './seats.ts';
import type { CheckOptions } from './ways/way.ts';

/** How long one measurement of a probe takes as a rule, with these options. */
export function measurementMs(probe: Probe, options: CheckOptions): number {
  return (probe.secondsWith?.(options) ?? probe.seconds) * 1_000;
}

/** How long one takes where it finds something, as a rule: before it is measured again, and then. */
export function failingMs(probe: Probe, options: CheckOptions): number {
  return Math.max(measurementMs(probe, options), (probe.secondsIfHeld ?? 0) * 1_000);
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

/** How long a run takes that measures each of them once. */
export function expectedMs(probes: readonly Probe[], options: CheckOptions): number {
  return runMs(probes, (each) => measurementMs(each, options));
}

/** … and one in which every probe finds something, and is measured twice. */
export function mostMs(probes: readonly Probe[], options: CheckOptions): number {
  return runMs(probes, (each) => 2 * failingMs(each, options));
}

/** Quiet ones run beside each other, those that wait beside all, and those in which the origin fails one by one behind. Whole seconds. */
function runMs(all: readonly Probe[], msOf: (probe: Probe) => number): number {
  const probes = all.filter(({ originFails }) => originFails === undefined);
  const failing = all.filter(({ originFails }) => originFails !== undefined).map(msOf);
  const timesOf = (load: Probe['load']) => probes.filter((each) => each.load === load).map(msOf);
  const sum = (values: readonly number[]) => values.reduce((total, each) => total + each, 0);
  const working = sideBySide(timesOf('quiet'), MOST_QUIET) + sum(timesOf('heavy'));
  return Math.ceil((Math.max(working, ...timesOf('waits')) + sum(failing)) / 1_000) * 1_000;
}
