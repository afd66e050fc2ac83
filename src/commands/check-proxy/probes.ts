import type { Probe } from '../../checks/probe.ts';
import { usageError } from '../../client/errors.ts';
import { nearestName } from '../../notation/nearest-name.ts';
import type { CheckResult } from '../../results/check/result.ts';
import type { CheckProxyFlags } from '../flags/check-proxy/check-proxy-flags.ts';

const MOST_SECONDS_OF_DEMO = 20;

export interface ChosenProbes {
  probes: readonly Probe[];
  skipped: CheckResult['skipped'];
}

/**
 * Which probes a run has. One that takes minutes runs where `--long` asks for all, or `--only` for it.
 *
 * @throws SseKitError exit 2 for a name that no probe has, and where none is left
 */
export function chooseProbes(all: readonly Probe[], flags: CheckProxyFlags): ChosenProbes {
  const { only, skip = [], long = false } = flags;
  const ids = all.map(({ id }) => id);
  checkNames('--only', only ?? [], ids);
  checkNames('--skip', skip, ids);
  const wanted = all.filter(({ id }) => (only?.includes(id) ?? true) && !skip.includes(id));
  const tooLong = only === undefined && !long ? wanted.filter((each) => each.long === true) : [];
  const probes = wanted.filter((each) => !tooLong.includes(each));
  if (probes.length === 0)
    throw usageError('--skip: no probe is left', 'ssekit check-proxy --list shows all.');
  return { probes, skipped: tooLong.map(({ id }) => ({ probe: id, why: 'needs --long', leftOut: true })) };
}

/** What the embedded proxy does is seen in seconds: nobody who looks on for the first time waits for a minute. */
export function withoutWaiting({ probes, skipped }: ChosenProbes, flags: CheckProxyFlags): ChosenProbes {
  if (flags.only !== undefined || flags.silences !== undefined || flags.long === true)
    return { probes, skipped };
  const slow = probes.filter(({ load, seconds }) => load === 'waits' && seconds > MOST_SECONDS_OF_DEMO);
  return {
    probes: probes.filter((each) => !slow.includes(each)),
    skipped: [
      ...skipped,
      ...slow.map(({ id }) => ({
        probe: id,
        why: `takes a minute: --only ${id} runs it`,
        leftOut: true as const,
      })),
    ],
  };
}

/** @throws SseKitError exit 2 for a name that is none of them */
export function checkNames(flag: string, names: readonly string[], ids: readonly string[]): void {
  const unknown = names.find((name) => !ids.includes(name));
  if (unknown === undefined) return;
  const near = nearestName(unknown, ids);
  throw usageError(
    `${flag}: there is no probe ${JSON.stringify(unknown)}`,
    near === undefined ? `There are ${ids.join(', ')}.` : `Did you mean ${near}?`,
  );
}
