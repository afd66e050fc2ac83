import { expectedMs, mostMs } from '../../checks/expected-time.ts';
import type { Check } from '../../checks/run-check.ts';
import { hostAndPort } from '../../client/host.ts';
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
  return openingText(
    `checking ${target} against the origin at ${hostAndPort(new URL(origin.url))}`,
    `${count}, about ${timeText(expectedMs(probes, options), mostMs(probes, options))}, at most ${options.maxConnections} connections at once`,
    columns,
  );
}

/** Nobody waits for less. */
const LONG_MS = 10_000;

/** What fails is measured once more. */
function timeText(ms: number, mostMs: number): string {
  const once = formatDuration(ms);
  return mostMs < LONG_MS ? once : `${once} (what fails is measured again: up to ${formatDuration(mostMs)})`;
}
