import { setMaxListeners } from 'node:events';
import type { Option } from 'commander';
import { startBufferingProxy } from '../checks/demo/buffering-proxy.ts';
import { exitCodeOf, failingStatuses } from '../checks/exit-code.ts';
import { FAULTS } from '../checks/faults/catalogue.ts';
import { type OriginPlace, startOrigin } from '../checks/origin/own-origin.ts';
import { findRemoteOrigin } from '../checks/origin/remote-origin.ts';
import type { Origin } from '../checks/origin/visit.ts';
import { PROBES } from '../checks/probes/registry.ts';
import { type Check, runCheck } from '../checks/run-check.ts';
import { monotonicMs } from '../client/clock.ts';
import { SseKitError } from '../client/errors.ts';
import { createPool } from '../client/pool.ts';
import { onFirstSignal } from '../listen/signals.ts';
import { checkJson } from '../report/check/json.ts';
import { checkJunit } from '../report/check/junit.ts';
import { progressLine } from '../report/check/progress.ts';
import { checkText } from '../report/check/screen.ts';
import { loadPalette } from '../report/palette.ts';
import type { CheckResult, ProbeStatus } from '../results/check/result.ts';
import { maskUrl } from '../results/redaction.ts';
import { againLine } from './check-proxy/again-line.ts';
import { announcement } from './check-proxy/announcement.ts';
import { clockText } from './check-proxy/clock-text.ts';
import type { CheckForm } from './check-proxy/form.ts';
import { chooseProbes } from './check-proxy/probes.ts';
import { proxiedRequest } from './check-proxy/request.ts';
import type { CheckProxyFlags } from './flags/check-proxy/check-proxy-flags.ts';
import { colorWhen } from './flags/color.ts';
import { diskReader } from './flags/files.ts';
import { neededToken } from './flags/probe-token.ts';
import type { CommandIo } from './io.ts';
import { checkWritable, writeResult } from './result-file.ts';
import { refuseSharedPlaces } from './same-file.ts';
import { columnsOf, isColored, isTerminal } from './terminal.ts';
import { VERSION } from './version.ts';

const OUTPUT = '--output';

const ANY_PORT: OriginPlace = { host: '127.0.0.1', port: 0 };

const HEARTBEAT_MS = 15_000;
const SILENCES_MS = [20_000, 35_000, 65_000];
const LONG_SILENCES_MS = [125_000, 310_000];
const MOST_CONNECTIONS = 50;

/**
 * Starts the origin, and for the demo the proxy, runs the probes, and tells what they found.
 *
 * @param given the flags of the command line
 * @returns the exit code
 * @throws SseKitError exit 2 for flags that make no check; 14 where the origin isn't reached through the proxy; 23 where a
 *   file can't be written
 */
export async function startCheckProxy(
  form: CheckForm,
  flags: CheckProxyFlags,
  given: readonly Option[],
  io: CommandIo,
): Promise<number> {
  const outputs = flags.output ?? [];
  refuseSharedPlaces({ written: outputs.map(({ path }) => ({ flag: OUTPUT, path })), read: [] });
  for (const { path } of outputs) checkWritable(OUTPUT, path);
  const chosen = chooseProbes(PROBES, flags);
  const { request, notes } = await proxiedRequest(form, flags, io);
  // From here on there is something to end in order.
  const interruption = interruptible();
  const origin = await originOf(form, flags, io, interruption.signal);
  try {
    const target = targetOf(form, flags.showSecrets ?? false);
    const check: Omit<Check, 'signal' | 'onProgress'> = {
      ...{ ...chosen, mode: form.kind, target, request, origin, pool: createPool(), version: VERSION },
      options: optionsOf(flags),
    };
    if (flags.silent !== true) {
      for (const note of notes) io.stderr.write(`note: ${note}\n`);
      io.stderr.write(announcement(check, columnsOf(io.stderr)()));
      if (origin.remote === true && !interruption.signal.aborted)
        io.stderr.write(clockText(origin.clock, timeOfDayMs() - monotonicMs()));
    }
    const again = againLine(form, target, given);
    const told = { flags, again, interruption, io };
    if (form.kind !== 'demo') return await runAndTell(check, told);
    const proxy = await startBufferingProxy(origin.url);
    try {
      const url = new URL(form.path, proxy.url);
      return await runAndTell({ ...check, request: { ...request, url } }, told);
    } finally {
      await proxy.close();
    }
  } finally {
    interruption.unwatch();
    await origin.close();
  }
}

