import { exitCodeOf, failingStatuses } from '../../checks/exit-code.ts';
import { FAULTS } from '../../checks/faults/catalogue.ts';
import type { Check } from '../../checks/run-check.ts';
import { monotonicMs } from '../../client/clock.ts';
import { SseKitError } from '../../client/errors.ts';
import { checkJson } from '../../report/check/json.ts';
import { checkJunit } from '../../report/check/junit.ts';
import { type Expected, progressLine } from '../../report/check/progress.ts';
import { checkText } from '../../report/check/screen.ts';
import { noteText } from '../../report/note.ts';
import { loadPalette } from '../../report/palette.ts';
import type { CheckResult, ProbeStatus } from '../../results/check/result.ts';
import type { CheckProxyFlags } from '../flags/check-proxy/check-proxy-flags.ts';
import { colorWhen } from '../flags/color.ts';
import type { CommandIo } from '../io.ts';
import { writeResult } from '../result-file.ts';
import { columnsOf, isColored, isTerminal } from '../terminal.ts';
import { couldNotRun } from './could-not-run.ts';
import type { Interruption } from './interruption.ts';

/** The flag of the files that a result is written to. */
export const OUTPUT = '--output';

/** A clock that stands still looks like a run that hangs. */
const TICK_MS = 1_000;

/** The exit code of a result that could not be kept. */
const CANNOT_WRITE = 23;

/** What is told of a run, and to whom. */
export interface Telling {
  flags: CheckProxyFlags;
  expected: Expected;
  /** What the commands begin with. */
  program: string;
  /** The command that checks a URL in the same way. */
  againAt(url: string): string;
  /** The command that looks at the stream of the application behind that URL. */
  lookAt(url: string): string;
  /** The command with ssekit in the place of that application. */
  standInAt(url: string): string;
  interruption: Interruption;
  io: CommandIo;
}

/** What a run is given while it runs. */
export type RunHooks = Pick<Check, 'signal' | 'onProgress' | 'onNote'>;

/**
 * Runs a check, and tells what it found: in files, and on standard output.
 *
 * @returns the exit code
 * @throws SseKitError what the run throws; exit 23 where a file can't be written
 */
export async function runAndTell(
  run: (hooks: RunHooks) => Promise<CheckResult>,
  { flags, expected, program, againAt, lookAt, standInAt, interruption, io }: Telling,
): Promise<number> {
  const progress = liveProgress(expected, flags, io);
  const { signal } = interruption;
  const result = await run({ signal, onProgress: progress.next, onNote: progress.note }).finally(
    progress.end,
  );
  const failing = failingStatuses(flags.strict ?? false);
  const exit = exitCodeOf(result, failing, interruption.by());
  if (interruption.by() === 'max-time' && flags.silent !== true)
    io.stderr.write(
      noteText(
        'the time limit was reached (--max-time): what there is by then is told',
        columnsOf(io.stderr)(),
      ),
    );
  // Before anything is printed: where standard output can't be written to, the process ends.
  const [kept] = await Promise.allSettled([writeFiles(result, failing, flags)]);
  await print(result, flags, { program, againAt, lookAt, standInAt }, io);
  if (kept.status === 'rejected') throw kept.reason;
  return exit;
}

/**
 * Keeps, and prints for programs, that a run came to nothing: what an earlier one left is not to be taken for its result.
 *
 * @throws SseKitError exit 23 where a file can't be written
 */
export async function tellFailure(
  error: unknown,
  run: Parameters<typeof couldNotRun>[1],
  flags: CheckProxyFlags,
  { stdout }: CommandIo,
): Promise<void> {
  // What was measured is printed by then, and in the other files.
  if (error instanceof SseKitError && error.exitCode === CANNOT_WRITE) return;
  const result = couldNotRun(error, run);
  if (flags.format === 'json') stdout.write(checkJson(result));
  await writeFiles(result, failingStatuses(flags.strict ?? false), flags);
}

/** One line on a terminal, ever anew; elsewhere notes alone. */
function liveProgress(expected: Expected, { silent }: CheckProxyFlags, { stderr }: CommandIo) {
  if (silent === true) return { next() {}, note() {}, end() {} };
  const note = (text: string) => void stderr.write(noteText(text, columnsOf(stderr)()));
  if (!isTerminal(stderr)) return { next() {}, note, end() {} };
  const line = progressLine(expected, columnsOf(stderr), monotonicMs);
  const ticking = setInterval(() => void stderr.write(line.tick()), TICK_MS);
  return {
    next: ({ probe, state }: Parameters<Check['onProgress']>[0]) =>
      void stderr.write(line.next(probe, state)),
    note: (text: string) => {
      stderr.write(line.clear());
      note(text);
    },
    end: () => {
      clearInterval(ticking);
      stderr.write(line.clear());
    },
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
  lines: Pick<Telling, 'program' | 'againAt' | 'lookAt' | 'standInAt'>,
  { stdout, env }: CommandIo,
): Promise<void> {
  if (flags.format === 'json') {
    stdout.write(checkJson(result));
    return;
  }
  const palette = await loadPalette(isColored(colorWhen(flags.color, env), stdout));
  const options = { palette, columns: columnsOf(stdout)(), ...lines };
  const ofFault = (fault: string) => FAULTS.find(({ id }) => id === fault);
  const titleOf = (fault: string) => ofFault(fault)?.title;
  const onlyForOf = (fault: string) => ofFault(fault)?.onlyFor;
  stdout.write(checkText(result, { ...options, titleOf, onlyForOf }));
}
