/** Bytes for which a decoder puts one U+FFFD. */
export interface InvalidSequence {
  index: number;
  length: number;
  problem: 'stray-byte' | 'cut-short' | 'overlong' | 'surrogate' | 'too-large';
}

/** What may follow a lead byte: how many bytes, and the range of the first of them. */
interface Lead {
  more: number;
  low: number;
  high: number;
}

/**
 * The sequences that the UTF-8 decoder of the Encoding standard (section 8.1.1) replaces, each by one U+FFFD: a lead
 * byte with as much behind it as could have become a character.
 */
export function* invalidSequences(bytes: Uint8Array): Generator<InvalidSequence> {
  for (let index = 0; index < bytes.length; ) {
    const byte = bytes[index] ?? 0;
    if (byte < 0x80) {
      index += 1;
      continue;
    }
    const lead = leadOf(byte);
    const length = lead === undefined ? 1 : validLength(bytes, index, lead);
    if (lead === undefined || length <= lead.more)
      yield { index, length, problem: problemOf(bytes, index, length) };
    index += length;
  }
}

function leadOf(byte: number): Lead | undefined {
  if (byte >= 0xc2 && byte <= 0xdf) return { more: 1, low: 0x80, high: 0xbf };
  if (byte >= 0xe0 && byte <= 0xef)
    return { more: 2, low: byte === 0xe0 ? 0xa0 : 0x80, high: byte === 0xed ? 0x9f : 0xbf };
  if (byte >= 0xf0 && byte <= 0xf4)
    return { more: 3, low: byte === 0xf0 ? 0x90 : 0x80, high: byte === 0xf4 ? 0x8f : 0xbf };
  return undefined;
}

/** Bytes from `index` on that fit: all of the character, or as far as it could have become one. */
function validLength(bytes: Uint8Array, index: number, { more, low, high }: Lead): number {
  for (let behind = 1; behind <= more; behind++) {
    const byte = bytes[index + behind];
    const fits =
      byte !== undefined && (behind === 1 ? byte >= low && byte <= high : byte >= 0x80 && byte <= 0xbf);
    if (!fits) return behind;
  }
  return more + 1;
}

function problemOf(bytes: Uint8Array, index: number, length: number): InvalidSequence['problem'] {
  const byte = bytes[index] ?? 0;
  const next = bytes[index + 1] ?? 0;
  const continues = length === 1 && next >= 0x80 && next <= 0xbf;
  if (byte === 0xc0 || byte === 0xc1 || (continues && (byte === 0xe0 || byte === 0xf0))) return 'overlong';
  if (continues && byte === 0xed) return 'surrogate';
  if (continues && byte >= 0xf4) return 'too-large';
  return byte < 0xc0 || byte > 0xf4 ? 'stray-byte' : 'cut-short';
}
