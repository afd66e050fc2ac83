/** JSON Schema, as requests carry it: anything may be missing or of another type. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What samples follow; all else is left alone. */
const KEYWORDS = [
  'additionalProperties',
  'const',
  'default',
  'enum',
  'examples',
  'exclusiveMaximum',
  'exclusiveMinimum',
  'format',
  'items',
  'maxItems',
  'maxLength',
  'maximum',
  'minItems',
  'minLength',
  'minimum',
  'multipleOf',
  'prefixItems',
  'properties',
  'required',
  'type',
] as const;

/** Members of one object that are looked at. */
export const MOST_MEMBERS = 1_000;
const LONGEST_REFERENCE = 1_000;

/** Adds what another schema demands: of two bounds the closer one, of other keywords the later one. */
export function addSchema(to: Record<string, unknown>, schema: JsonSchema): void {
  for (const keyword of KEYWORDS) {
    if (!Object.hasOwn(schema, keyword)) continue;
    const [one, other] = [to[keyword], schema[keyword]];
    to[keyword] = one === undefined ? other : both(keyword, one, other);
  }
}

function both(keyword: (typeof KEYWORDS)[number], one: unknown, other: unknown): unknown {
  switch (keyword) {
    case 'properties':
      return isObject(one) && isObject(other) ? bothProperties(one, other) : other;
    case 'items':
      return { allOf: [one, other] };
    case 'required':
      return [...(listOf(one) ?? []), ...(listOf(other) ?? [])].slice(0, MOST_MEMBERS);
    case 'type':
      return other === 'number' && one === 'integer' ? one : other;
    case 'minimum':
    case 'exclusiveMinimum':
    case 'minItems':
    case 'minLength':
      return bounded(Math.max, one, other);
    case 'maximum':
    case 'exclusiveMaximum':
    case 'maxItems':
    case 'maxLength':
      return bounded(Math.min, one, other);
    default:
      return other;
  }
}

function bothProperties(one: JsonSchema, other: JsonSchema): JsonSchema {
  const merged = new Map(Object.entries(one).slice(0, MOST_MEMBERS));
  for (const [name, schema] of Object.entries(other).slice(0, MOST_MEMBERS)) {
    merged.set(name, merged.has(name) ? { allOf: [merged.get(name), schema] } : schema);
  }
  return Object.fromEntries(merged);
}

function bounded(closer: (...bounds: number[]) => number, one: unknown, other: unknown): unknown {
  const [first, second] = [numberOf(one), numberOf(other)];
  return first === undefined || second === undefined ? other : closer(first, second);
}

/** What a `$ref` within the schema names (`#/$defs/Place`); undefined where there is nothing. */
export function referred(root: unknown, reference: string): unknown {
  if (!reference.startsWith('#') || reference.length > LONGEST_REFERENCE) return undefined;
  const path = reference.slice(1).split('/').filter(Boolean);
  return path.reduce<unknown>((at, key) => {
    const name = key.replaceAll('~1', '/').replaceAll('~0', '~');
    return isHolder(at) && Object.hasOwn(at, name) ? at[name] : undefined;
  }, root);
}

function isHolder(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

export function isObject(value: unknown): value is JsonSchema {
  return isHolder(value) && !Array.isArray(value);
}

/** Not an empty one. */
export function listOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) && value.length > 0 ? value : undefined;
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** OpenAPI writes types in capitals, and `["string", "null"]` means that it may be missing. */
export function typeOf(schema: JsonSchema): string {
  const { type } = schema;
  const named = Array.isArray(type) ? (type.find((each) => each !== 'null') ?? 'null') : type;
  if (typeof named === 'string') return named.toLowerCase();
  if (isObject(schema.properties) || listOf(schema.required) !== undefined) return 'object';
  return schema.items === undefined && schema.prefixItems === undefined ? 'string' : 'array';
}
