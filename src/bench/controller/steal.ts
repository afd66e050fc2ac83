import { readFileSync } from 'node:fs';
import type { StealFigures } from '../../results/bench/result.ts';
import { WINDOW_MS } from '../window-ends.ts';

/** The unit of `/proc/stat` (USER_HZ): it is the same for all that Node runs on, whatever the kernel's own tick. */
const TICK_MS = 10;

/** Shorter windows say nothing of a second: a tick is too much of them. */
const SHORTEST_MS = WINDOW_MS / 2;

/** What `/proc/stat` tells of a host that took cores away. */
export interface StolenTicks {
  /** Of all cores together, since this machine was started. */
  ticks: number;
  /** That this machine has: those too that this process may not use. */
  cores: number;
}

/**
 * The eighth figure of the line of all cores in `/proc/stat`: time in which a core had something to do, and the host ran
 * something else on it (proc(5), "steal"). It stays 0 where there is no host, or one that doesn't tell.
 *
 * @returns nothing where there is no such figure: kernels before 2.6.11, and other systems
 */
export function stolenTicksIn(stat: string): StolenTicks | undefined {
  const [, ticks] = /^cpu +(?:\d+ +){7}(\d+)/m.exec(stat) ?? [];
  const cores = stat.match(/^cpu\d+ /gm)?.length ?? 0;
  return ticks === undefined || cores === 0 ? undefined : { ticks: Number(ticks), cores };
}

function readStat(): string {
  try {
    return readFileSync('/proc/stat', 'latin1');
  } catch {
    // Only Linux has it, and not every container shows it: nothing is known then.
    return '';
  }
}

interface Reading {
  atMs: number;
  /** Milliseconds of each core that were taken up to then, since the first reading. */
  takenMs: number;
}

/**
 * What share of this machine's cores its host took, window by window. One process looks for all: workers share the cores.
 * Looks come a little after the end of a window; what lies between two of them is taken to be spread evenly.
 */
export class Steal {
  readonly #stat: () => string;
  /** From the last one before what is still to be asked for; times are those of the run. */
  readonly #readings: Reading[] = [];
  #ticks = 0;
  #takenMs = 0;
  #ofMs = 0;
  #max: number | undefined;

  /** @param stat the text of `/proc/stat`; empty where there is none */
  constructor(stat: () => string = readStat) {
    this.#stat = stat;
  }

  /** @param nowMs of the run; below 0 before it begins */
  look(nowMs: number): void {
    const found = stolenTicksIn(this.#stat());
    if (found === undefined) return;
    const last = this.#readings.at(-1);
    // The counter goes back where a machine is moved to another host: nothing is known of that while.
    const ticks = last === undefined ? 0 : Math.max(0, found.ticks - this.#ticks);
    this.#ticks = found.ticks;
    this.#readings.push({
      atMs: nowMs,
      takenMs: (last?.takenMs ?? 0) + (ticks * TICK_MS) / found.cores,
    });
  }

  /** Looks, unless it has since that time of the run. */
  lookAfter(ms: number, nowMs: number): void {
    if ((this.#readings.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY) < ms) this.look(nowMs);
  }

  /**
   * The share of all cores that was taken in a window, which goes into the figures. Windows are told in order, each once.
   *
   * @returns nothing where the system doesn't tell
   */
  window(fromMs: number, toMs: number): number | undefined {
    if (this.#readings.length < 2 || toMs <= fromMs) return undefined;
    const share = Math.min(1, (this.#takenAt(toMs) - this.#takenAt(fromMs)) / (toMs - fromMs));
    this.#takenMs += share * (toMs - fromMs);
    this.#ofMs += toMs - fromMs;
    if (toMs - fromMs >= SHORTEST_MS) this.#max = Math.max(this.#max ?? 0, share);
    this.#forgetBefore(toMs);
    return rounded(share);
  }

  /** Of all windows. */
  get figures(): StealFigures | undefined {
    if (this.#ofMs === 0) return undefined;
    const mean = this.#takenMs / this.#ofMs;
    return { mean: rounded(mean), max: rounded(this.#max ?? mean) };
  }

  #takenAt(ms: number): number {
    const next = this.#readings.findIndex(({ atMs }) => atMs >= ms);
    const after = this.#readings[next];
    const before = this.#readings.at(next < 0 ? -1 : Math.max(0, next - 1));
    if (before === undefined) return 0;
    if (after === undefined || after.atMs <= before.atMs) return before.takenMs;
    const part = Math.max(0, (ms - before.atMs) / (after.atMs - before.atMs));
    return before.takenMs + part * (after.takenMs - before.takenMs);
  }

  #forgetBefore(ms: number): void {
    while ((this.#readings[1]?.atMs ?? Number.POSITIVE_INFINITY) <= ms) this.#readings.shift();
  }
}

/** To a thousandth of a percent: a tick in a second is no less of a hundred cores. */
function rounded(share: number): number {
  return Math.round(share * 1e5) / 1e5;
}
