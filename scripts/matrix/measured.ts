import { readFileSync, writeFileSync } from 'node:fs';

/** What probes found behind proxies: `docs/proxies-matrix.json`. */
export interface Matrix {
  /** The day, as `2026-11-22`. */
  measured: string;
  node: string;
  products: readonly MeasuredProduct[];
}

export interface MeasuredProduct {
  name: string;
  version: string;
  configs: readonly MeasuredConfig[];
}

export interface MeasuredConfig {
  name: string;
  /** By probe: `pass`, or the fault that it warned of or failed with. */
  found: Readonly<Record<string, string>>;
}

export const MATRIX_FILE = 'docs/proxies-matrix.json';

export function readMatrix(path: string): Matrix {
  return JSON.parse(readFileSync(path, 'utf8')) as Matrix;
}

export function writeMatrix(path: string, matrix: Matrix): void {
  writeFileSync(path, `${JSON.stringify(matrix, null, 2)}\n`);
}
