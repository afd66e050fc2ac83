import type { Check } from '../../checks/run-check.ts';
import { openingText } from '../../report/check/opening.ts';
import { formatDuration } from '../../report/duration.ts';

/**
 * What a run is going to do, before it does it.
 *
 * @param columns width of the terminal; `undefined`: one line
 */
export function announcement(
  { target, origin, probes, options }: Pick<Check, 'target' | 'origin' | 'probes' | 'options'>,
  columns: number | undefined,
): string {
  const count = `${probes.length} ${probes.length === 1 ? 'probe' : 'probes'}`;
  const { host } = new URL(origin.url);
  return openingText(
    `checking ${target} against the origin at ${host}`,
    `${count}, about ${formatDuration(expectedMs(probes))}, at most ${options.maxConnections} connections at once`,
    columns,
  );
}

/** Quiet ones run beside each other, and those that wait beside all. Whole seconds. */
function expectedMs(probes: Check['probes']): number {
  const secondsOf = (load: Check['probes'][number]['load']) =>
    probes.filter((each) => each.load === load).map(({ seconds }) => seconds);
  const sum = (values: readonly number[]) => values.reduce((total, each) => total + each, 0);
  const working = sum(secondsOf('quiet')) / 2 + sum(secondsOf('heavy')) * 2;
  return Math.ceil(Math.max(working, ...secondsOf('waits'))) * 1000;
}
