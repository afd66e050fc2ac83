import { isIP, isIPv4 } from 'node:net';
import { unbracket } from '../../client/host.ts';
import { InvalidValue, quoted } from '../../notation/invalid-value.ts';

/** As many as there are in a /16. */
const MOST = 65_536;

const ACCEPTED = 'addresses of this machine, with commas, and ranges of IPv4: 10.0.0.5,10.0.1.1-10.0.1.20';

/**
 * `A,B-C`: addresses that connections come from, in the order given, each once.
 *
 * @throws InvalidValue for what is no address, no range, or more than 65,536 of them
 */
export function parseLocalAddresses(text: string): readonly string[] {
  const addresses = new Set<string>();
  for (const part of text.split(',').map((each) => each.trim())) {
    if (part === '') throw new InvalidValue(`${quoted(text)} lacks an address`, `Write ${ACCEPTED}.`);
    for (const address of rangeOf(part)) {
      addresses.add(address);
      if (addresses.size > MOST) throw tooMany(text);
    }
  }
  return [...addresses];
}

function rangeOf(part: string): Iterable<string> {
  const literal = unbracket(part);
  if (isIP(literal) !== 0) return [usable(literal)];
  const [from = '', to, ...rest] = part.split('-').map((each) => each.trim());
  if (to === undefined || rest.length > 0) throw notAnAddress(part);
  const ends = [from, to].map(unbracket);
  for (const end of ends) if (isIP(end) === 0) throw notAnAddress(end);
  if (!ends.every((end) => isIPv4(end))) {
    throw new InvalidValue(
      `${quoted(part)} is a range of IPv6 addresses: only IPv4 has ranges`,
      'Name each IPv6 address, with commas.',
    );
  }
  const [first, last] = ends.map((end) => numberOf(usable(end))) as [number, number];
  if (last < first) {
    throw new InvalidValue(`${quoted(part)} ends before it begins`, `Write ${to}-${from}.`);
  }
  if (last - first >= MOST) throw tooMany(part);
  return Array.from({ length: last - first + 1 }, (_, index) => textOf(first + index));
}

/** No connection comes from the unspecified address, nor from a group. */
function usable(address: string): string {
  if (address === '0.0.0.0' || address === '::') {
    throw new InvalidValue(
      `${quoted(address)} stands for any address`,
      'Leave --local-address out to let the system choose, or name addresses of this machine.',
    );
  }
  if (isIPv4(address) ? Number.parseInt(address, 10) >= 224 : /^ff/i.test(address)) {
    throw new InvalidValue(`${quoted(address)} is no address of one machine`, `Write ${ACCEPTED}.`);
  }
  return address;
}

function notAnAddress(text: string): InvalidValue {
  return new InvalidValue(`${quoted(text)} is not an IP address`, `Write ${ACCEPTED}.`);
}

function tooMany(text: string): InvalidValue {
  return new InvalidValue(`${quoted(text)} has more than ${MOST.toLocaleString('en-US')} addresses`);
}

/** The 32 bits of an IPv4 address. */
function numberOf(address: string): number {
  return address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
}

function textOf(bits: number): string {
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.');
}
