import { durationText } from '../duration.ts';

/** As often as is safe for everything that was watched. */
const USUAL_MS = 15_000;
/** What people write; shorter than the shortest of them, to the tenth of a second. */
const ROUND_MS: readonly number[] = [USUAL_MS, 10_000, 5_000, 2_000, 1_000, 500];

/** A comment so often that a stream is never silent for more than half of what it may be, in milliseconds. */
export function heartbeatFor(limitMs: number): number {
  const halfMs = limitMs / 2;
  // A limit of 30 s may have been seen some milliseconds early.
  const round = ROUND_MS.find((ms) => ms <= halfMs * 1.01);
  return round ?? Math.max(100, Math.floor(halfMs / 100) * 100);
}

/** Nothing that is cut after so long needs a comment more often than everything does. */
export function isOftenEnough(limitMs: number): boolean {
  return heartbeatFor(limitMs) >= USUAL_MS;
}

/**
 * What an origin is to send into silence.
 *
 * @param limitMs how much of it is cut, where that was seen
 */
export function heartbeatLine(limitMs?: number): string {
  if (limitMs === undefined) return line(USUAL_MS, 'which clients pass over');
  return line(heartbeatFor(limitMs), `as a stream that is silent for ${durationText(limitMs)} is cut`);
}

/** Flags of check-proxy that judge by that heartbeat. */
export function heartbeatFlag(limitMs: number): string {
  return `--heartbeat ${shortText(heartbeatFor(limitMs)).replace(' ', '')}`;
}

function line(everyMs: number, why: string): string {
  return `send a comment every ${shortText(everyMs)}, ${why}   (Node: res.write(':\\n\\n') in a setInterval that 'close' clears; elsewhere a colon and two line feeds)`;
}

/** `15 s`, `500 ms` */
function shortText(ms: number): string {
  return ms >= 1_000 ? `${ms / 1_000} s` : `${ms} ms`;
}
