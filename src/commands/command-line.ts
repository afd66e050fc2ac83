import { Command, CommanderError, Option } from 'commander';
import { usageError } from '../client/errors.ts';
import { applyConfig } from './flags/config.ts';
import type { Flag } from './flags/flag.ts';
import { nearestName } from './flags/nearest-name.ts';
import { insteadOfCurl } from './flags/refused.ts';

/** One command: what it is called and takes. The flags are grouped by their own headings. */
export interface CommandShape {
  name: string;
  usage: string;
  description: string;
  /** Command lines and what they show. */
  examples: readonly (readonly [line: string, meaning: string])[];
  flags: readonly Flag[];
  /** Long and short names of flags that are planned. */
  later?: readonly string[];
}

export interface ParsedLine<Flags> {
  words: string[];
  flags: Flags;
  command: Command;
}

/** The last group of every command's help. */
export const GENERAL = 'General:';

/** No line of help is longer: terminals of that width are still the default. */
const HELP_WIDTH = 80;

/** Builds commander's command of a shape: for parsing, for help and for completion. */
export function toCommand(shape: CommandShape): Command {
  const command = new Command(`ssekit ${shape.name}`)
    .usage(shape.usage)
    .description(shape.description)
    .argument('[words...]')
    .addHelpOption(new Option('-h, --help', 'this text').helpGroup(GENERAL))
    .exitOverride()
    .configureHelp({ visibleArguments: () => [] })
    // Errors are thrown, and shown in one place; help is asked for by helpText.
    .configureOutput({ writeOut: () => {}, writeErr: () => {}, getOutHelpWidth: () => HELP_WIDTH });
  for (const flag of shape.flags) command.addOption(flag);
  return command;
}

/** Examples first: most readers look for a line to copy. */
export function helpText(shape: CommandShape): string {
  const examples = shape.examples.map(([line, meaning]) => `  ${line}\n      ${meaning}\n`);
  return `Examples:\n${examples.join('')}\n${toCommand(shape).helpInformation()}`;
}

/**
 * Parses the words after a command's name, and gives the flags that were left out the values of the config file.
 *
 * @returns `undefined` where help was asked for
 * @throws SseKitError exit 2
 */
export function parseLine<Flags extends object>(
  shape: CommandShape,
  argv: readonly string[],
  commandNames: readonly string[],
): ParsedLine<Flags> | undefined {
  const command = toCommand(shape);
  try {
    command.parse([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw lineError(error, command, shape);
  }
  applyConfig(command, shape.name, commandNames);
  return { words: command.args, flags: command.opts<Flags>(), command };
}

/** Flags of these groups that the command line, not a config file, has set. */
export function flagsGiven(command: Command, groups: readonly string[]): string[] {
  const given = (option: Option) =>
    groups.includes(option.helpGroupHeading ?? '') &&
    command.getOptionValueSource(option.attributeName()) === 'cli';
  return command.options.filter(given).map((option) => option.long ?? option.flags);
}

function lineError(error: CommanderError, command: Command, shape: CommandShape): Error {
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

function unknownFlag(written: string, command: Command, shape: CommandShape): Error {
  // `--name=value` and `-nvalue` are about the flag in front.
  const flag = written.startsWith('--') ? (written.split('=', 1)[0] ?? written) : written.slice(0, 2);
  if (shape.later?.includes(flag)) return usageError(`${flag}: not available yet`);
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
