import * as v from 'valibot';
import { parseCount } from '../../../notation/count.ts';
import { InvalidValue, quoted } from '../../../notation/invalid-value.ts';
import { nearestName } from '../../../notation/nearest-name.ts';
import { parseStrike } from '../../faults/parse.ts';
import { PAYLOADS, type PayloadName } from '../../payloads/registry.ts';
import type { TemplatePlace } from '../../templates/scope.ts';
import { compileTemplate } from '../../templates/template.ts';
import type { StepSource } from '../source.ts';
import { type Entries, mapping, type OutputOf } from './mapping.ts';
import {
  choice,
  dataTemplate,
  described,
  duration,
  flag,
  isMapping,
  lineTemplate,
  parsed,
  template,
  type ValueSchema,
} from './value.ts';

/** Loops in loops, at most. */
const DEEPEST_LOOP = 8;
const MOST_TIMES = 1_000_000;

/** The list of steps of a stream; a text alone is an event with that data. */
export function stepList(place: TemplatePlace, depth = 0): ValueSchema<StepSource[]> {
  const step = stepSchema(place, depth);
  return v.array(step, ({ input }) => `expected a list of steps, found ${described(input)}`);
}

function stepSchema(place: TemplatePlace, depth: number): ValueSchema<StepSource> {
  const kinds = stepKinds(place, depth);
  const names = Object.keys(kinds);
  const event = eventStep(place);
  const text = v.pipe(
    template(place),
    v.transform((data): StepSource => ({ kind: 'event', data, done: false })),
  );
  return v.lazy((input): ValueSchema<StepSource> => {
    if (typeof input === 'string') return text;
    if (!isMapping(input)) {
      return failing(
        `expected a step, found ${described(input)}. A step is a text, or one of ${EVENT_KEYS[0]}, ${names.join(', ')}`,
      );
    }
    const keys = Object.keys(input);
    const kind = names.find((name) => name !== 'retry' && keys.includes(name));
    if (kind !== undefined) return kinds[kind] as ValueSchema<StepSource>;
    // `retry` is a field of an event, and alone a step of its own.
    if (EVENT_KEYS.some((key) => keys.includes(key))) return event;
    if (keys.includes('retry')) return kinds.retry as ValueSchema<StepSource>;
    const [key = ''] = keys;
    const near = nearestName(key, [...EVENT_KEYS, ...names]);
    const meant =
      near === undefined ? `The steps are ${[EVENT_KEYS[0], ...names].join(', ')}` : `Did you mean ${near}?`;
    return failing(
      key === '' ? `expected a step, found nothing. ${meant}` : `unknown step ${quoted(key)}. ${meant}`,
      key,
    );
  });
}

const EVENT_KEYS = ['event', 'data', 'id'];

function eventStep(place: TemplatePlace): ValueSchema<StepSource> {
  const id: ValueSchema<ReturnType<typeof compileTemplate> | 'off'> = parsed('an id', (text) => {
    if (/[\r\n\0]/.test(text))
      throw new InvalidValue(`${quoted(text)} can't be an id: it is one line, without NUL`);
    return text === 'off' ? text : compileTemplate(text, place);
  });
  const entries = {
    event: v.exactOptional(lineTemplate(place)),
    data: v.exactOptional(dataTemplate(place)),
    id: v.exactOptional(id),
    retry: v.exactOptional(retry),
    done: v.exactOptional(flag),
  };
  return v.pipe(
    mapping('an event', entries),
    v.transform(
      ({ data, done = false, ...rest }): StepSource => ({
        kind: 'event',
        data: data ?? compileTemplate(''),
        done,
        ...rest,
      }),
    ),
  );
}

const retry = v.pipe(duration(), v.transform(Math.round));

/** Each step but the event, by the key that it is known by. */
function stepKinds(place: TemplatePlace, depth: number): Record<string, ValueSchema<StepSource>> {
  return {
    sleep: step('a sleep', { sleep: duration() }, ({ sleep }) => ({ kind: 'sleep', ms: sleep })),
    generate: step(
      'a generate step',
      {
        generate: choice(Object.keys(PAYLOADS) as PayloadName[]),
        count: v.exactOptional(times),
        interval: v.exactOptional(duration()),
        event: v.exactOptional(lineTemplate(place)),
      },
      ({ generate, count = 1, ...rest }) => ({ kind: 'generate', name: generate, count, ...rest }),
    ),
    repeat: step('a repeat', { repeat: times, steps: deeper(place, depth) }, ({ repeat, steps }) => ({
      kind: 'repeat',
      times: repeat,
      steps,
    })),
    comment: step('a comment', { comment: template(place) }, ({ comment }) => ({
      kind: 'comment',
      text: comment,
    })),
    retry: step('a retry', { retry }, ({ retry: ms }) => ({ kind: 'retry', ms })),
    jitter: step('a jitter', { jitter: duration() }, ({ jitter }) => ({ kind: 'jitter', ms: jitter })),
    close: step('a close', { close: choice(['eof', 'cut', 'reset']) }, ({ close }) => ({
      kind: 'close',
      how: close,
    })),
    fault: step('a fault', { fault: parsed('a fault such as stall', parseStrike) }, ({ fault }) => ({
      kind: 'fault',
      fault,
    })),
    raw: step('a raw step', { raw: template(place) }, ({ raw }) => ({ kind: 'raw', text: raw })),
  };
}

function step<const E extends Entries>(
  what: string,
  entries: E,
  make: (output: OutputOf<E>) => StepSource,
): ValueSchema<StepSource> {
  return v.pipe(mapping(what, entries), v.transform(make));
}

/** Made when it is needed: a schema of schemas without end otherwise. */
function deeper(place: TemplatePlace, depth: number): ValueSchema<StepSource[]> {
  return v.lazy(() =>
    depth + 1 > DEEPEST_LOOP
      ? failing<StepSource[]>(`repeats are nested deeper than ${DEEPEST_LOOP} levels`)
      : stepList(place, depth + 1),
  );
}

const times: ValueSchema<number> = parsed('a number of times, or forever', (text) => {
  if (text === 'forever') return Infinity;
  if (!/^\d+$/.test(text.trim())) {
    throw new InvalidValue(`expected a number of times, or forever, found ${quoted(text)}`);
  }
  const number = parseCount(text, 1);
  if (number <= MOST_TIMES) return number;
  throw new InvalidValue(`${quoted(text)} is too large: at most ${MOST_TIMES}, or forever`);
});

/** Takes nothing. */
function failing<T>(message: string, key?: string): ValueSchema<T> {
  return v.pipe(
    v.unknown(),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const { value: input } = dataset;
      const path = { type: 'unknown', origin: 'key', input, key, value: undefined } as const;
      addIssue(key === undefined || key === '' ? { message } : { message, path: [path] });
      return NEVER as T;
    }),
  );
}
