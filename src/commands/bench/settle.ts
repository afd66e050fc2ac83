import type { BenchOptions } from '../../bench/options.ts';
import type { ParsedLine } from '../command-line.ts';
import type { BenchFlags } from '../flags/bench/bench-flags.ts';
import { bodyNote } from '../flags/bench/other-tools.ts';
import type { Surroundings } from '../flags/request.ts';
import { waitNote } from '../flags/wait-flags.ts';
import { benchOptions } from './options.ts';
import { buildRecipe } from './recipe.ts';
import { type BenchTargets, requestTargets } from './targets.ts';
import { warmUpNote } from './warm-up-note.ts';

/** What a command line asks for. */
export interface Settled {
  options: BenchOptions;
  /** What its user should know, a sentence each. */
  notes: readonly string[];
}

/**
 * Settles everything that doesn't need the machine looked at.
 *
 * @throws SseKitError exit 2
 */
export async function settle(
  targets: BenchTargets,
  { flags: given, command }: Pick<ParsedLine<BenchFlags>, 'flags' | 'command'>,
  surroundings: Surroundings,
): Promise<Settled> {
  // No proxy leads to this machine's own server.
  const flags = targets.kind === 'demo' ? { ...given, proxy: 'none' as const } : given;
  const { recipe, users, notes } = await buildRecipe(requestTargets(targets), flags, surroundings);
  const options = await benchOptions(flags, command, { recipe, users }, surroundings.files);
  const { mode, retryDelayMs } = options.reconnect;
  const waits = mode === 'none' ? undefined : waitNote(flags.retryMax, retryDelayMs);
  const bodies = (flags.data ?? []).flatMap(({ kind, text }) => (kind === 'data' ? [text] : []));
  const more = [bodyNote(bodies), waits, warmUpNote(options)].filter((note) => note !== undefined);
  return { options, notes: [...notes, ...more] };
}
