import { Steal } from '../../src/bench/controller/steal.ts';
import { monotonicMs } from '../../src/client/clock.ts';
import type { Check } from './check.ts';
import type { Say, TruthCase } from './truth-case.ts';

/** A miss is laid to the host of a virtual machine where it took a larger share of all cores than this. */
const MOST_STOLEN = 0.01;

/** A case is given up after so many runs of it. */
const MOST_TRIES = 4;

/** What a case came to when it was run for the last time. */
export interface Judged {
  checks: readonly Check[];
  tries: number;
  /** Share of all cores that the host took meanwhile; absent where the system doesn't tell. */
  stolen?: number;
}

/**
 * Runs a case again where times or loads missed while the host took cores away: nobody is in time without one. What missed
 * while it took none stands, and so does a wrong count at any time.
 */
export async function undisturbed({ run }: TruthCase, say: Say, watch = stolenSince): Promise<Judged> {
  for (let tries = 1; ; tries++) {
    const since = watch();
    const checks = await run(say);
    const stolen = since();
    const judged = { checks, tries, ...(stolen === undefined ? {} : { stolen }) };
    const missed = checks.filter(({ pass }) => !pass);
    const isMachines = missed.length > 0 && missed.every(({ kind }) => kind !== 'exact');
    if (!isMachines || (stolen ?? 0) <= MOST_STOLEN || tries === MOST_TRIES) return judged;
    const share = (100 * (stolen ?? 0)).toFixed(1);
    say(`${missed.length} missed while the host took ${share} % of this machine's cores (steal): once more`);
  }
}

/** @returns what tells the share that was taken from now until it is called */
function stolenSince(): () => number | undefined {
  const steal = new Steal();
  const from = monotonicMs();
  steal.look(0);
  return () => {
    const elapsedMs = monotonicMs() - from;
    steal.look(elapsedMs);
    return steal.window(0, elapsedMs);
  };
}
