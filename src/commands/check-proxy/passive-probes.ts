import { NEEDS_ORIGIN, type PassiveProbe } from '../../checks/passive/passive-probe.ts';
import type { Probe } from '../../checks/probe.ts';
import { usageError } from '../../client/errors.ts';
import type { CheckResult } from '../../results/check/result.ts';
import type { CheckProxyFlags } from '../flags/check-proxy/check-proxy-flags.ts';
import { checkNames } from './probes.ts';

export interface ChosenPassive {
  probes: readonly PassiveProbe[];
  skipped: CheckResult['skipped'];
}

/**
 * Which probes a run has that only looks; the others are told with what they need.
 *
 * @param connections how many the run has open at once where streams are asked for with encodings, too
 * @throws SseKitError exit 2 for a name that no probe has, and where none is left
 */
export function choosePassive(
  all: { active: readonly Probe[]; passive: readonly PassiveProbe[] },
  { only, skip = [], maxConnections }: CheckProxyFlags,
  connections: number,
): ChosenPassive {
  const ids = [...new Set([...all.active, ...all.passive].map(({ id }) => id))];
  checkNames('--only', only ?? [], ids);
  checkNames('--skip', skip, ids);
  const isWanted = ({ id }: { id: string }) => (only?.includes(id) ?? true) && !skip.includes(id);
  const tooMany = maxConnections !== undefined && maxConnections < connections;
  const isLeft = ({ id }: PassiveProbe) => !(tooMany && id === 'encoding');
  const wanted = all.passive.filter(isWanted);
  const active = all.active.filter(
    (each) => isWanted(each) && !all.passive.some((passive) => passive.id === each.id),
  );
  if (wanted.length === 0 && only !== undefined && active.length > 0) {
    throw usageError(
      `--only: ${active.map(({ id }) => id).join(', ')}: not to be seen by looking at a stream alone`,
      'Give --origin HOST:PORT, and ssekit is the origin behind the proxy.',
    );
  }
  const probes = wanted.filter(isLeft);
  if (probes.length === 0)
    throw usageError('--skip: no probe is left', 'ssekit check-proxy --list shows all.');
  return {
    probes,
    skipped: [
      ...wanted
        .filter((each) => !isLeft(each))
        .map(({ id }) => ({
          probe: id,
          why: `needs --max-connections ${connections}`,
          leftOut: true as const,
        })),
      ...active.map(({ id }) => ({ probe: id, why: NEEDS_ORIGIN, leftOut: true as const })),
    ],
  };
}
