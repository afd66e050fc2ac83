import { setMaxListeners } from 'node:events';
import { exitCodeOf, failingStatuses } from '../../checks/exit-code.ts';
import { FAULTS } from '../../checks/faults/catalogue.ts';
import type { Check } from '../../checks/run-check.ts';
import { onFirstSignal } from '../../listen/signals.ts';
import { checkJson } from '../../report/check/json.ts';
import { checkJunit } from '../../report/check/junit.ts';
import { progressLine } from '../../report/check/progress.ts';
import { checkText } from '../../report/check/screen.ts';
import { loadPalette } from '../../report/palette.ts';
import type { CheckResult, ProbeStatus } from '../../results/check/result.ts';
import type { CheckProxyFlags } from '../flags/check-proxy/check-proxy-flags.ts';
import { colorWhen } from '../flags/color.ts';
import type { CommandIo } from '../io.ts';
import { writeResult } from '../result-file.ts';
import { columnsOf, isColored, isTerminal } from '../terminal.ts';

/** The flag of the files that a result is written to. */
export const OUTPUT = '--output';

/** What is told of a run, and to whom. */
export interface Telling {
  flags: CheckProxyFlags;
  /** How many probes it has. */
  probes: number;
  /** The command that checks a URL in the same way. */
  againAt(url: string): string;
  /** The command that looks at the stream of the application behind that URL. */
  lookAt(url: string): string;
  interruption: Interruption;
  io: CommandIo;
}

/** What a run is given while it runs. */
export type RunHooks = Pick<Check, 'signal' | 'onProgress'>;

/**
 * Runs a check, and tells what it found: in files, and on standard output.
 *
 * @returns the exit code
 * @throws SseKitError what the run throws; exit 23 where a file can't be written
 */
export async function runAndTell(
  run: (hooks: RunHooks) => Promise<CheckResult>,
  { flags, probes, againAt, lookAt, interruption, io }: Telling,
): Promise<number> {
  const progress = liveProgress(probes, flags, io);
  const { signal } = interruption;
  const result = await run({ signal, onProgress: progress.next }).finally(progress.end);
  const failing = failingStatuses(flags.strict ?? false);
  const exit = exitCodeOf(result, failing, interruption.by());
  // Before anything is printed: where standard output can't be written to, the process ends.
  const [kept] = await Promise.allSettled([writeFiles(result, failing, flags)]);
  await print(result, flags, { againAt, lookAt }, io);
  if (kept.status === 'rejected') throw kept.reason;
  return exit;
}

export interface Interruption {
  signal: AbortSignal;
  by(): NodeJS.Signals | undefined;
  unwatch(): void;
}

/** The first signal ends the run with what there is; the second one ends the process at once. */
export function interruptible(): Interruption {
  const controller = new AbortController();
  // Probes wait for many things at a time.
  setMaxListeners(0, controller.signal);
  let seen: NodeJS.Signals | undefined;
  const unwatch = onFirstSignal((signal) => {
    seen = signal;
    controller.abort();
  });
  return { signal: controller.signal, by: () => seen, unwatch };
}

/** One line on a terminal, ever anew. */
function liveProgress(probes: number, { silent }: CheckProxyFlags, { stderr }: CommandIo) {
  if (silent === true || !isTerminal(stderr)) return { next() {}, end() {} };
  const line = progressLine(probes, columnsOf(stderr));
  return {
    next: ({ probe, state }: Parameters<Check['onProgress']>[0]) =>
      void stderr.write(line.next(probe, state)),
    end: () => void stderr.write(line.clear()),
  };
}

async function writeFiles(
  result: CheckResult,
  failing: ReadonlySet<ProbeStatus>,
  { output = [] }: CheckProxyFlags,
): Promise<void> {
  for (const { path, form } of output) {
    await writeResult(OUTPUT, path, form === 'json' ? checkJson(result) : checkJunit(result, failing));
  }
}

async function print(
  result: CheckResult,
  flags: CheckProxyFlags,
  lines: Pick<Telling, 'againAt' | 'lookAt'>,
  { stdout, env }: CommandIo,
): Promise<void> {
  if (flags.format === 'json') {
    stdout.write(checkJson(result));
    return;
  }
  const palette = await loadPalette(isColored(colorWhen(flags.color, env), stdout));
  const titleOf = (fault: string) => FAULTS.find(({ id }) => id === fault)?.title;
  stdout.write(checkText(result, { palette, columns: columnsOf(stdout)(), titleOf, ...lines }));
}
