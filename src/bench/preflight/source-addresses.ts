/**
 * Streams of one source address that cost nothing to speak of. A connection that names its source address takes a port
 * of that address for itself, whatever its destination, and the kernel looks for free ones in a quarter of the range
 * first (every other port of its lower half: 7,058 of 28,232). Measured: 15,000 connects take 0.46 s of kernel time
 * with 5,000 an address and 8.8 s with 13,000.
 */
export const STREAMS_PER_SOURCE = 5_000;

/** From here on the search for a free port of a source address costs more than the connection. */
export const CROWDED_SOURCE = 6_000;

/**
 * Addresses in 127.0.0.0/8, all of which belong to this machine. Where they begin differs from run to run, so that one
 * finds none of its ports held by the connections that the run before closed.
 *
 * @param run any number that differs from run to run
 */
export function loopbackAddresses(count: number, run: number): string[] {
  // 127.0.x.x is left alone: name servers and host names live there.
  const first = mixed(run) % (254 * 256);
  return Array.from({ length: count }, (_, index) => {
    const block = (first + Math.floor(index / 254)) % (254 * 256);
    return `127.${1 + Math.floor(block / 256)}.${block % 256}.${1 + (index % 254)}`;
  });
}

/**
 * Which address a stream connects from. Streams take URLs in turn, so that addresses change only when every URL had its
 * turn: in step with each other, some pairs of URL and address would get no stream and others all of them.
 *
 * @param index of the stream, counted over all workers
 */
export function sourceAddressOf(
  addresses: readonly string[],
  index: number,
  urls: number,
): string | undefined {
  return addresses[Math.floor(index / urls) % addresses.length];
}

/** Numbers that lie together come out far apart (the finaliser of MurmurHash3). */
function mixed(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
