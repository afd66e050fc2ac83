import type { Observation } from '../observation/observation.ts';

/** What a client that only looks has seen along one way. Streams that were not asked for are absent. */
export interface WaySeen {
  /** Without `Accept-Encoding`, as the others of its pair where they don't say otherwise. */
  plain: Observation;
  /** Beside it, with `Accept-Encoding: gzip`. */
  gzip?: Observation;
  /** Once more, later: without `Accept-Encoding`, and from an event on where ids were seen. */
  again?: Observation;
  /** Beside that one, with `Accept-Encoding: br`. */
  br?: Observation;
  /** What `again` was sent as `Last-Event-ID`. */
  resumedFrom?: string;
}

/** All streams of a way. */
export function streamsOf({ plain, gzip, again, br }: WaySeen): Observation[] {
  return [plain, gzip, again, br].filter((seen) => seen !== undefined);
}

/** Milliseconds from when the request had been sent. */
export function sinceSent(seen: Observation, at: number): number {
  return at - (seen.sentAt ?? seen.startedAt);
}

/** When it was over, on that scale. */
export function endMs(seen: Observation): number {
  return sinceSent(seen, seen.end?.at ?? seen.startedAt);
}

/** It was ended by somebody else than us. */
export function endedByItself({ end }: Observation): boolean {
  return end !== undefined && end.info.reason !== 'client';
}

/** Behind what is needed where too little came: a longer look, unless no stream lasts as long as this one. */
export function orLonger(way: WaySeen): string {
  const isCutShort = streamsOf(way).every(endedByItself);
  return isCutShort ? '' : ', or --silences 65s to look on for longer';
}