interface Telling {
  flags: CheckProxyFlags;
  /** The command that checks the same way again. */
  again: string;
  interruption: ReturnType<typeof interruptible>;
  io: CommandIo;
}

async function runAndTell(
  check: Omit<Check, 'signal' | 'onProgress'>,
  { flags, again, interruption, io }: Telling,
): Promise<number> {
  const progress = liveProgress(check.probes.length, flags, io);
  try {
    const { signal } = interruption;
    const result = await runCheck({ ...check, signal, onProgress: progress.next }).finally(progress.end);
    const failing = failingStatuses(flags.strict ?? false);
    const exit = exitCodeOf(result, failing, interruption.by());
    // Before anything is printed: where standard output can't be written to, the process ends.
    const [kept] = await Promise.allSettled([writeFiles(result, failing, flags)]);
    await print(result, flags, again, io);
    if (kept.status === 'rejected') throw kept.reason;
    return exit;
  } finally {
    check.pool.close();
  }
}

/** @throws SseKitError exit 2 where it can't listen; 14 where the one on another machine isn't reached */
async function originOf(
  form: CheckForm,
  { probeToken }: CheckProxyFlags,
  io: CommandIo,
  signal: AbortSignal,
): Promise<Origin> {
  if (form.kind === 'demo') return startOrigin(ANY_PORT);
  if (form.kind === 'own-origin') return startOriginAt(form.origin);
  const token = await neededToken({ flag: probeToken, env: io.env, files: diskReader(io) });
  return findRemoteOrigin({ url: form.origin, token, version: VERSION, signal });
}

function timeOfDayMs(): number {
  return performance.timeOrigin + performance.now();
}

/** @throws SseKitError exit 2 where it can't listen there */
async function startOriginAt(place: OriginPlace): Promise<Origin> {
  try {
    return await startOrigin(place);
  } catch (error) {
    if (!(error instanceof SseKitError)) throw error;
    throw new SseKitError(error.code, error.exitCode, `--origin: ${error.message}`, {
      hint: 'It is where the proxy sends its requests: an address of this machine, which no application listens at while the check runs.',
      cause: error,
    });
  }
}

/** The first signal ends the run with what there is; the second one ends the process at once. */
function interruptible() {
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
  again: string,
  { stdout, env }: CommandIo,
): Promise<void> {
  if (flags.format === 'json') {
    stdout.write(checkJson(result));
    return;
  }
  const palette = await loadPalette(isColored(colorWhen(flags.color, env), stdout));
  const titleOf = (fault: string) => FAULTS.find(({ id }) => id === fault)?.title;
  stdout.write(checkText(result, { palette, columns: columnsOf(stdout)(), titleOf, again }));
}

function optionsOf({ heartbeat, silences, maxConnections, long = false }: CheckProxyFlags): Check['options'] {
  return {
    heartbeatMs: heartbeat ?? HEARTBEAT_MS,
    silencesMs: silences ?? (long ? [...SILENCES_MS, ...LONG_SILENCES_MS] : SILENCES_MS),
    maxConnections: maxConnections ?? MOST_CONNECTIONS,
    long,
  };
}

function targetOf(form: CheckForm, showSecrets: boolean): string {
  if (form.kind === 'demo') return `demo:${form.path}`;
  return showSecrets ? form.target.url.href : maskUrl(form.target.url.href);
}
