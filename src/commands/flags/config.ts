import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { type SseKitError, usageError } from '../../client/errors.ts';
import { InvalidValue, quoted } from '../../notation/invalid-value.ts';
import { nearestName } from '../../notation/nearest-name.ts';
import type { CommandEntry } from '../registry.ts';
import { fileReason } from './files.ts';
import { Flag, nameCulprit } from './flag.ts';
import type { HeaderEdit } from './headers.ts';

/** Flags that make sense on a command line only. */
const NOT_A_DEFAULT = new Set(['config', 'curl', 'mask', 'url', 'help']);

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface ConfigFile {
  path: string;
  /** By `--config`; else it was found in the working directory, which may be anybody's. */
  named: boolean;
}

/** What became of the keys of a config file, by name. */
export interface ConfigUse {
  set: readonly string[];
  /** Those that only a file named by `--config` may set. */
  leftOut: readonly string[];
}

/**
 * Gives flags that the command line left out the values of a config file. Its keys are long names of flags
 * without the dashes; those under the name of a command count for that command only, the others for every command
 * that has the flag:
 * `{"header": ["X-Team: a"], "listen": {"format": "ndjson", "idle-timeout": "30s"}}`.
 *
 * @throws SseKitError exit 2, naming file and key
 */
export async function applyConfig(
  command: Command,
  file: ConfigFile,
  name: string,
  commands: Readonly<Record<string, CommandEntry>>,
): Promise<ConfigUse> {
  const { path } = file;
  const { [name]: own, ...shared } = parseObject(readConfig(file), path);
  const use = { set: new Set<string>(), leftOut: new Set<string>() };
  const apply = (key: string, value: Json, place: string, decided: ReadonlySet<string>) => {
    const flag = findFlag(command, key);
    if (flag === undefined) throw unknownKey(command, key, place);
    try {
      const standing = { named: file.named, decided: decided.has(flag.attributeName()) };
      const effect = setDefault(command, flag, value, standing);
      if (effect.set) use.set.add(key);
      if (effect.leftOut) use.leftOut.add(key);
    } catch (error) {
      throw nameCulprit(error, place);
    }
  };
  // The stronger section first: what it has set, the other leaves alone.
  const byUser = decidedBy(command, ['cli']);
  for (const [key, value] of Object.entries(own === undefined ? {} : objectAt(own, `${path}: ${name}`)))
    apply(key, value, `${path}: ${name}.${key}`, byUser);
  const byOwnSection = decidedBy(command, ['cli', 'config']);
  for (const [key, value] of Object.entries(shared)) {
    const place = `${path}: ${key}`;
    if (Object.hasOwn(commands, key)) objectAt(value, place);
    else if (findFlag(command, key) !== undefined || !(await isFlagOfAny(commands, key)))
      apply(key, value, place, byOwnSection);
  }
  return { set: [...use.set], leftOut: [...use.leftOut] };
}

/** Keys of the parsed options whose values came from there. */
function decidedBy(command: Command, sources: readonly string[]): Set<string> {
  const keys = command.options.map((each) => each.attributeName());
  return new Set(keys.filter((key) => sources.includes(command.getOptionValueSource(key) ?? '')));
}

/** What to say of a file that was found and not named; nothing where it changed nothing. */
export function foundConfigNote(path: string, { set, leftOut }: ConfigUse): string | undefined {
  const parts: string[] = [];
  if (set.length > 0) parts.push(`sets ${set.join(', ')}`);
  if (leftOut.length > 0) parts.push(`may not set ${leftOut.join(', ')} unless named: --config ${path}`);
  return parts.length === 0 ? undefined : `${path}, found in this directory, ${parts.join('; it ')}`;
}

/** One key may be meant for another command: it is a mistake only where no command has the flag. */
async function isFlagOfAny(commands: Readonly<Record<string, CommandEntry>>, key: string): Promise<boolean> {
  if (NOT_A_DEFAULT.has(key)) return false;
  for (const { load } of Object.values(commands)) {
    if (load !== undefined && (await load()).shape().flags.some(({ long }) => long === `--${key}`))
      return true;
  }
  return false;
}

