import * as v from 'valibot';
import type { NoRequest, SeenRequest, Stray, Visit } from './visit.ts';

/** One for each field, or it would be lost on the way. */
type SchemaOf<T> = { [Field in keyof Required<T>]: v.GenericSchema };

const time = v.pipe(v.number(), v.finite());
const header = v.tuple([v.string(), v.string()]);

const seenRequest = v.object({
  method: v.string(),
  target: v.string(),
  httpVersion: v.picklist(['1.0', '1.1', '2']),
  headers: v.array(header),
} satisfies SchemaOf<SeenRequest>);

const noRequest = v.object({
  speaks: v.picklist(['TLS', 'PROXY', 'else']),
} satisfies SchemaOf<NoRequest>);

const visit = v.object({
  uid: v.string(),
  key: v.string(),
  request: seenRequest,
  peer: v.exactOptional(v.string()),
  connection: v.number(),
  nth: v.number(),
  atMs: time,
  bodyFromMs: v.exactOptional(time),
  bodyToMs: v.exactOptional(time),
  headAtMs: v.exactOptional(time),
  bytesTaken: v.number(),
  end: v.exactOptional(v.object({ by: v.picklist(['script', 'left']), atMs: time })),
} satisfies SchemaOf<Visit>);

/** @returns nothing for what is no list of visits in JSON */
export function parseVisits(text: string): readonly Visit[] | undefined {
  return parsed(v.array(visit), text);
}

/** @returns nothing for what is no list of strays in JSON */
export function parseStrays(text: string): readonly Stray[] | undefined {
  return parsed(v.array(v.union([seenRequest, noRequest])), text);
}

function parsed<Schema extends v.GenericSchema>(
  schema: Schema,
  text: string,
): v.InferOutput<Schema> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // An answer that was cut, or somebody else's.
    return undefined;
  }
  const result = v.safeParse(schema, value);
  return result.success ? result.output : undefined;
}
