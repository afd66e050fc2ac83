import { readFileSync, writeFileSync } from 'node:fs';

/** What probes found behind proxies: `docs/proxies-matrix.json`. */
export interface Matrix {
  products: readonly MeasuredProduct[];
}

export interface MeasuredProduct {
  name: string;
  version: string;
  /** The day, as `2026-11-22`. */
  measured: string;
  configs: readonly MeasuredConfig[];
}

export interface MeasuredConfig {
  name: string;
  /** By probe: `pass`, or the fault that it warned of or failed with. */
  found: Readonly<Record<string, string>>;
}

export const MATRIX_FILE = 'docs/proxies-matrix.json';

/** What was measured now in place of what was measured of the same products before, as they follow each other in `names`. */
export function merged(before: Matrix, { products }: Matrix, names: readonly string[]): Matrix {
  const kept = before.products.map((old) => products.find(({ name }) => name === old.name) ?? old);
  const added = products.filter(({ name }) => !before.products.some((old) => old.name === name));
  const place = ({ name }: MeasuredProduct) => names.indexOf(name);
  return { products: [...kept, ...added].sort((a, b) => place(a) - place(b)) };
}

export function readMatrix(path: string): Matrix {
  return JSON.parse(readFileSync(path, 'utf8')) as Matrix;
}

export function writeMatrix(path: string, matrix: Matrix): void {
  writeFileSync(path, `${JSON.stringify(matrix, null, 2)}\n`);
}
