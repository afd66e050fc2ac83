import { isIP } from 'node:net';
import type { Check } from './check.ts';
import { isLoopback } from './destinations.ts';
import type { Machine } from './machine.ts';
import type { Reached } from './reach.ts';

/** Whether connections can come from the addresses that the user named. */
export function namedSourcesCheck(
  sources: readonly string[],
  reached: readonly Reached[],
  machine: Machine,
): Check {
  const check = { id: 'source-addresses', need: sources.length, unit: 'addresses' } as const;
  const refused = (have: number, message: string, remedy: string): Check => ({
    ...check,
    have,
    status: 'refused',
    message,
    remedy,
  });
  const [unusable] = machine.unusable;
  if (unusable !== undefined) {
    const { address, code } = unusable;
    const bits = isIP(address) === 6 ? 128 : 32;
    return refused(
      sources.length - machine.unusable.length,
      code === 'EADDRNOTAVAIL'
        ? `${address} is no address of this machine`
        : `no connection can come from ${address} (${code})`,
      code === 'EADDRNOTAVAIL'
        ? `ip addr add ${address}/${bits} dev ${machine.device}`
        : 'leave it out of --local-address',
    );
  }
  for (const { name, known } of reached) {
    if (known.length === 0) continue;
    const stranger = sources.find((source) => !known.some((address) => isIP(address) === isIP(source)));
    if (stranger !== undefined) {
      return refused(
        0,
        `${stranger} is an IPv${isIP(stranger)} address, and ${name} has none of that family`,
        `--local-address with IPv${isIP(known[0] ?? '')} addresses`,
      );
    }
    const inside = sources.find(isLoopback);
    if (inside !== undefined && !known.some(isLoopback)) {
      return refused(
        0,
        `${inside} reaches this machine alone, and ${name} is another`,
        `--local-address with addresses of ${machine.device}`,
      );
    }
  }
  return { ...check, have: sources.length, status: 'ok', message: 'in turn', remedy: '' };
}
