import { parseChoice } from '../notation/choice.ts';
import { parseCount } from '../notation/count.ts';
import { parseDuration } from '../notation/duration.ts';
import { InvalidValue } from '../notation/invalid-value.ts';
import { parseSize } from '../notation/size.ts';
import { RequestError } from './request.ts';
import { CODINGS } from './wire/codings.ts';

/** A timer that fires without a pause would take the whole loop: nothing ticks faster. */
export const MIN_INTERVAL_MS = 1;
/** Each of many streams may build one of its own, several times over on its way to the wire. */
export const MAX_EVENT_BYTES = 64 * 1024 ** 2;

/** How values of shape are written, as flags and as query parameters. */
export const shapeParsers = {
  interval: (text: string) => parseDuration(text, { minMs: MIN_INTERVAL_MS }),
  count: (text: string) => parseCount(text, 1),
  size: (text: string) => parseSize(text, { minBytes: 1, maxBytes: MAX_EVENT_BYTES }),
  event: parseEventName,
  data: (text: string) => text,
  heartbeat: (text: string) => (text === 'off' ? 0 : parseDuration(text, { minMs: 1 })),
  'send-retry': (text: string) => Math.round(parseDuration(text)),
  compress: (text: string) => parseChoice(text, CODINGS),
  seed: (text: string) => parseCount(text),
  'split-gap': (text: string) => parseDuration(text, { maxMs: 60_000 }),
} as const;

export type ShapeName = keyof typeof shapeParsers;

export type ShapeValues = { [Name in ShapeName]?: ReturnType<(typeof shapeParsers)[Name]> };

const NAMES = Object.keys(shapeParsers) as ShapeName[];

/**
 * The shape that a query asks for; parameters of other names are the application's own.
 *
 * @throws RequestError 400 that names the parameter
 */
export function shapeOfQuery(query: URLSearchParams): ShapeValues {
  const values: Record<string, unknown> = {};
  for (const name of NAMES) {
    const text = query.get(name);
    if (text !== null) values[name] = parameter(name, () => shapeParsers[name](text));
  }
  return values as ShapeValues;
}

/** Runs a parser of a query parameter; what it refuses is answered with 400. */
export function parameter<T>(name: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error;
    const hint = error.hint === undefined ? '' : ` ${error.hint}`;
    throw new RequestError(400, `?${name}=: ${error.message}.${hint}`);
  }
}

function parseEventName(text: string): string {
  if (/[\r\n]/.test(text)) throw new InvalidValue('an event type is one line');
  return text;
}