function readConfig({ path, named }: ConfigFile): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw usageError(`${named ? '--config: ' : ''}can't read ${path}: ${fileReason(error)}`);
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

function findFlag(command: Command, key: string): Flag | undefined {
  if (NOT_A_DEFAULT.has(key)) return undefined;
  return command.options.find((each): each is Flag => each instanceof Flag && each.long === `--${key}`);
}

interface Effect {
  set: boolean;
  leftOut: boolean;
}

const NO_EFFECT: Effect = { set: false, leftOut: false };

/** What a value's place allows it. */
interface Standing {
  /** It stands in a file that was named by `--config`. */
  named: boolean;
  /** Something stronger has set the flag. */
  decided: boolean;
}

function setDefault(command: Command, flag: Flag, value: Json, standing: Standing): Effect {
  if (!flag.takesValue) return setSwitch(command, flag, value, standing);
  const { named, decided } = standing;
  const key = flag.attributeName();
  const texts = textsOf(value, flag);
  const allowed = named ? texts : texts.filter((text) => !flag.isGuarded(text));
  const parsedOf = (all: readonly string[]) =>
    all.reduce<unknown>((previous, text) => flag.convert(text, previous), undefined);
  // All of them, so that a wrong value is told whether it counts or not.
  const all = parsedOf(texts);
  const isHeader = flag.long === '--header';
  if (decided && !isHeader) return NO_EFFECT;
  if (allowed.length > 0) {
    const parsed = allowed.length === texts.length ? all : parsedOf(allowed);
    const merged = isHeader ? withDefaultHeaders(parsed, command.getOptionValue(key)) : parsed;
    command.setOptionValueWithSource(key, merged, 'config');
  }
  return { set: allowed.length > 0, leftOut: allowed.length < texts.length };
}

function setSwitch(command: Command, flag: Flag, value: Json, { named, decided }: Standing): Effect {
  if (typeof value !== 'boolean') {
    throw new InvalidValue(`${quoted(JSON.stringify(value))} is not true or false`);
  }
  if (decided) return NO_EFFECT;
  if (value && !named && flag.isGuarded('')) return { set: false, leftOut: true };
  const key = flag.attributeName();
  const set = (parsed: unknown) => command.setOptionValueWithSource(key, parsed, 'config');
  if (flag.negate) set(!value);
  else if (flag.presetArg === undefined) set(value);
  else if (value) set(flag.convert(String(flag.presetArg), command.getOptionValue(key)));
  return { set: true, leftOut: false };
}

function textsOf(value: Json, flag: Flag): string[] {
  const values = Array.isArray(value) ? value : [value];
  if (Array.isArray(value) && !flag.repeat) throw new InvalidValue('a list is not taken here');
  return values.map((each) => {
    if (typeof each === 'string' || typeof each === 'number') return String(each);
    throw new InvalidValue(`${quoted(JSON.stringify(each))} is not a text or number`);
  });
}

/** A header of something stronger replaces the one of that name, and leaves the other defaults alone. */
function withDefaultHeaders(defaults: unknown, given: unknown): HeaderEdit[] {
  const own = (given ?? []) as HeaderEdit[];
  const nameOf = (edit: HeaderEdit) => (edit.kind === 'file' ? undefined : edit.name.toLowerCase());
  const names = new Set(own.map(nameOf));
  const kept = (defaults as HeaderEdit[]).filter((edit) => edit.kind === 'file' || !names.has(nameOf(edit)));
  return [...kept, ...own];
}

function unknownKey(command: Command, key: string, place: string): SseKitError {
  const names = command.options
    .filter((each) => !each.hidden && each.long !== undefined)
    .map((each) => (each.long ?? '').slice(2))
    .filter((each) => !NOT_A_DEFAULT.has(each));
  const found = nearestName(key, names);
  return usageError(
    `${place}: no flag has this name`,
    found === undefined ? 'Keys are the long names of flags, without dashes.' : `Did you mean "${found}"?`,
  );
}
