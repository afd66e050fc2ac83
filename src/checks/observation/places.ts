/** Streams that were wanted at once, as far as they came. */
interface Wanted {
  streams: number;
  /** Those that had an event. */
  served: number;
  /** Those that reached the origin. */
  asked: number;
}

/**
 * How many of them have a place: where events are held back, which is another probe's finding, the origin knows whom it serves.
 * Where an answer is somebody else's stream, it has not been asked.
 */
export function placesOf({ streams, served, asked }: Wanted): number {
  return Math.min(streams, Math.max(served, asked));
}

/**
 * How many of those that reached the origin have a place: none has one whose answer ended at the client without an event, whatever
 * the origin had begun to send.
 *
 * @param asked those that the origin answered together
 * @param visits all that reached it
 * @param refused all that ended without an event, whether or not they had reached it
 */
export function askedAndKept({
  streams,
  asked,
  visits,
  refused,
}: {
  streams: number;
  asked: number;
  visits: number;
  refused: number;
}): number {
  const reachedInVain = Math.max(0, refused - Math.max(0, streams - visits));
  return Math.max(0, asked - reachedInVain);
}

/** What lasted from one moment to another; to the end of all where it has no end. Any clock. */
export interface Span {
  from: number;
  to?: number | undefined;
}

/** As many as lasted at the same moment. */
export function mostAtOnce(spans: readonly Span[]): number {
  const changes = spans.flatMap(({ from, to }) =>
    to === undefined ? [[from, 1] as const] : [[from, 1] as const, [to, -1] as const],
  );
  let now = 0;
  let most = 0;
  // Who ends when another begins has made room for it.
  for (const [, change] of changes.sort(([a, up], [b, down]) => a - b || up - down)) {
    now += change;
    most = Math.max(most, now);
  }
  return most;
}
