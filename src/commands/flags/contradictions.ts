import type { Command } from 'commander';
import { usageError } from '../../client/errors.ts';

/** Two flags that leave each other no meaning. */
export interface Contradiction<Flags> {
  readonly keys: readonly [keyof Flags & string, keyof Flags & string];
  /** Whether it is one, where both are given. */
  readonly applies: (flags: Flags) => boolean;
  readonly message: string;
  readonly hint: string;
}

/**
 * The flags without the defaults of a config file that a flag of the command line contradicts.
 *
 * @throws SseKitError `USAGE` for two that contradict each other and come from one place, which is named where it is
 *   the config file
 */
export function withoutContradictions<Flags extends object>(
  flags: Flags,
  command: Command,
  contradictions: readonly Contradiction<Flags>[],
): Flags {
  const settled = { ...flags };
  for (const { keys, applies, message, hint } of contradictions) {
    if (keys.some((key) => settled[key] === undefined) || !applies(settled)) continue;
    const defaults = keys.filter((key) => command.getOptionValueSource(key) !== 'cli');
    if (defaults.length === 1) delete settled[defaults[0] as keyof Flags];
    else throw usageError(defaults.length === 0 ? message : `${message}; a config file sets both`, hint);
  }
  return settled;
}
