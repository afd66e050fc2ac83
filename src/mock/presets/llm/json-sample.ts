import { pick, type Random, wholeNumber } from '../../random.ts';

/** JSON Schema, as requests carry it: anything may be missing or of another type. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const DEEPEST = 8;
const MOST_PROPERTIES = 64;
const LONGEST_ARRAY = 16;

/** A value that fits a schema, so far as it goes: what models answer to tools and structured outputs. */
export function sampleJson(schema: unknown, random: Random): unknown {
  return new Sampler(schema, random).value(schema, '', 0);
}

class Sampler {
  readonly #root: unknown;
  readonly #random: Random;

  constructor(root: unknown, random: Random) {
    this.#root = root;
    this.#random = random;
  }

  /** @param name of the property: much can be guessed from it */
  value(given: unknown, name: string, depth: number): unknown {
    const schema = this.#resolved(given, depth);
    if (!isObject(schema) || depth > DEEPEST) return null;
    if ('const' in schema) return schema.const;
    const listed = listOf(schema.enum) ?? listOf(schema.examples);
    if (listed !== undefined) return pick(this.#random, listed);
    if ('default' in schema) return schema.default;
    const choice = listOf(schema.anyOf) ?? listOf(schema.oneOf) ?? listOf(schema.allOf);
    if (choice !== undefined) return this.value(choice[0], name, depth + 1);
    return this.#ofType(typeOf(schema), schema, name, depth);
  }

  #ofType(type: string, schema: JsonSchema, name: string, depth: number): unknown {
    switch (type) {
      case 'object':
        return this.#object(schema, depth);
      case 'array': {
        const length = Math.min(LONGEST_ARRAY, Math.max(1, numberOf(schema.minItems) ?? 1));
        return Array.from({ length }, () => this.value(schema.items ?? { type: 'string' }, name, depth + 1));
      }
      case 'integer':
        return Math.round(this.#number(schema));
      case 'number':
        return this.#number(schema);
      case 'boolean':
        return true;
      case 'null':
        return null;
      default:
        return this.#string(schema, name);
    }
  }

  #object(schema: JsonSchema, depth: number): object {
    const properties = isObject(schema.properties) ? Object.entries(schema.properties) : [];
    return Object.fromEntries(
      properties.slice(0, MOST_PROPERTIES).map(([name, each]) => [name, this.value(each, name, depth + 1)]),
    );
  }

  #number(schema: JsonSchema): number {
    const least = numberOf(schema.minimum) ?? numberOf(schema.exclusiveMinimum) ?? 1;
    const most = numberOf(schema.maximum) ?? numberOf(schema.exclusiveMaximum) ?? Math.max(least, 1) + 41;
    const drawn = wholeNumber(this.#random, Math.ceil(least), Math.max(Math.ceil(least), Math.floor(most)));
    // Bounds that are left out themselves, or closer together than 1.
    const open = drawn === schema.exclusiveMinimum || drawn === schema.exclusiveMaximum || drawn > most;
    return open ? (least + most) / 2 : drawn;
  }

  #string(schema: JsonSchema, name: string): string {
    const text = FORMATS[String(schema.format)] ?? this.#guessed(name);
    const least = numberOf(schema.minLength) ?? 0;
    const most = numberOf(schema.maxLength) ?? Infinity;
    return text.padEnd(Math.min(least, 1_000), '.').slice(0, most);
  }

  #guessed(name: string): string {
    const guess = GUESSES.find(({ names }) => names.test(name));
    return pick(this.#random, guess?.words ?? WORDS);
  }

  /** Follows `$ref` within the schema: `#/$defs/Place`. */
  #resolved(schema: unknown, depth: number): unknown {
    let found = schema;
    for (let hops = depth; isObject(found) && typeof found.$ref === 'string'; hops += 1) {
      if (hops > DEEPEST || !found.$ref.startsWith('#')) return undefined;
      const path = found.$ref.slice(1).split('/').filter(Boolean);
      found = path.reduce<unknown>(
        (at, key) => (isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined),
        this.#root,
      );
    }
    return found;
  }
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

function isObject(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) && value.length > 0 ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** OpenAPI writes types in capitals, and `["string", "null"]` means that it may be missing. */
function typeOf(schema: JsonSchema): string {
  const { type } = schema;
  const named = Array.isArray(type) ? (type.find((each) => each !== 'null') ?? 'null') : type;
  if (typeof named === 'string') return named.toLowerCase();
  if (isObject(schema.properties)) return 'object';
  return schema.items === undefined ? 'string' : 'array';
}
