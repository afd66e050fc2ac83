import { pick, type Random } from '../../../stats/random.ts';
import {
  addSchema,
  isObject,
  type JsonSchema,
  listOf,
  MOST_MEMBERS,
  numberOf,
  referred,
  typeOf,
} from './json-schema.ts';
import { sampleNumber } from './number-sample.ts';

/** Values of a sample, after which it has only what it must have; after twice as many it has nothing more. */
const MOST_VALUES = 2_000;
/** Longer names and texts count as several values. */
const CHARACTERS_PER_VALUE = 64;
const MEMBERS_PER_VALUE = 8;
const DEEPEST = 32;
/** Of alternatives, and of schemas that hold together. */
const MOST_PARTS = 64;

/**
 * A value that fits a schema, so far as it goes: what models answer to tools and structured outputs. Where the schema
 * refers to itself, and where the sample gets large, it has only required members, and of other arrays no items.
 */
export function sampleJson(schema: unknown, random: Random): unknown {
  return new Sampler(schema, random).value(schema, { name: '', depth: 0, references: ['#'], spare: false });
}

/** Where in the sample a value is. */
interface Place {
  /** Of the property: much can be guessed from it. */
  name: string;
  depth: number;
  /** Those that lead here. */
  references: readonly string[];
  /** Only what must be there is. */
  spare: boolean;
}

class Sampler {
  readonly #root: unknown;
  readonly #random: Random;
  readonly #memberNames = new Map<object, readonly string[]>();
  #used = 0;

  constructor(root: unknown, random: Random) {
    this.#root = root;
    this.#random = random;
  }

