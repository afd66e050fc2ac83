import { drawnId } from './drawn-id.ts';

const BLOCK = 16;

/** Random characters that fill a delta up to a block, so that its size on the wire tells nobody what was said. */
export function obfuscation(random: () => number, delta: string): string {
  return drawnId(random, '', BLOCK - (delta.length % BLOCK));
}
