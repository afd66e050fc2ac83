import { readFileSync, writeFileSync } from 'node:fs';
import type { Row } from './benchmark.ts';
import { RESULTS } from './checkout.ts';
import type { Machine } from './machine.ts';

/** The content of perf.json: the latest rows of each benchmark, all from one machine. */
export interface PerfResults {
  machine: Machine;
  benchmarks: Record<string, { title: string; measuredAt: string; rows: Row[] }>;
}

/** What was kept, where it comes from this machine; figures of different machines don't belong in one table. */
export function readResults(machine: Machine): PerfResults {
  let text: string;
  try {
    text = readFileSync(RESULTS, 'utf8');
  } catch {
    // Nothing was measured yet.
    return { machine, benchmarks: {} };
  }
  const kept = JSON.parse(text) as PerfResults;
  return JSON.stringify(kept.machine) === JSON.stringify(machine) ? kept : { machine, benchmarks: {} };
}

export function writeResults(results: PerfResults): void {
  writeFileSync(RESULTS, `${JSON.stringify(results, undefined, 2)}\n`);
}
