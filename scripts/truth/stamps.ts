import type { ServedAttempt } from './script.ts';

/** When the server did it for the first time on a connection; it throws where it never did. */
export function stampOf({ stream, attempt, stamps }: ServedAttempt, name: string): number {
  const stamp = stamps.find((each) => each.name === name);
  if (stamp === undefined)
    throw new Error(`stream ${stream}, attempt ${attempt}: the server never came to: ${name}`);
  return stamp.at;
}

/** When the server did what begins with this name, in its order. */
export function timesOf({ stamps }: ServedAttempt, name: string): number[] {
  return stamps.filter((stamp) => stamp.name.startsWith(name)).map(({ at }) => at);
}

/** From each time to the next. */
export function between(times: readonly number[]): number[] {
  return times.slice(1).map((at, index) => at - (times[index] ?? at));
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The value that a share `q` of all values does not exceed. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.ceil(q * sorted.length) - 1] ?? Number.NaN;
}

/**
 * When the run's time was 0, as the server saw it: no stream was there before its time, and on a machine with a free
 * moment one was there at once.
 *
 * @param plannedMs when a stream was to start, in milliseconds of the run
 */
export function beginning(served: readonly ServedAttempt[], plannedMs: (stream: number) => number): number {
  const firsts = served.filter(({ attempt }) => attempt === 0);
  return firsts.reduce(
    (least, { acceptedAt, stream }) => Math.min(least, acceptedAt - plannedMs(stream)),
    Number.POSITIVE_INFINITY,
  );
}

/** The attempts of each stream, in their order. */
export function byStream(served: readonly ServedAttempt[]): ServedAttempt[][] {
  const streams = new Map<number, ServedAttempt[]>();
  for (const attempt of served) {
    const known = streams.get(attempt.stream);
    if (known === undefined) streams.set(attempt.stream, [attempt]);
    else known.push(attempt);
  }
  return [...streams.values()];
}
