import { existsSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { wrap } from '../report/wrap.ts';
import { type Flag, GENERAL } from './flags/flag.ts';
import type { CommandEntry } from './registry.ts';

/** One command: what it is called and takes. The flags are grouped by their own headings. */
export interface CommandShape {
  name: string;
  usage: string;
  description: string;
  /** Command lines and what they show. */
  examples: readonly (readonly [line: string, meaning: string])[];
  flags: readonly Flag[];
  /** What help ends with. */
  closing?: string;
  /** Words that may stand where no flag is, for completion. */
  words?: readonly string[];
  /** Long and short names of flags that are planned. */
  later?: readonly string[];
  /** Flags that other tools have, and what to write here instead. They go before those of curl. */
  elsewhere?: Readonly<Record<string, string>>;
}

export interface ParsedLine<Flags> {
  words: string[];
  flags: Flags;
  command: Command;
  /** What its user should know before anything happens, a sentence each; empty where `-s` asks for silence. */
  notes: readonly string[];
}

/** Read from the working directory where `--config` names no other. */
const DEFAULT_CONFIG = 'ssekit.config.json';

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
  const examples = shape.examples.map(([line, meaning]) => `  ${line}\n${meaningText(meaning)}`);
  const closing = shape.closing === undefined ? '' : `\n${shape.closing}`;
  return `Examples:\n${examples.join('')}\n${toCommand(shape).helpInformation()}${closing}`;
}

function meaningText(meaning: string): string {
  const indent = ' '.repeat(6);
  return wrap(meaning, HELP_WIDTH - indent.length)
    .map((line) => `${indent}${line}\n`)
    .join('');
}

/**
 * Parses the words after a command's name, and gives the flags that were left out the values of the config file,
 * where the command has the flag `--config`.
 *
 * @param commands all there are: the file may hold keys for others
 * @returns `undefined` where help was asked for
 * @throws SseKitError exit 2
 */
export async function parseLine<Flags extends object>(
  shape: CommandShape,
  argv: readonly string[],
  commands: Readonly<Record<string, CommandEntry>>,
): Promise<ParsedLine<Flags> | undefined> {
  const command = toCommand(shape);
  try {
    command.parse([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    const { lineError } = await import('./line-error.ts');
    throw lineError(error, command, shape);
  }
  const notes = await withConfig(command, shape, commands);
  return { words: command.args, flags: command.opts<Flags>(), command, notes };
}

/** @returns what a file that nobody named has done: it may be anybody's. */
async function withConfig(
  command: Command,
  shape: CommandShape,
  commands: Readonly<Record<string, CommandEntry>>,
): Promise<string[]> {
  if (!shape.flags.some(({ long }) => long === '--config')) return [];
  const demanded: unknown = command.getOptionValue('config');
  const named = typeof demanded === 'string';
  const path = named ? demanded : DEFAULT_CONFIG;
  // Most runs have none: then the code that reads it need not be loaded.
  if (!named && !existsSync(path)) return [];
  // Before the file can ask for silence about itself.
  const silent = command.getOptionValue('silent') === true;
  const { applyConfig, foundConfigNote } = await import('./flags/config.ts');
  const use = await applyConfig(command, { path, named }, shape.name, commands);
  const note = named || silent ? undefined : foundConfigNote(path, use);
  return note === undefined ? [] : [note];
}

/** The flags that the command line, not a config file, has set. */
export function flagsGiven(command: Command): Option[] {
  return command.options.filter((each) => command.getOptionValueSource(each.attributeName()) === 'cli');
}
