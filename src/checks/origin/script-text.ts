import * as v from 'valibot';
import { unsendable } from '../../mock/http/head.ts';
import { type OriginScript, SCRIPT_PARAMETER } from './script.ts';

/** An hour: longer than the longest probe. */
const MOST_MS = 3_600_000;
const MOST_BYTES = 512 * 1024 ** 2;
const MOST_EVENTS = 10_000;

const time = v.pipe(v.number(), v.minValue(0), v.maxValue(MOST_MS));
const period = v.pipe(v.number(), v.minValue(1), v.maxValue(MOST_MS));

const step = v.variant('do', [
  v.strictObject({ do: v.literal('wait'), ms: time, from: v.optional(v.literal('the first request')) }),
  v.strictObject({
    do: v.literal('events'),
    count: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_EVENTS)),
    everyMs: time,
    sizeBytes: v.pipe(v.number(), v.minValue(0), v.maxValue(1024 ** 2)),
    fill: v.picklist(['text', 'random']),
  }),
  v.strictObject({ do: v.literal('comments'), everyMs: period, forMs: time }),
  v.strictObject({
    do: v.literal('bytes'),
    base64: v.string(),
    times: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000))),
  }),
  v.strictObject({ do: v.literal('echo') }),
  v.strictObject({ do: v.literal('request body') }),
  v.strictObject({
    do: v.literal('flood'),
    mostBytes: v.pipe(v.number(), v.minValue(0), v.maxValue(MOST_BYTES)),
  }),
  v.strictObject({ do: v.literal('end'), how: v.picklist(['whole', 'fin', 'reset']) }),
  v.strictObject({ do: v.literal('hold') }),
]);

/** The server's own business, which some of its answers can't be sent with. */
const OF_THE_FRAMING = new Set(['transfer-encoding', 'trailer']);

const header = v.pipe(
  v.tuple([v.string(), v.string()]),
  v.check(
    ([name, value]) =>
      !OF_THE_FRAMING.has(name.toLowerCase()) && unsendable(200, [[name, value]]) === undefined,
  ),
);

/** Steps that write nothing of the body. */
const WITHOUT_A_HEAD = new Set(['wait', 'request body', 'end', 'hold']);

const script = v.pipe(
  v.strictObject({
    key: v.pipe(v.string(), v.minLength(8), v.maxLength(100)),
    status: v.optional(v.pipe(v.number(), v.integer(), v.minValue(200), v.maxValue(599))),
    headers: v.optional(v.pipe(v.array(header), v.maxLength(50))),
    earlyHints: v.optional(v.boolean()),
    head: v.optional(v.picklist(['at once', 'with the body', 'never'])),
    steps: v.pipe(v.array(step), v.maxLength(100)),
  }),
  v.check(({ head, steps }) => head !== 'never' || steps.every((each) => WITHOUT_A_HEAD.has(each.do))),
);

/** The URL of a request that has the origin follow the script, signed; what the URL has of its own stays. */
export function withScript(url: URL, asked: OriginScript, sign: (script: string) => string): URL {
  const scripted = new URL(url);
  const text = Buffer.from(JSON.stringify(asked)).toString('base64url');
  scripted.searchParams.set(SCRIPT_PARAMETER, `${text}.${sign(text)}`);
  return scripted;
}

/** Whether a script's text is to be obeyed, by what stands behind it. */
export type IsSigned = (script: string, granted: string) => boolean;

/**
 * @returns nothing where the target of a request carries none, one that isn't signed, or no longer, or one that no version of
 *   ours would send
 */
export function scriptOf(target: string, isSigned: IsSigned): OriginScript | undefined {
  const query = target.indexOf('?');
  const given = query < 0 ? null : new URLSearchParams(target.slice(query + 1)).get(SCRIPT_PARAMETER);
  if (given === null) return undefined;
  const dot = given.indexOf('.');
  const text = given.slice(0, dot);
  if (dot < 0 || !isSigned(text, given.slice(dot + 1))) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    // Somebody else's parameter of that name.
    return undefined;
  }
  const parsed = v.safeParse(script, value);
  // What is optional in a schema may be undefined there, and is then absent in JSON.
  return parsed.success ? (parsed.output as OriginScript) : undefined;
}
