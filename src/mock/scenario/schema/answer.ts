import * as v from 'valibot';
import { InvalidValue, quoted } from '../../../notation/invalid-value.ts';
import { MIN_INTERVAL_MS } from '../../overrides.ts';
import { parsePreset } from '../../presets/registry.ts';
import type { TemplatePlace } from '../../templates/scope.ts';
import type { PresetSource, StreamSource } from '../source.ts';
import { mapping } from './mapping.ts';
import { stepList } from './step.ts';
import {
  choice,
  count,
  dataTemplate,
  duration,
  faults,
  flag,
  lineTemplate,
  parsed,
  responseHeaders,
  type ValueSchema,
} from './value.ts';

/** Silence before a keepalive; 0: there is none. */
export const heartbeat = offOr('a duration such as 15s, or off', duration({ minMs: 1 }), 0);

/** The reconnection time that a stream announces. */
export const retry = offOr(
  'a duration such as 3s, or off',
  v.pipe(
    duration(),
    v.transform((ms) => Math.round(ms)),
  ),
  'none' as const,
);

export const lineEnd = choice(['lf', 'cr', 'crlf']);

/** How far apart events are; streams and the defaults of all have it. */
export const pacing = {
  interval: v.exactOptional(duration()),
  jitter: v.exactOptional(duration()),
};

/** The keys that say what a request gets. */
export function answerEntries(place: TemplatePlace) {
  return {
    stream: v.exactOptional(streamSchema(place)),
    preset: v.exactOptional(presetSchema),
    status: v.exactOptional(status),
    headers: v.exactOptional(responseHeaders(place)),
    body: v.exactOptional(dataTemplate({ ...place, event: false })),
    close: v.exactOptional(choice(['cut', 'reset'])),
    faults: v.exactOptional(faults),
  };
}

/** What a stream does; a list alone is its steps. */
function streamSchema(place: TemplatePlace): ValueSchema<StreamSource> {
  const steps = stepList(place);
  const channel = lineTemplate({ ...place, event: false });
  const full = mapping('a stream', {
    greet: v.exactOptional(steps),
    steps: v.exactOptional(steps),
    ...pacing,
    heartbeat: v.exactOptional(heartbeat),
    retry: v.exactOptional(retry),
    lineEnd: v.exactOptional(lineEnd),
    opening: v.exactOptional(flag),
    channels: v.exactOptional(listOrOne(channel)),
    hold: v.exactOptional(flag),
    ids: v.exactOptional(choice(['on', 'off'])),
    resume: v.exactOptional(choice(['on', 'off', 'published'])),
    faults: v.exactOptional(faults),
  });
  const short = v.pipe(
    steps,
    v.transform((list): StreamSource => ({ steps: list })),
  );
  return v.lazy((input) => (Array.isArray(input) ? short : full));
}

const presetName = parsed('the name of a preset', parsePreset);

/** A preset by its name, or with what shapes it. */
const presetSchema: ValueSchema<PresetSource> = v.lazy((input) =>
  typeof input === 'string'
    ? v.pipe(
        presetName,
        v.transform((preset): PresetSource => ({ preset })),
      )
    : v.pipe(
        mapping('a preset', {
          name: presetName,
          interval: v.exactOptional(duration({ minMs: MIN_INTERVAL_MS })),
          count: v.exactOptional(count(1)),
        }),
        v.transform(({ name, ...rest }): PresetSource => ({ preset: name, ...rest })),
      ),
);

const status = parsed('an HTTP status', (text) => {
  if (!/^[2-5]\d\d$/.test(text)) {
    throw new InvalidValue(`${quoted(text)} is no status of an answer`, 'Write a number from 200 to 599.');
  }
  return Number(text);
});

export function listOrOne<T>(schema: ValueSchema<T>): ValueSchema<T[]> {
  const list = v.array(schema);
  const one = v.pipe(
    schema,
    v.transform((only) => [only]),
  );
  return v.lazy((input) => (Array.isArray(input) ? list : one));
}

/** `off`, and what stands for it, or what the schema takes. */
export function offOr<T, O>(what: string, schema: ValueSchema<T>, off: O): ValueSchema<T | O> {
  const none = v.pipe(
    v.string(what),
    v.transform(() => off),
  );
  return v.lazy((input): ValueSchema<T | O> => (input === 'off' ? none : schema));
}
