import type { Judgement } from '../probe.ts';
import { type Coded, isApplied } from './coded-streams.ts';
import type { PassiveSeen } from './passive-probe.ts';
import { whoPassively } from './who-passively.ts';

/** Who leaves alone what begins with no more bytes than this, and compresses the rest: `minimum_length` of `encode`. */
const LEAVES_SMALL = { product: 'caddy', name: 'Caddy', upToBytes: 512 };

/** A reservation, where a stream was left uncompressed that may have been so for what it begins with alone. */
export function onlyIfSmall(seen: PassiveSeen, all: readonly Coded[]): Pick<Judgement, 'onlyIf'> {
  const { product, name, upToBytes } = LEAVES_SMALL;
  const firstBytes = Math.max(0, ...all.map((each) => each.seen.reads[0]?.bytes ?? 0));
  const isLeft = firstBytes > 0 && firstBytes <= upToBytes && !all.some(isApplied);
  if (!isLeft || !whoPassively(seen, undefined).hops.some((hop) => hop.product === product)) return {};
  return {
    onlyIf: `only if every stream begins with as little as this one, ${firstBytes} bytes: with encode, ${name} compresses those that begin with more than ${upToBytes} bytes, and before 2.9 holds their events`,
  };
}
