import { FAULTS } from '../../checks/faults/catalogue.ts';
import { type Explanation, explainFault } from '../../checks/faults/explain.ts';
import { causeIds, explainCause } from '../../checks/faults/explain-cause.ts';
import { explainUnlisted, unlistedIds } from '../../checks/faults/explain-unlisted.ts';
import { PASSIVE_PROBES } from '../../checks/passive/registry.ts';
import { PROBES } from '../../checks/probes/registry.ts';
import { type SseKitError, usageError } from '../../client/errors.ts';
import { nearestName } from '../../notation/nearest-name.ts';
import {
  type CatalogueTextOptions,
  catalogueText,
  causeText,
  explanationText,
  faultListText,
  type ListedProbe,
} from '../../report/check/catalogue.ts';
import { unlistedExplanationText } from '../../report/check/unlisted.ts';
import { loadPalette } from '../../report/palette.ts';
import type { CheckProxyFlags } from '../flags/check-proxy/check-proxy-flags.ts';
import { colorWhen } from '../flags/color.ts';
import type { CommandIo } from '../io.ts';
import { programOf } from '../program.ts';
import { columnsOf, isColored } from '../terminal.ts';
import { checkNames } from './probes.ts';

/** They look at the same streams, all together. */
const PASSIVE_SECONDS = 40;

/**
 * Prints what `--list` or `--explain` asks for.
 *
 * @returns the exit code
 * @throws SseKitError exit 2 for a name that nothing has
 */
export async function printCatalogue(flags: CheckProxyFlags, io: CommandIo): Promise<number> {
  const shown = flags.explain === undefined ? shownList(flags) : shownOf(flags.explain);
  if (flags.format === 'json') {
    io.stdout.write(`${JSON.stringify(shown.data, null, 2)}\n`);
    return 0;
  }
  const palette = await loadPalette(isColored(colorWhen(flags.color, io.env), io.stdout));
  io.stdout.write(shown.text({ palette, columns: columnsOf(io.stdout)(), program: programOf(io.env) }));
  return 0;
}

/** What is printed, for programs and for people. */
interface Shown {
  data: unknown;
  text(options: CatalogueTextOptions): string;
}

/** Every probe that a run with these flags would choose from; all faults. */
function shownList({ only, skip = [] }: CheckProxyFlags): Shown {
  const all = catalogue();
  const ids = all.probes.map(({ probe }) => probe);
  checkNames('--only', only ?? [], ids);
  checkNames('--skip', skip, ids);
  const probes = all.probes.filter(({ probe }) => (only?.includes(probe) ?? true) && !skip.includes(probe));
  const data = { ...all, probes };
  return { data, text: (options) => catalogueText(data, options) };
}

/** @param name a fault, a cause or a probe; `true`: every fault */
function shownOf(name: string | true): Shown {
  if (name === true) return { data: FAULTS, text: (options) => faultListText(FAULTS, options) };
  const fault = explainFault(name);
  if (fault !== undefined) {
    const text = (options: CatalogueTextOptions) =>
      explanationText({ ...fault, passive: isPassive(fault) }, options);
    return { data: fault, text };
  }
  const cause = explainCause(name);
  if (cause !== undefined) return { data: cause, text: (options) => causeText(cause, FAULTS, options) };
  const unlisted = explainUnlisted(name);
  if (unlisted !== undefined)
    return { data: unlisted, text: (options) => unlistedExplanationText(unlisted, options) };
  const probe = catalogue().probes.find((each) => each.probe === name);
  if (probe !== undefined) return shownProbe(probe);
  throw unknownName(name);
}

function shownProbe(probe: ListedProbe): Shown {
  const faults = FAULTS.filter(({ id }) => probe.faults.includes(id));
  return {
    data: { ...probe, faults },
    text: (options) => `${catalogueText({ probes: [probe] }, options)}\n${faultListText(faults, options)}`,
  };
}

/** Every probe and every fault: what programs that read results need to know. */
function catalogue() {
  const active = PROBES.map(({ id, title, requirement, seconds, long = false }) => ({
    ...{ probe: id, title, requirement, seconds, long },
    ...{ origin: true, passive: PASSIVE_PROBES.some((each) => each.id === id), faults: faultsOf(id) },
  }));
  const passive = PASSIVE_PROBES.filter(({ id }) => !PROBES.some((each) => each.id === id)).map(
    ({ id, title, requirement }) => ({
      ...{ probe: id, title, requirement, seconds: PASSIVE_SECONDS, long: false },
      ...{ origin: false, passive: true, faults: faultsOf(id) },
    }),
  );
  return { schema: 1, kind: 'check-proxy-list', probes: [...active, ...passive], faults: FAULTS };
}

function faultsOf(probe: string): string[] {
  return FAULTS.filter(({ probes }) => probes.includes(probe)).map(({ id }) => id);
}

/** None of the probes that find it has an origin of ours. */
function isPassive({ fault }: Explanation): boolean {
  return !PROBES.some(({ id }) => fault.probes.includes(id));
}

function unknownName(name: string): SseKitError {
  const near = nearestName(name, [
    ...FAULTS.map(({ id }) => id),
    ...causeIds(),
    ...unlistedIds(),
    ...PROBES.map(({ id }) => id),
  ]);
  return usageError(
    `--explain: there is no fault, no cause and no probe ${JSON.stringify(name)}`,
    near === undefined
      ? 'ssekit check-proxy --explain lists all faults, --list all probes.'
      : `Did you mean ${near}?`,
  );
}
