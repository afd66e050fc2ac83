import * as v from 'valibot';
import type { SeenRequest, Visit } from './visit.ts';

const seenRequest = v.object({
  method: v.string(),
  target: v.string(),
  httpVersion: v.picklist(['1.0', '1.1', '2']),
  headers: v.array(v.tuple([v.string(), v.string()])),
});

const time = v.pipe(v.number(), v.finite());

const visit = v.object({
  uid: v.string(),
  key: v.string(),
  request: seenRequest,
  connection: v.number(),
  atMs: time,
  bodyFromMs: v.optional(time),
  bodyToMs: v.optional(time),
  headAtMs: v.optional(time),
  bytesTaken: time,
  end: v.optional(v.object({ by: v.picklist(['script', 'left']), atMs: time })),
});

/** @returns nothing for what is no list of visits in JSON */
export function parseVisits(text: string): readonly Visit[] | undefined {
  // What is optional in a schema may be undefined there, and is then absent in JSON.
  return parsed(v.array(visit), text) as readonly Visit[] | undefined;
}

/** @returns nothing for what is no list of requests in JSON */
export function parseStrays(text: string): readonly SeenRequest[] | undefined {
  return parsed(v.array(seenRequest), text);
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
