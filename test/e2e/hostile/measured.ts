import { readFileSync } from 'node:fs';
import { type CliOptions, type Outcome, startCli } from '../harness/cli.ts';

const SAMPLE_MS = 20;

/** A run with the memory it took. */
export interface MeasuredOutcome extends Outcome {
  /** Largest resident size so far, as the kernel keeps it. */
  peakMb: number;
}

/** Runs the built command to its end and watches its memory. */
export async function measured(args: readonly string[], options: CliOptions = {}): Promise<MeasuredOutcome> {
  const cli = startCli(args, options);
  let peakMb = 0;
  const watch = setInterval(() => {
    peakMb = Math.max(peakMb, peakMemoryMb(cli));
  }, SAMPLE_MS);
  try {
    const outcome = await cli.ended;
    return { ...outcome, peakMb };
  } finally {
    clearInterval(watch);
  }
}

/** The largest resident size of a running command; 0 where it has gone. */
export function peakMemoryMb({ pid }: { pid?: number | undefined }): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    // Gone: the samples before it tell.
    return 0;
  }
}
