import type { ConformanceResult, ConformanceRow } from '../mock/conformance/result.ts';
import { escapeJson } from './escape.ts';

/** The result as it is: one JSON object, for people to read too. */
export function conformanceJson(result: ConformanceResult): string {
  return `${escapeJson(JSON.stringify(result, null, 2))}\n`;
}

/** A row as a line of NDJSON. */
export function conformanceRowNdjson(row: ConformanceRow): string {
  return line({ type: 'row', ...row });
}

/** The last line of NDJSON: the result without its rows. */
export function conformanceSummaryNdjson({ rows: _, ...rest }: ConformanceResult, exit: number): string {
  return line({ type: 'summary', ...rest, exit });
}

function line(record: object): string {
  return `${escapeJson(JSON.stringify(record))}\n`;
}
