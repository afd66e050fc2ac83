import type { Comparison, ConnectionDifference, ToldDifference } from '../listen/diff/compare.ts';
import { escapeJson } from './escape.ts';

/** Version of the records. */
const VERSION = 1;

/** A difference between two recorded runs as a line of JSON. */
export function differenceNdjson(difference: ToldDifference): string {
  return line({ type: 'difference', ...difference });
}

export function connectionDifferenceNdjson(difference: ConnectionDifference): string {
  return line({ type: 'connection-difference', ...difference });
}

/** The last line of a comparison. */
export function diffSummaryNdjson(
  { connections, differences: _, ...figures }: Comparison,
  files: { a: string; b: string },
  exit: number,
): string {
  return line({ type: 'diff-summary', v: VERSION, files, ...figures, connections: connections.length, exit });
}

/** Safe to show on a terminal too, and the same value. */
function line(record: object): string {
  return `${escapeJson(JSON.stringify(record))}\n`;
}
