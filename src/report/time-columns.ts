import type { PrinterOptions } from '../listen/printer.ts';
import { formatDelta, formatElapsed } from './duration.ts';

const ELAPSED_WIDTH = 8;
const DELTA_WIDTH = 7;
const ISO_WIDTH = 24;

type TimeOptions = Pick<PrinterOptions, 'timestamps' | 'startedAtMs'>;

/** The time columns of an event or of a line of log, as cells of fixed width. */
export interface TimeCell {
  kind: 'iso' | 'rel' | 'delta';
  text: string;
}

const NONE: readonly TimeCell[] = [];

/**
 * Time columns in a fixed order: wall clock, time since the start, gap since the event before.
 * @param dt `undefined` where there is no gap to tell: the column stays blank
 */
export function timeCells(options: TimeOptions, t: number, dt: number | undefined): readonly TimeCell[] {
  if (options.timestamps.length === 0) return NONE;
  const cells: TimeCell[] = [];
  if (options.timestamps.includes('iso')) {
    cells.push({ kind: 'iso', text: new Date(options.startedAtMs + t).toISOString().padEnd(ISO_WIDTH) });
  }
  if (options.timestamps.includes('rel')) {
    cells.push({ kind: 'rel', text: formatElapsed(t).padStart(ELAPSED_WIDTH) });
  }
  if (options.timestamps.includes('delta')) {
    cells.push({ kind: 'delta', text: (dt === undefined ? '' : formatDelta(dt)).padStart(DELTA_WIDTH) });
  }
  return cells;
}
