import { isIP } from 'node:net';
import type { BenchOptions } from '../options.ts';
import { type Destination, destinationsOf, isIpv4Loopback, isLoopback } from './destinations.ts';
import type { Machine } from './machine.ts';

/** A destination with what is known of its addresses. */
export interface Reached extends Destination {
  /** Of the family that was asked for; none: the name was not resolved. */
  known: readonly string[];
}

export function reachedBy(options: BenchOptions, machine: Machine): Reached[] {
  const { family } = options.request.connection;
  return destinationsOf(options.request).map((destination) => ({
    ...destination,
    known: (machine.addresses.get(destination.name) ?? []).filter(
      (address) => family === 0 || isIP(address) === family,
    ),
  }));
}

/** Whether a server, or a proxy in front of it, runs on this machine. */
export function serverOf(reached: readonly Reached[]): 'here' | 'elsewhere' {
  return reached.some(({ known }) => known.some(isLoopback)) ? 'here' : 'elsewhere';
}

/** Any address of 127.0.0.0/8 may be its source: all connections to it can be made to stay in there. */
export function staysInIpv4Loopback({ name, known }: Reached, machine: Machine): boolean {
  if (known.length === 0 || !known.every(isLoopback)) return false;
  return known.every(isIpv4Loopback) || (known.some(isIpv4Loopback) && machine.answersIpv4.has(name));
}