  value(given: unknown, at: Place): unknown {
    this.#use(at.name.length);
    if (at.depth > DEEPEST || this.#isExhausted()) return null;
    const found = this.#plain(given, at);
    if (found === undefined) return null;
    const { schema, place } = found;
    if ('const' in schema) return this.#given(schema.const);
    const listed = listOf(schema.enum) ?? listOf(schema.examples);
    if (listed !== undefined) return this.#given(pick(this.#random, listed));
    if ('default' in schema) return this.#given(schema.default);
    return this.#ofType(typeOf(schema), schema, place);
  }

  #ofType(type: string, schema: JsonSchema, place: Place): unknown {
    switch (type) {
      case 'object':
        return this.#object(schema, place);
      case 'array':
        return this.#array(schema, place);
      case 'integer':
        return Math.round(sampleNumber(schema, true, this.#random));
      case 'number':
        return sampleNumber(schema, false, this.#random);
      case 'boolean':
        return true;
      case 'null':
        return null;
      default:
        return this.#string(schema, place.name);
    }
  }

  #object(schema: JsonSchema, place: Place): object {
    const properties = isObject(schema.properties) ? schema.properties : {};
    const listed = (listOf(schema.required) ?? []).slice(0, MOST_MEMBERS);
    const required = new Set(listed.filter((name) => typeof name === 'string'));
    const others = isObject(schema.additionalProperties) ? schema.additionalProperties : ANY_TEXT;
    const members: [string, unknown][] = [];
    for (const name of new Set([...(this.#isSpare(place) ? [] : this.#namesOf(properties)), ...required])) {
      if (this.#isExhausted()) break;
      const member = Object.hasOwn(properties, name) ? properties[name] : others;
      if (member === false || (this.#isSpare(place) && !required.has(name))) continue;
      members.push([name, this.value(member, { ...place, name, depth: place.depth + 1 })]);
    }
    return Object.fromEntries(members);
  }

  #namesOf(properties: JsonSchema): readonly string[] {
    const known = this.#memberNames.get(properties);
    if (known !== undefined) return known;
    const names = Object.keys(properties).slice(0, MOST_MEMBERS);
    this.#memberNames.set(properties, names);
    return names;
  }

  #array(schema: JsonSchema, place: Place): unknown[] {
    const { items } = schema;
    // Older schemas list the first items in `items`.
    const first = listOf(schema.prefixItems) ?? listOf(items) ?? [];
    const rest = isObject(items) ? items : ANY_TEXT;
    const least = numberOf(schema.minItems) ?? 0;
    const wanted = Math.max(least, this.#isSpare(place) ? 0 : Math.max(1, first.length));
    const most = Math.min(numberOf(schema.maxItems) ?? Infinity, items === false ? first.length : Infinity);
    const found: unknown[] = [];
    while (found.length < Math.min(wanted, most) && this.#used <= MOST_VALUES) {
      found.push(this.value(first[found.length] ?? rest, { ...place, depth: place.depth + 1 }));
    }
    return found;
  }

  #string(schema: JsonSchema, name: string): string {
    const characters = [...(FORMATS[String(schema.format)] ?? this.#guessed(name))];
    const least = Math.min(numberOf(schema.minLength) ?? 0, MOST_VALUES * CHARACTERS_PER_VALUE);
    const most = numberOf(schema.maxLength) ?? Infinity;
    const text = characters.slice(0, Math.max(0, most)).join('');
    const padded = text + '.'.repeat(Math.max(0, Math.ceil(least) - characters.length));
    this.#use(padded.length);
    return padded;
  }

  #guessed(name: string): string {
    const guess = GUESSES.find(({ names }) => names.test(name));
    return pick(this.#random, guess?.words ?? WORDS);
  }

  /** A value that the schema itself has. */
  #given(value: unknown): unknown {
    this.#use(JSON.stringify(value)?.length ?? 0);
    return value;
  }

  /**
   * The schema in one piece: what it refers to, all of `allOf`, and one of `anyOf` and of `oneOf`. Undefined where it
   * is none, or refers to nothing but itself.
   */
  #plain(given: unknown, place: Place): { schema: JsonSchema; place: Place } | undefined {
    const schema: Record<string, unknown> = {};
    const followed = new Set<string>();
    let { spare } = place;
    let found = false;
    const parts = [given];
    for (const [index, part] of parts.entries()) {
      if (index >= MOST_PARTS || this.#isExhausted()) break;
      if (index > 0) this.#use(0);
      if (!isObject(part)) continue;
      this.#useMembers(schema.properties, part.properties);
      addSchema(schema, part);
      const { $ref: reference } = part;
      if (typeof reference !== 'string') found = true;
      else if (!followed.has(reference)) {
        followed.add(reference);
        spare ||= place.references.includes(reference);
        parts.push(referred(this.#root, reference));
      }
      for (const each of (listOf(part.allOf) ?? []).slice(0, MOST_PARTS)) parts.push(each);
      for (const options of [listOf(part.anyOf), listOf(part.oneOf)]) {
        if (options !== undefined) parts.push(chosen(options, spare || this.#isSpare(place)));
      }
    }
    if (!found) return undefined;
    return { schema, place: { ...place, spare, references: [...place.references, ...followed] } };
  }

  #use(characters: number): void {
    this.#used += 1 + Math.floor(characters / CHARACTERS_PER_VALUE);
  }

  /** Merging takes its time: it counts by the members. */
  #useMembers(one: unknown, other: unknown): void {
    if (!isObject(one) || !isObject(other)) return;
    this.#used += Math.floor((this.#namesOf(one).length + this.#namesOf(other).length) / MEMBERS_PER_VALUE);
  }

  #isSpare({ spare }: Place): boolean {
    return spare || this.#used > MOST_VALUES;
  }

  #isExhausted(): boolean {
    return this.#used > 2 * MOST_VALUES;
  }
}

const ANY_TEXT: JsonSchema = { type: 'string' };

/** The first, but one that comes to an end where there is to be little. */
function chosen(options: readonly unknown[], spare: boolean): unknown {
  const ending = spare
    ? options.slice(0, MOST_PARTS).find((option) => isObject(option) && option.$ref === undefined)
    : undefined;
  return ending ?? options[0];
}

const FORMATS: Readonly<Record<string, string>> = {
  date: '2026-03-14',
  time: '09:26:53Z',
  'date-time': '2026-03-14T09:26:53Z',
  email: 'reader@example.com',
  uri: 'https://example.com/streams',
  uuid: '6f1c1a52-7a0e-4c6b-9d57-0b8a4f3c2e11',
};

const GUESSES: readonly { names: RegExp; words: readonly string[] }[] = [
  { names: /city|location|place|town/i, words: ['Reykjavík', 'Zürich', '東京', 'São Paulo', 'Cork'] },
  { names: /country/i, words: ['Iceland', 'Japan', 'Brazil', 'Ireland'] },
  { names: /unit/i, words: ['celsius', 'metric'] },
  { names: /lang|locale/i, words: ['en', 'ja', 'de'] },
  {
    names: /query|search|question|term/i,
    words: ['how do streams resume', 'proxy buffering', 'tides in March'],
  },
  { names: /path|file/i, words: ['notes/today.md', 'src/stream.ts'] },
  { names: /currency/i, words: ['EUR', 'JPY'] },
  { names: /date|day/i, words: ['2026-03-14'] },
  { names: /title|subject|name/i, words: ['Notes on the tide', 'Ein kleiner Plan', '朝の駅'] },
  { names: /code|script/i, words: ['print("hello, stream")\n', 'return 6 * 7;'] },
];

const WORDS = ['lighthouse', 'hazelnut', 'timetable', 'größer', '流れ', 'a quiet stream 🌊'] as const;
