import { calibrating } from '../bench/calibrate/calibration.ts';
import { Origins } from '../bench/calibrate/origins.ts';
import { exitCodeOf } from '../bench/exit-code.ts';
import type { BenchOptions } from '../bench/options.ts';
import { makePlan } from '../bench/plan/make-plan.ts';
import type { Preflight } from '../bench/preflight/check.ts';
import { readMachine } from '../bench/preflight/machine.ts';
import { decided, preflight } from '../bench/preflight/preflight.ts';
import { type DecidedOptions, runBench } from '../bench/run.ts';
import { SseKitError } from '../client/errors.ts';
import { onFirstSignal } from '../listen/signals.ts';
import { liveLine } from '../report/bench/live-line.ts';
import type { LiveWindow } from '../results/bench/live.ts';
import type { InvalidReason } from '../results/bench/result.ts';
import { settle } from './bench/settle.ts';
import { type BenchTargets, onDemo, targetNames } from './bench/targets.ts';
import type { ParsedLine } from './command-line.ts';
import type { BenchFlags } from './flags/bench/bench-flags.ts';
import { colorWhen } from './flags/color.ts';
import { diskReader } from './flags/files.ts';
import type { CommandIo } from './io.ts';
import { OutputFiles } from './output-files.ts';
import { refuseSharedPlaces } from './same-file.ts';
import { printResult } from './start-report.ts';
import { columnsOf, isTerminal } from './terminal.ts';
import { VERSION } from './version.ts';

/**
 * Settles what is to be run, runs it, and tells what it came to.
 *
 * @returns the exit code
 * @throws SseKitError exit 2 for flags that make no run; 13 where this machine can't do it; 23 where a file can't be
 *   written
 */
export async function startBench(
  targets: BenchTargets,
  line: ParsedLine<BenchFlags>,
  io: CommandIo,
): Promise<number> {
  const { flags } = line;
  refuseSharedPlaces(placesOf(flags));
  const { options, notes } = await settle(targets, line, { env: io.env, files: diskReader(io) });
  tell(notes, flags, io);
  if (flags.dryRun === true) {
    const { dryRun } = await import('./bench/dry-run.ts');
    return dryRun(options, targetNames(targets, flags.showSecrets ?? false), flags, io);
  }
  if (flags.calibrate === true) return calibrate(options, flags, io);
  return targets.kind === 'http' ? bench(options, flags, io) : benchDemo(options, flags, io);
}

async function benchDemo(options: BenchOptions, flags: BenchFlags, io: CommandIo): Promise<number> {
  const { startDemo } = await import('../mock/demo.ts');
  const demo = await startDemo();
  try {
    return await bench(onDemo(options, demo.url), flags, io);
  } finally {
    await demo.close();
  }
}

async function calibrate(options: BenchOptions, flags: BenchFlags, io: CommandIo): Promise<number> {
  const origins = await Origins.start(makePlan(options).peak);
  try {
    return await bench(calibrating(options, origins.urls), flags, io);
  } finally {
    origins.stop();
  }
}

async function bench(options: BenchOptions, flags: BenchFlags, io: CommandIo): Promise<number> {
  const checked = preflight(options, makePlan(options), await readMachine(options, 'allowed'));
  const run = { ...decided(options, checked), workers: checked.decisions.workers };
  if (checked.refusals.length > 0) return refuse(run, checked.refusals, flags, io);
  tell(notesOf(checked), flags, io);
  const files = await OutputFiles.open(flags.output ?? [], 'live');
  const interruption = untilInterrupted();
  const live = liveOutput(flags, io);
  try {
    const result = await runBench(run, {
      version: VERSION,
      showSecrets: flags.showSecrets ?? false,
      stopped: interruption.happened,
      onWindow(window) {
        files.window(window);
        live.window(window);
      },
    });
    live.end();
    // Before anything is printed: where standard output can't be written to, the process ends.
    const [kept] = await Promise.allSettled([files.finish(result)]);
    await printResult(result, { format: flags.format ?? 'text', color: colorWhen(flags.color, io.env) }, io);
    if (kept.status === 'rejected') throw kept.reason;
    return exitCodeOf(result, interruption.signal());
  } finally {
    live.end();
    interruption.unwatch();
  }
}

/** The first signal ends the run in order, with what there is; the second one ends the process at once. */
function untilInterrupted() {
  let seen: NodeJS.Signals | undefined;
  let unwatch = () => {};
  const happened = new Promise<'signal'>((resolve) => {
    unwatch = onFirstSignal((signal) => {
      seen = signal;
      resolve('signal');
    });
  });
  return { happened, signal: () => seen, unwatch };
}

/** One line on a terminal, ever anew. */
function liveOutput({ silent }: BenchFlags, { stderr }: CommandIo) {
  if (silent === true || !isTerminal(stderr)) return { window() {}, end() {} };
  const line = liveLine(columnsOf(stderr));
  return {
    window: (window: LiveWindow) => void stderr.write(line.next(window)),
    end: () => void stderr.write(line.clear()),
  };
}

/**
 * Ends a run that this machine can't make, before it begins, with a result that says so: whoever waits for the file finds
 * no earlier run's in it.
 *
 * @throws SseKitError always: exit 13, or 23 where a file can't be written
 */
async function refuse(
  options: DecidedOptions,
  reasons: readonly InvalidReason[],
  flags: BenchFlags,
  io: CommandIo,
): Promise<never> {
  const message = `this machine can't do it: ${reasons.map((reason) => reason.message).join('; ')}`;
  const { refusedRun } = await import('../bench/refused-run.ts');
  const result = refusedRun(options, reasons, { version: VERSION, showSecrets: flags.showSecrets ?? false });
  const written = OutputFiles.open(flags.output ?? [], 'live').then((files) => files.finish(result));
  const [kept] = await Promise.allSettled([written]);
  if (flags.format === 'json') await printResult(result, { format: 'json', color: 'never' }, io);
  if (kept.status === 'rejected') {
    if (!(kept.reason instanceof SseKitError)) throw kept.reason;
    const { code, exitCode, hint } = kept.reason;
    throw new SseKitError(code, exitCode, `${message}; ${kept.reason.message}`, { hint, cause: kept.reason });
  }
  throw new SseKitError('MACHINE_LIMITS', 13, message, {
    hint: reasons.map(({ remedy }) => remedy).join('; '),
  });
}

function notesOf({ checks }: Preflight): string[] {
  return checks
    .filter(({ status }) => status === 'note')
    .map(({ message, remedy }) => (remedy === '' ? message : `${message}: ${remedy}`));
}

function tell(notes: readonly string[], { silent }: BenchFlags, { stderr }: CommandIo): void {
  if (silent === true) return;
  for (const note of notes) stderr.write(`note: ${note}\n`);
}

function placesOf({ output = [], samples, users }: BenchFlags) {
  return {
    written: [
      ...output.map(({ path }) => ({ flag: '--output', path })),
      ...(samples === undefined ? [] : [{ flag: '--samples', path: samples }]),
    ],
    read: users === undefined || users === '-' ? [] : [{ flag: '--users', path: users }],
  };
}
