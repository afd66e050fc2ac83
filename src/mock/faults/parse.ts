import { parseCount } from '../../notation/count.ts';
import { InvalidValue, quoted } from '../../notation/invalid-value.ts';
import { nearestName } from '../../notation/nearest-name.ts';
import { refuseContradictions } from './contradiction.ts';
import { type FaultKind, needsWhen, takenBy } from './kind.ts';
import { FAULT_KINDS, faultKind, requireFaultKind } from './kinds.ts';
import type { FaultSpec, Trigger } from './spec.ts';
import { parseTrigger, type TriggerKind, written } from './trigger.ts';

const SHAPE =
  'Write KIND[=VALUE][@WHEN], for one connection conn:N: in front: reset@3, delay=200ms@every:10, conn:1:eof@2s.';

/**
 * A fault as it is written: `[conn:N:]KIND[=VALUE][@WHEN]`, or `KIND[=VALUE]@conn:N[:WHEN]`.
 *
 * @throws InvalidValue for an unknown kind, a VALUE or a WHEN that is missing, needless or wrong
 */
export function parseFault(text: string): FaultSpec {
  const spec = parseWords(text);
  const kind = requireFaultKind(spec.kind);
  if (spec.when === undefined && needsWhen(kind)) {
    throw new InvalidValue(
      `${quoted(spec.text)} needs a WHEN`,
      `Write ${spec.text}@3 for event 3; else, in place of 3, ${writtenBut('event', kind)}.`,
    );
  }
  return spec;
}

/** As {@link parseFault}, for a list of which no two may contradict each other. */
export function parseFaults(texts: readonly string[]): FaultSpec[] {
  const specs = texts.map(parseFault);
  refuseContradictions(specs);
  return specs;
}

/**
 * A fault that a schedule strikes with when it gets there, so that it takes no WHEN: `reset`, `conn:1:delay=2s`.
 *
 * @throws InvalidValue as {@link parseFault}, and for a kind that concerns the head, which has gone by then
 */
export function parseStrike(text: string): FaultSpec {
  const spec = parseWords(text);
  if (requireFaultKind(spec.kind).scope === 'head') {
    throw new InvalidValue(
      `${quoted(spec.text)} comes too late in a schedule: the headers have gone by then`,
    );
  }
  if (spec.when !== undefined) {
    const { connection, kind, value } = splitWords(spec.text);
    const without = `${connection === undefined ? '' : `conn:${connection}:`}${kind}${value === undefined ? '' : `=${value}`}`;
    throw new InvalidValue(`${quoted(spec.text)} has a WHEN: in a schedule it is now`, `Write ${without}.`);
  }
  return spec;
}

interface Words {
  connection: string | undefined;
  kind: string;
  value: string | undefined;
  when: string | undefined;
}

function parseWords(text: string): FaultSpec {
  const trimmed = text.trim();
  if (trimmed === '') throw new InvalidValue(`${quoted(text)} is no fault`, SHAPE);
  const words = splitWords(trimmed);
  const kind = faultKind(words.kind);
  if (kind === undefined) throw unknownKind(words, trimmed);
  const value = parseValue(kind, words, trimmed);
  const when = words.when === undefined ? undefined : parseWhen(kind, words.when, trimmed);
  const connection = words.connection === undefined ? undefined : parseConnection(words.connection, trimmed);
  return {
    kind: kind.name,
    ...(value === undefined ? {} : { value }),
    ...(when === undefined ? {} : { when }),
    ...(connection === undefined ? {} : { connection }),
    text: trimmed,
  };
}

