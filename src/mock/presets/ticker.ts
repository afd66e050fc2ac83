import { InvalidValue } from '../../notation/invalid-value.ts';
import { seededRandom } from '../../stats/random.ts';
import type { Handler } from '../answer.ts';
import { parameter, type ShapeValues } from '../overrides.ts';
import type { MockRequest } from '../request.ts';
import { readJsonBody } from '../templates/json-body.ts';
import { compileTemplate, type Template } from '../templates/template.ts';
import { type TickShape, ticker as tick, tickData } from '../ticker.ts';
import type { Preset } from './preset.ts';
import { shapeFor } from './shape.ts';

const INTERVAL_MS = 1_000;

/** The same for everyone, from 1: the number of a tick is its id. */
export const ticker: Preset = {
  name: 'ticker',
  summary: 'an event a second with a number and the time it was sent: the default',
  uses: ['interval', 'count', 'size', 'event', 'data'],
  create(options): Handler {
    const own = options.shape?.data === undefined ? undefined : compileTick(options.shape);
    return async (request) => {
      const shape = shapeFor(request, options);
      const { interval = INTERVAL_MS, count, event, size } = shape;
      const template =
        shape.data === options.shape?.data && shape.size === options.shape?.size
          ? own
          : parameter('data', () => compileTick(shape));
      const data = template === undefined ? tickData(size) : await rendered(template, request);
      return tick({ intervalMs: interval, count, event, data })(request);
    };
  },
};

/** @throws InvalidValue for a template that names nothing, and for a size that nothing could pad it to */
function compileTick({ data, size }: ShapeValues): Template | undefined {
  if (data === undefined) return undefined;
  if (size !== undefined) {
    throw new InvalidValue(
      'data of your own is as long as it is: size pads only the default data',
      'Give one of the two.',
    );
  }
  return compileTemplate(data);
}

async function rendered(template: Template, request: MockRequest): Promise<TickShape['data']> {
  const body = template.needsBody ? await readJsonBody(request) : undefined;
  const seed = Math.floor(request.random() * 2 ** 31);
  return (n, nowMs) => template.render({ request, body, n, nowMs, random: seededRandom(seed, n) });
}
