import type { Command, CommanderError } from 'commander';
import { type SseKitError, usageError } from '../client/errors.ts';
import { nearestName } from '../notation/nearest-name.ts';
import type { CommandShape } from './command-line.ts';
import { insteadOfCurl } from './flags/refused.ts';

/** What commander has to say of a command line, with what to write instead. */
export function lineError(error: CommanderError, command: Command, shape: CommandShape): SseKitError {
  const quotedFlag = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  const help = `ssekit ${shape.name} --help lists them all.`;
  switch (error.code) {
    case 'commander.unknownOption':
      return unknownFlag(quotedFlag, command, shape);
    case 'commander.optionMissingArgument': {
      const [flag = quotedFlag] = /--[\w.-]+/.exec(quotedFlag) ?? [];
      const value = /<(.*)>/.exec(quotedFlag)?.[1] ?? 'value';
      return usageError(`${flag}: a value is missing`, `Write ${flag} ${value.toUpperCase()}. ${help}`);
    }
    default:
      return usageError(error.message.replace(/^error: /, ''), help);
  }
}

function unknownFlag(written: string, command: Command, shape: CommandShape): SseKitError {
  // `--name=value` and `-nvalue` are about the flag in front.
  const flag = written.startsWith('--') ? (written.split('=', 1)[0] ?? written) : written.slice(0, 2);
  if (shape.later?.includes(flag)) return usageError(`${flag}: not available yet`);
  const elsewhere = shape.elsewhere ?? {};
  if (Object.hasOwn(elsewhere, flag)) return usageError(`${flag}: there is no such flag`, elsewhere[flag]);
  const instead = insteadOfCurl(flag);
  if (instead !== undefined) return usageError(`${flag}: this flag of curl's is not taken`, instead);
  const known = command.options.flatMap((each) =>
    each.hidden || each.long === undefined ? [] : [each.long],
  );
  const switchWithValue = known.find((each) => each === flag);
  if (switchWithValue !== undefined) return usageError(`${flag}: it takes no value`);
  const near = flag.startsWith('--') ? nearestName(flag, known) : undefined;
  const hint = near === undefined ? '' : `Did you mean ${near}? `;
  return usageError(`${flag}: there is no such flag`, `${hint}ssekit ${shape.name} --help lists them all.`);
}