function splitWords(text: string): Words {
  const [, first, rest = ''] = /^(?:conn:([^:]*):)?(.*)$/s.exec(text) ?? [];
  const at = rest.lastIndexOf('@');
  const fault = at < 0 ? rest : rest.slice(0, at);
  const [, second, when] = /^(?:conn:([^:]*)(?::|$))?(.*)$/s.exec(at < 0 ? '' : rest.slice(at + 1)) ?? [];
  if (first !== undefined && second !== undefined) {
    throw new InvalidValue(`${quoted(text)} names a connection twice`, SHAPE);
  }
  if (at >= 0 && when === '' && second === undefined) {
    throw new InvalidValue(`${quoted(text)} has nothing behind @`, SHAPE);
  }
  const equals = fault.indexOf('=');
  return {
    connection: first ?? second,
    kind: equals < 0 ? fault : fault.slice(0, equals),
    value: equals < 0 ? undefined : fault.slice(equals + 1),
    when: when === '' ? undefined : when,
  };
}

function parseValue(kind: FaultKind, { value, when }: Words, text: string): FaultSpec['value'] {
  const { name, value: rule } = kind;
  const place = when !== undefined ? `@${when}` : needsWhen(kind) ? '@3' : '';
  if (rule === undefined) {
    if (value === undefined) return undefined;
    const meant = looksLikeWhen(value) ? `Write ${name}@${value}.` : `Write ${name}${place}.`;
    throw new InvalidValue(`${name} takes no VALUE, and ${quoted(text)} has one`, meant);
  }
  if (value === undefined || value === '') {
    if (rule.fallback !== undefined && value === undefined) return rule.fallback;
    throw new InvalidValue(
      `${quoted(text)} needs a VALUE: ${name}=${rule.label}`,
      `Write ${name}=${rule.example}${place}.`,
    );
  }
  return naming(`the VALUE of ${name}`, () => rule.parse(value));
}

function parseWhen(kind: FaultKind, when: string, text: string): Trigger {
  const trigger = naming(`the WHEN of ${kind.name}`, () => parseTrigger(when));
  const taken = takenBy(kind);
  if (taken.includes(trigger.kind)) return trigger;
  const bare = text.slice(0, text.lastIndexOf('@'));
  if (kind.scope === 'head') {
    throw new InvalidValue(
      `${kind.name} takes no ${WORD[trigger.kind]}: the headers have gone before any event`,
      `Write ${bare}, conn:2:${bare} for the second connection, or ${bare}@10% for one connection in ten.`,
    );
  }
  throw new InvalidValue(
    `${kind.name} takes no ${WORD[trigger.kind]} as its WHEN: it lasts from where it begins`,
    `Write ${bare}, or behind its @ ${written(taken)}.`,
  );
}

const WORD: Record<TriggerKind, string> = {
  event: 'event',
  byte: 'byte',
  time: 'time',
  every: 'every:',
  chance: 'probability',
};

function parseConnection(text: string, whole: string): number {
  if (text === '') throw new InvalidValue(`${quoted(whole)} names no connection behind conn:`, SHAPE);
  return naming('the connection behind conn:', () => parseCount(text, 1));
}

function unknownKind({ kind, value }: Words, text: string): InvalidValue {
  const names = FAULT_KINDS.map(({ name }) => name);
  const [, word = '', behind = ''] = /^([^\s:=@]*)[\s:](.*)$/s.exec(kind) ?? [];
  // reset:3, as other tools write it.
  const meant =
    value === undefined && faultKind(word) !== undefined && looksLikeWhen(behind) ? word : undefined;
  const near = nearestName(kind.toLowerCase(), names);
  const hint =
    meant !== undefined
      ? `Write ${meant}@${behind}.`
      : near !== undefined
        ? `Did you mean ${near}?`
        : `The kinds are ${names.join(', ')}.`;
  if (kind === '') return new InvalidValue(`${quoted(text)} names no kind of fault`, SHAPE);
  return new InvalidValue(`${quoted(kind)} is no kind of fault`, hint);
}

function looksLikeWhen(text: string): boolean {
  try {
    parseTrigger(text);
    return true;
  } catch (error) {
    if (error instanceof InvalidValue) return false;
    throw error;
  }
}

/** What a parser of values says, with the place of the value in front. */
function naming<T>(place: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error;
    throw new InvalidValue(`${place}: ${error.message}`, error.hint);
  }
}

function writtenBut(kind: TriggerKind, of: FaultKind): string {
  return written(takenBy(of).filter((each) => each !== kind));
}
