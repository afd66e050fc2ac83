import type { CheckResult } from '../../results/check/result.ts';
import type { Palette } from '../palette.ts';

export interface CheckScreenOptions {
  palette: Palette;
  /** Width of the terminal; `undefined`: nothing is folded. */
  columns: number | undefined;
  /** What a fault is, in a phrase. */
  titleOf(fault: string): string | undefined;
  /** What alone it matters to: `large uploads`. */
  onlyForOf(fault: string): string | undefined;
  /** What commands begin with that are to be typed: `ssekit`, or what runs it. */
  program: string;
  /** The command that checks a URL in the same way; flags of a fix are appended to it. */
  againAt(url: string): string;
  /** The command that looks at the stream of the application itself, where it runs again. */
  lookAt(url: string): string;
  /** The command with ssekit in the place of the application, where that was only looked at. */
  standInAt(url: string): string;
}

/** A part of the closing screen: whole lines; empty where the run has nothing to say about it. */
export type Section = (result: CheckResult, options: CheckScreenOptions) => string;
