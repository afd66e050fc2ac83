import type { Option } from 'commander';
import { startBufferingProxy } from '../checks/demo/buffering-proxy.ts';
import { expectedMs, failingMs, measurementMs } from '../checks/expected-time.ts';
import { type OriginPlace, startOrigin } from '../checks/origin/own-origin.ts';
import { findRemoteOrigin } from '../checks/origin/remote-origin.ts';
import type { Origin } from '../checks/origin/visit.ts';
import { PROBES } from '../checks/probes/registry.ts';
import { type Check, runCheck } from '../checks/run-check.ts';
import { wallAheadMs } from '../client/clock.ts';
import { createPool } from '../client/pool.ts';
import { noteText } from '../report/note.ts';
import { maskUrl } from '../results/redaction.ts';
import { linesOf } from './check-proxy/again-line.ts';
import { announcement } from './check-proxy/announcement.ts';
import { clockText } from './check-proxy/clock-text.ts';
import type { CheckForm } from './check-proxy/form.ts';
import { interruptible } from './check-proxy/interruption.ts';
import { connectionsToAsk, optionsOf } from './check-proxy/options.ts';
import { chooseProbes, withoutWaiting } from './check-proxy/probes.ts';
import { proxiedRequest } from './check-proxy/request.ts';
import { OUTPUT, type RunHooks, runAndTell, type Telling, tellFailure } from './check-proxy/run-and-tell.ts';
import { startOwnOrigin } from './check-proxy/start-own-origin.ts';
import { startPassive } from './check-proxy/start-passive.ts';
import { toldProxies } from './check-proxy/told-proxies.ts';
import type { CheckProxyFlags } from './flags/check-proxy/check-proxy-flags.ts';
import { diskReader } from './flags/files.ts';
import { neededToken } from './flags/probe-token.ts';
import type { CommandIo } from './io.ts';
import { programOf } from './program.ts';
import { checkWritable } from './result-file.ts';
import { refuseSharedPlaces } from './same-file.ts';
import { columnsOf } from './terminal.ts';
import { VERSION } from './version.ts';

const ANY_PORT: OriginPlace = { host: '127.0.0.1', port: 0 };

/**
 * Starts the origin where there is to be one, and for the demo the proxy, runs the probes, and tells what they found.
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
  const startedAt = new Date().toISOString();
  try {
    return await start(form, flags, given, io);
  } catch (error) {
    const target = targetOf(form, flags.showSecrets ?? false);
    await tellFailure(error, { mode: form.kind, target, startedAt }, flags, io);
    throw error;
  }
}

async function start(
  form: CheckForm,
  flags: CheckProxyFlags,
  given: readonly Option[],
  io: CommandIo,
): Promise<number> {
  if (form.kind === 'passive') return startPassive(form, flags, given, io);
  const wanted = chooseProbes(PROBES, flags);
  const chosen = form.kind === 'demo' ? withoutWaiting(wanted, flags) : wanted;
  const { request, notes } = await proxiedRequest(form, flags, io);
  // From here on there is something to end in order.
  const interruption = interruptible(flags.maxTime);
  const target = targetOf(form, flags.showSecrets ?? false);
  // In a result it has the program's own name.
  const look = linesOf(form, flags, given, 'ssekit').lookAt(target);
  const origin =
    form.kind === 'own-origin'
      ? await startOwnOrigin(form.origin, { request, look })
      : await originOf(form, flags, io, interruption.signal);
  try {
    const check: Omit<Check, keyof RunHooks> = {
      ...{ ...chosen, mode: form.kind, target, request, origin, pool: createPool(), version: VERSION },
      ...toldProxies(flags),
      options: optionsOf(flags),
    };
    if (flags.silent !== true) {
      const columns = columnsOf(io.stderr)();
      for (const note of notes) io.stderr.write(noteText(note, columns));
      io.stderr.write(announcement(check, columns));
      if (origin.remote === true && !interruption.signal.aborted)
        io.stderr.write(clockText(origin.clock, wallAheadMs(), columns));
    }
    const expected = expectedOf(check);
    const told = { flags, expected, ...linesOf(form, flags, given, programOf(io.env)), interruption, io };
    if (form.kind !== 'demo') return await checkAndTell(check, told);
    const proxy = await startBufferingProxy(origin.url);
    try {
      const url = new URL(form.path, proxy.url);
      return await checkAndTell({ ...check, request: { ...request, url } }, told);
    } finally {
      await proxy.close();
    }
  } finally {
    interruption.unwatch();
    await origin.close();
  }
}

/** What is known of a run before it begins. */
function expectedOf({ probes, options }: Pick<Check, 'probes' | 'options'>): Telling['expected'] {
  const named = (id: string) => probes.find((each) => each.id === id);
  return {
    probes: probes.length,
    ms: expectedMs(probes, options),
    measurementMs: (id, isAgain) => {
      const probe = named(id);
      if (probe === undefined) return 0;
      return isAgain ? failingMs(probe, options) : measurementMs(probe, options);
    },
    waits: (id) => named(id)?.load === 'waits',
  };
}

async function checkAndTell(check: Omit<Check, keyof RunHooks>, told: Telling): Promise<number> {
  try {
    return await runAndTell((hooks) => runCheck({ ...check, ...hooks }), told);
  } finally {
    check.pool.close();
  }
}

type FormWithOthersOrigin = Extract<CheckForm, { kind: 'demo' | 'remote-origin' }>;

/** @throws SseKitError exit 14 where the one on another machine isn't reached */
async function originOf(
  form: FormWithOthersOrigin,
  flags: CheckProxyFlags,
  io: CommandIo,
  signal: AbortSignal,
): Promise<Origin> {
  if (form.kind === 'demo') return startOrigin(ANY_PORT);
  const token = await neededToken({ flag: flags.probeToken, env: io.env, files: diskReader(io) });
  return findRemoteOrigin({
    ...{ url: form.origin, token, version: VERSION, signal },
    connections: connectionsToAsk(flags),
  });
}

function targetOf(form: CheckForm, showSecrets: boolean): string {
  if (form.kind === 'demo') return `demo:${form.path}`;
  return showSecrets ? form.target.url.href : maskUrl(form.target.url.href);
}
