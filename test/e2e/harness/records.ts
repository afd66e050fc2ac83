import type { Outage } from '../../../src/results/listen.ts';
import type { Outcome } from './cli.ts';

/** A line of `--format ndjson`; its fields depend on the type. */
export interface NdjsonRecord {
  type: string;
  [field: string]: unknown;
}

/** Every record that `--format ndjson` printed. */
function recordsOf(outcome: Pick<Outcome, 'stdout'>): NdjsonRecord[] {
  return outcome.stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as NdjsonRecord);
}

export function recordsOfType(outcome: Pick<Outcome, 'stdout'>, type: string): NdjsonRecord[] {
  return recordsOf(outcome).filter((record) => record.type === type);
}

/** Why each attempt ended, in order. */
export function endings(outcome: Pick<Outcome, 'stdout'>): unknown[] {
  return recordsOfType(outcome, 'close').map((record) => record.reason);
}

/** The ids of the events, in order. */
export function ids(outcome: Pick<Outcome, 'stdout'>): unknown[] {
  return recordsOfType(outcome, 'event').map((record) => record.id);
}

/** The interruptions that the summary tells. */
export function outages(outcome: Pick<Outcome, 'stdout'>): Outage[] {
  const [summary] = recordsOfType(outcome, 'summary');
  if (summary === undefined) throw new Error('the run printed no summary');
  return summary.outages as Outage[];
}
