const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const HEX = '0123456789abcdef';

/** An id as services make them: a prefix and letters and digits that were drawn. */
export function drawnId(random: () => number, prefix: string, length: number): string {
  return prefix + drawn(random, LETTERS, length);
}

export function drawnHexId(random: () => number, prefix: string, length: number): string {
  return prefix + drawn(random, HEX, length);
}

function drawn(random: () => number, alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
}
