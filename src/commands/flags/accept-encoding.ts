import type { HeaderPair } from '../../client/records.ts';
import type { HeaderList } from './headers.ts';

/**
 * Browsers paste encodings that this Node can't decode. Asking for them would turn the stream into noise, so they
 * are taken out, and the header with them where nothing else is left.
 */
export function filterAcceptEncoding(
  headers: readonly HeaderPair[],
  decodable: readonly string[],
): HeaderList {
  const known = new Set([...decodable, 'x-gzip', 'identity']);
  const notes: string[] = [];
  const kept = headers.flatMap((pair): HeaderPair[] => {
    const [name, value] = pair;
    if (name.toLowerCase() !== 'accept-encoding' || value === '') return [pair];
    const codings = value.split(',').map((each) => each.trim());
    const codingOf = (each: string) => (each.split(';')[0] ?? '').trim().toLowerCase();
    // `zstd;q=0` forbids it, which is as good as not asking.
    const unknown = codings.filter((each) => !known.has(codingOf(each)));
    if (unknown.length === 0) return [pair];
    notes.push(`${name}: ${unknown.map(codingOf).join(', ')} is left out: it can't be decoded here`);
    const rest = codings.filter((each) => known.has(codingOf(each)));
    return rest.length === 0 ? [] : [[name, rest.join(', ')]];
  });
  return { headers: kept, notes };
}
