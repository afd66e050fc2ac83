import type { BenchResult } from '../../../results/bench/result.ts';
import { escapeJson } from '../../escape.ts';
import type { ResultForm } from './form.ts';

/** The result as it is: one JSON object, for people to read too. */
export function resultJson(result: BenchResult): string {
  return `${escapeJson(JSON.stringify(result, null, 2))}\n`;
}

export const jsonForm: ResultForm = { text: resultJson };
