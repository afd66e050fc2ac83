import type { Option } from 'commander';
import { MOST_NAME_REQUESTS } from '../../checks/between/who-answers.ts';
import { PASSIVE_PROBES } from '../../checks/passive/registry.ts';
import {
  asksCompressed,
  enoughFor,
  type PassiveCheck,
  runPassive,
} from '../../checks/passive/run-passive.ts';
import { CONNECTIONS_A_WAY, MOST_BYTES_A_STREAM, REQUESTS_A_WAY } from '../../checks/passive/watch.ts';
import { PROBES } from '../../checks/probes/registry.ts';
import { createPool } from '../../client/pool.ts';
import { openingText } from '../../report/check/opening.ts';
import { formatDuration } from '../../report/duration.ts';
import { noteText } from '../../report/note.ts';
import { formatBytes } from '../../report/quantity.ts';
import { maskUrl } from '../../results/redaction.ts';
import type { CheckProxyFlags } from '../flags/check-proxy/check-proxy-flags.ts';
import type { CommandIo } from '../io.ts';
import { programOf } from '../program.ts';
import { columnsOf } from '../terminal.ts';
import { VERSION } from '../version.ts';
import { linesOf } from './again-line.ts';
import type { CheckForm } from './form.ts';
import { interruptible } from './interruption.ts';
import { optionsOf } from './options.ts';
import { choosePassive } from './passive-probes.ts';
import { directRequest, proxiedRequest } from './request.ts';
import { runAndTell } from './run-and-tell.ts';
import { toldProxies } from './told-proxies.ts';

type PassiveForm = Extract<CheckForm, { kind: 'passive' }>;

/** How long each stream is looked at, unless the flags ask for other silences. */
const WATCH_MS = 20_000;
/** For what has seen enough with the first bytes, as a rule. */
const ENOUGH_MS = 1_000;
/** With `--long`: longer than what most wait for in silence. */
const LONG_WATCH_MS = 130_000;

/**
 * Looks at a stream of somebody else's, and tells what it shows.
 *
 * @param given the flags of the command line
 * @returns the exit code
 * @throws SseKitError exit 2 for flags that make no check; 14 where there is no stream to look at; 23 where a file can't be
 *   written
 */
export async function startPassive(
  form: PassiveForm,
  flags: CheckProxyFlags,
  given: readonly Option[],
  io: CommandIo,
): Promise<number> {
  const ways = form.direct === undefined ? 1 : 2;
  const chosen = choosePassive({ active: PROBES, passive: PASSIVE_PROBES }, flags, ways * CONNECTIONS_A_WAY);
  const { request, notes } = await proxiedRequest(form, flags, io);
  const direct = form.direct && (await directRequest(form.direct, flags, io));
  const shown = (url: URL) => (flags.showSecrets === true ? url.href : maskUrl(url.href));
  const check: Omit<PassiveCheck, 'signal' | 'onProgress'> = {
    ...{ ...chosen, target: shown(form.target.url), request, pool: createPool(), version: VERSION },
    ...(direct !== undefined && { direct }),
    ...toldProxies(flags),
    options: optionsOf(flags),
    watchMs: watchMsOf(flags),
  };
  // From here on there is something to end in order.
  const interruption = interruptible(flags.maxTime);
  if (flags.silent !== true) {
    const columns = columnsOf(io.stderr)();
    for (const note of notes) io.stderr.write(noteText(note, columns));
    io.stderr.write(announcement(check, form.direct && shown(form.direct.url), columns));
  }
  try {
    const expected = { probes: chosen.probes.length, ms: 2 * usualMs(check), waits: () => true };
    const told = { flags, expected, ...linesOf(form, flags, given, programOf(io.env)), interruption, io };
    return await runAndTell((hooks) => runPassive({ ...check, ...hooks }), told);
  } finally {
    interruption.unwatch();
    check.pool.close();
  }
}

function watchMsOf({ silences, long = false }: CheckProxyFlags): number {
  if (silences !== undefined) return Math.max(...silences);
  return long ? LONG_WATCH_MS : WATCH_MS;
}

/** How long each stream is looked at as a rule. */
function usualMs({ probes, watchMs }: Pick<PassiveCheck, 'probes' | 'watchMs'>): number {
  const { enoughMs } = enoughFor(probes);
  return enoughMs === undefined ? watchMs : Math.min(watchMs, ENOUGH_MS);
}

/** What a run is going to ask of somebody's server, before it does. */
function announcement(
  check: Pick<PassiveCheck, 'target' | 'probes' | 'watchMs' | 'direct' | 'options'>,
  direct: string | undefined,
  columns: number | undefined,
): string {
  const { target, probes, watchMs } = check;
  const ways = direct === undefined ? 1 : 2;
  const streams = asksCompressed(check) ? REQUESTS_A_WAY : REQUESTS_A_WAY / 2;
  const beside = direct === undefined ? '' : ` beside ${direct}`;
  const each = ways * (streams === REQUESTS_A_WAY ? CONNECTIONS_A_WAY : 1);
  return openingText(
    `looking at ${target}${beside} as a client does`,
    `at most ${ways * streams} requests, ${each} at once, each for ${lookText({ probes, watchMs })}; ` +
      `where no answer comes, ${MOST_NAME_REQUESTS} more that end at once`,
    columns,
  );
}

function lookText(check: Pick<PassiveCheck, 'probes' | 'watchMs'>): string {
  const [watched, usual] = [formatDuration(check.watchMs), usualMs(check)];
  const until =
    usual < check.watchMs
      ? `${watched}, or until its first bytes`
      : `${watched} or ${formatBytes(MOST_BYTES_A_STREAM)}`;
  return `${until}: about ${formatDuration(2 * usual)}`;
}
