import type { BenchResult } from '../../results/bench/result.ts';
import type { Palette } from '../palette.ts';

export interface ScreenOptions {
  palette: Palette;
  /** Width of the terminal; `undefined`: nothing is folded. */
  columns: number | undefined;
}

/** A part of the closing screen: whole lines; empty where the run has nothing to say about it. */
export type Section = (result: BenchResult, options: ScreenOptions) => string;
