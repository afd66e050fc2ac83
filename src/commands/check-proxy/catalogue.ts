import { FAULTS } from '../../checks/faults/catalogue.ts';
import { type Explanation, explainFault } from '../../checks/faults/explain.ts';
import { PASSIVE_PROBES } from '../../checks/passive/registry.ts';
import { PROBES } from '../../checks/probes/registry.ts';
import { usageError } from '../../client/errors.ts';
import { nearestName } from '../../notation/nearest-name.ts';
import { catalogueText, explanationText } from '../../report/check/catalogue.ts';
import { loadPalette } from '../../report/palette.ts';
import type { CheckProxyFlags } from '../flags/check-proxy/check-proxy-flags.ts';
import { colorWhen } from '../flags/color.ts';
import type { CommandIo } from '../io.ts';
import { columnsOf, isColored } from '../terminal.ts';

/** They look at the same streams, all together. */
const PASSIVE_SECONDS = 40;

/**
 * Prints what `--list` or `--explain` asks for.
 *
 * @returns the exit code
 * @throws SseKitError exit 2 for a fault that there isn't
 */
export async function printCatalogue(flags: CheckProxyFlags, io: CommandIo): Promise<number> {
  const explanation = flags.explain === undefined ? undefined : explanationOf(flags.explain);
  if (flags.format === 'json') {
    io.stdout.write(`${JSON.stringify(explanation ?? catalogue(), null, 2)}\n`);
    return 0;
  }
  const palette = await loadPalette(isColored(colorWhen(flags.color, io.env), io.stdout));
  const options = { palette, columns: columnsOf(io.stdout)() };
  io.stdout.write(
    explanation === undefined
      ? catalogueText(catalogue(), options)
      : explanationText({ ...explanation, passive: isPassive(explanation) }, options),
  );
  return 0;
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

function explanationOf(id: string): Explanation {
  const known = explainFault(id);
  if (known !== undefined) return known;
  const ids = FAULTS.map((each) => each.id);
  const near = nearestName(id, ids);
  throw usageError(
    `--explain: there is no fault ${JSON.stringify(id)}`,
    near === undefined ? `There are ${ids.join(', ')}.` : `Did you mean ${near}?`,
  );
}
