import type { Need } from '../listen/replay/bytes-needed.ts';
import type { ListenFlags } from './flags/listen-flags.ts';

/** Which flags look at what a recording may lack. */
export async function needsOf({ strict, wire, format, expect = [] }: ListenFlags): Promise<Need[]> {
  const flags = [
    ...(strict === true ? ['--strict'] : []),
    ...(wire === true ? ['--wire'] : []),
    ...(format === 'raw' ? ['--format raw'] : []),
  ];
  const needs = flags.map((flag): Need => ({ flag, what: 'bytes' }));
  if (expect.length === 0) return needs;
  const { neededBy } = await import('../listen/expect/needs.ts');
  for (const text of expect) {
    const what = neededBy(text);
    if (what !== undefined) needs.push({ flag: `--expect '${text}'`, what });
  }
  return needs;
}
