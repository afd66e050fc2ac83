/** Holds the type to what is said of it in both directions: neither more nor fewer values. */
declare const shapeOf: unique symbol;

/**
 * A JSON Schema (draft 2020-12) of a type of ours. The builders below take for an object what its type has and nothing
 * else, so that a field which only one of the two knows doesn't compile.
 */
export interface Schema<T> {
  readonly [shapeOf]?: (value: T) => T;
  readonly [keyword: string]: unknown;
}

/** A field that may be absent. */
interface Optional<T> {
  readonly optional: Schema<T>;
}

type Fields<T> = {
  readonly [K in keyof T]-?: undefined extends T[K] ? Optional<Exclude<T[K], undefined>> : Schema<T[K]>;
};

/** Other fields may come besides: newer versions add some. */
export function object<T extends object>(fields: Fields<T>, description?: string): Schema<T> {
  const entries: [string, object][] = Object.entries(fields);
  return {
    ...described(description),
    type: 'object',
    required: entries.filter(([, field]) => !isOptional(field)).map(([name]) => name),
    properties: Object.fromEntries(
      entries.map(([name, field]) => [name, isOptional(field) ? field.optional : field]),
    ),
  };
}

export function optional<T>(schema: Schema<T>): Optional<T> {
  return { optional: schema };
}

/** Every key is there. */
export function record<K extends string, T>(keys: readonly K[], value: Schema<T>): Schema<Record<K, T>> {
  return { type: 'object', required: keys, properties: Object.fromEntries(keys.map((key) => [key, value])) };
}

/** Some of the keys are there; newer versions may have others. */
export function partialRecord<K extends string, T>(
  keys: readonly K[],
  value: Schema<T>,
  description?: string,
): Schema<Partial<Record<K, T>>> {
  return {
    ...described(description),
    type: 'object',
    properties: Object.fromEntries(keys.map((key) => [key, value])),
  };
}

/** Keys of any name. */
export function recordOf<T>(value: Schema<T>, description?: string): Schema<Readonly<Record<string, T>>> {
  return { ...described(description), type: 'object', additionalProperties: value };
}

export function list<T>(items: Schema<T>): Schema<readonly T[]> {
  return { type: 'array', items };
}

export function pair<T>(items: Schema<T>): Schema<readonly [T, T]> {
  return { type: 'array', prefixItems: [items, items], items: false, minItems: 2 };
}

export function number(description?: string): Schema<number> {
  return { ...described(description), type: 'number' };
}

/** How many of something. */
export function count(description?: string): Schema<number> {
  return { ...described(description), type: 'integer', minimum: 0 };
}

export function numberOrNull(description?: string): Schema<number | null> {
  return { ...described(description), type: ['number', 'null'] };
}

export function text(description?: string): Schema<string> {
  return { ...described(description), type: 'string' };
}

export function flag(description?: string): Schema<boolean> {
  return { ...described(description), type: 'boolean' };
}

export function only<const T extends string | number | boolean>(value: T, description?: string): Schema<T> {
  return { ...described(description), const: value };
}

export function oneOf<const T extends string>(...values: readonly T[]): Schema<T> {
  return { enum: values };
}

/** What stands under `$defs` of the whole schema, by its name there. */
export function ref<T>(name: string, _of: Schema<T>): Schema<T> {
  return { $ref: `#/$defs/${name}` };
}

function isOptional(field: object): field is { optional: object } {
  return 'optional' in field;
}

function described(description: string | undefined): { description?: string } {
  return description === undefined ? {} : { description };
}
