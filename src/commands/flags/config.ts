import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { usageError } from '../../client/errors.ts';
import { fileReason } from './files.ts';
import { Flag, nameCulprit } from './flag.ts';
import type { HeaderEdit } from './headers.ts';
import { InvalidValue, quoted } from './invalid-value.ts';
import { nearestName } from './nearest-name.ts';

/** Flags that make sense on a command line only. */
const NOT_A_DEFAULT = new Set(['config', 'curl', 'mask', 'url', 'help']);

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * Gives flags that the command line left out the values of a config file. Its keys are long names of flags
 * without the dashes; those under the name of a command count for that command only:
 * `{"header": ["X-Team: a"], "listen": {"format": "ndjson", "idle-timeout": "30s"}}`.
 *
 * @throws SseKitError exit 2, naming file and key
 */
export function applyConfig(
  command: Command,
  file: string,
  name: string,
  commandNames: readonly string[],
): void {
  const { [name]: own, ...shared } = parseObject(readConfig(file), file);
  for (const [key, value] of Object.entries(shared)) {
    if (commandNames.includes(key)) objectAt(value, `${file}: ${key}`);
    else applyKey(command, key, value, `${file}: ${key}`);
  }
  if (own === undefined) return;
  for (const [key, value] of Object.entries(objectAt(own, `${file}: ${name}`))) {
    applyKey(command, key, value, `${file}: ${name}.${key}`);
  }
}

function readConfig(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw usageError(`--config: can't read ${file}: ${fileReason(error)}`);
  }
}

function parseObject(text: string, file: string): Record<string, Json> {
  let parsed: Json;
  try {
    parsed = JSON.parse(text) as Json;
  } catch (error) {
    throw usageError(`${file} is not JSON: ${(error as Error).message}`);
  }
  return objectAt(parsed, file);
}

function objectAt(value: Json, place: string): Record<string, Json> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw usageError(
      `${place}: ${quoted(JSON.stringify(value))} is not an object`,
      'Write {"flag": value, …}.',
    );
  }
  return value;
}

function applyKey(command: Command, key: string, value: Json, place: string): void {
  const flag = findFlag(command, key);
  if (flag === undefined) throw usageError(`${place}: no flag has this name`, nearest(command, key));
  try {
    setDefault(command, flag, value);
  } catch (error) {
    throw nameCulprit(error, place);
  }
}

function findFlag(command: Command, key: string): Flag | undefined {
  if (NOT_A_DEFAULT.has(key)) return undefined;
  return command.options.find((each): each is Flag => each instanceof Flag && each.long === `--${key}`);
}

function setDefault(command: Command, flag: Flag, value: Json): void {
  const key = flag.attributeName();
  const set = (parsed: unknown) => command.setOptionValueWithSource(key, parsed, 'config');
  const fromCommandLine = command.getOptionValueSource(key) === 'cli';
  if (!flag.takesValue) {
    if (typeof value !== 'boolean')
      throw new InvalidValue(`${quoted(JSON.stringify(value))} is not true or false`);
    if (fromCommandLine) return;
    if (flag.negate) set(!value);
    else if (flag.presetArg === undefined) set(value);
    else if (value) set(flag.convert(String(flag.presetArg), command.getOptionValue(key)));
    return;
  }
  const texts = textsOf(value, flag);
  const parsed = texts.reduce<unknown>((previous, text) => flag.convert(text, previous), undefined);
  if (flag.long === '--header') set(withDefaultHeaders(parsed, command.getOptionValue(key)));
  else if (!fromCommandLine) set(parsed);
}

function textsOf(value: Json, flag: Flag): string[] {
  const values = Array.isArray(value) ? value : [value];
  if (Array.isArray(value) && !flag.repeat) throw new InvalidValue('a list is not taken here');
  return values.map((each) => {
    if (typeof each === 'string' || typeof each === 'number') return String(each);
    throw new InvalidValue(`${quoted(JSON.stringify(each))} is not a text or number`);
  });
}

/** A header of the command line replaces the one of that name, and leaves the other defaults alone. */
function withDefaultHeaders(defaults: unknown, given: unknown): HeaderEdit[] {
  const own = (given ?? []) as HeaderEdit[];
  const nameOf = (edit: HeaderEdit) => (edit.kind === 'file' ? undefined : edit.name.toLowerCase());
  const names = new Set(own.map(nameOf));
  const kept = (defaults as HeaderEdit[]).filter((edit) => edit.kind === 'file' || !names.has(nameOf(edit)));
  return [...kept, ...own];
}

function nearest(command: Command, key: string): string {
  const names = command.options
    .filter((each) => !each.hidden && each.long !== undefined)
    .map((each) => (each.long ?? '').slice(2))
    .filter((each) => !NOT_A_DEFAULT.has(each));
  const found = nearestName(key, names);
  return found === undefined
    ? 'Keys are the long names of flags, without dashes.'
    : `Did you mean "${found}"?`;
}
