import type { HeaderPair } from '../../client/records.ts';

/** What a proxy writes by itself, or has a use for: that it is there does not show that it was passed on. */
const ANYBODYS = new Set([
  'cache-control',
  'connection',
  'content-length',
  'content-type',
  'date',
  'keep-alive',
  'server',
  'transfer-encoding',
  'vary',
  'via',
  'x-accel-buffering',
  'x-powered-by',
]);

/** A header that means something to nobody but the origin, and comes from nobody else. */
export function isOfNobodyElse(name: string): boolean {
  return !ANYBODYS.has(name.toLowerCase());
}

/** Neither in lower case nor as `Canonical-Names` are written: who keeps it writes names as they came. */
export function isOddlyCased(name: string): boolean {
  const canonical = name.toLowerCase().replaceAll(/(?:^|-)[a-z]/g, (start) => start.toUpperCase());
  return name !== name.toLowerCase() && name !== canonical;
}

/** Whether headers of the origin's own arrive at all; nothing where it sends none. */
export function passesOwn(
  proxied: readonly HeaderPair[],
  direct: readonly HeaderPair[],
): boolean | undefined {
  const own = direct.map(([name]) => name.toLowerCase()).filter(isOfNobodyElse);
  if (own.length === 0) return undefined;
  return own.some((name) => proxied.some(([other]) => other.toLowerCase() === name));
}
