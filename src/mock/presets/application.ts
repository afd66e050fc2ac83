import { numbered } from '../numbered.ts';
import { connected } from '../payloads/connected.ts';
import type { PayloadGenerator } from '../payloads/payload.ts';
import { seededRandom } from '../random.ts';
import type { Schedule, Step } from '../step.ts';
import type { Preset, PresetOptions } from './preset.ts';
import { shapeFor } from './shape.ts';

export interface ApplicationStream {
  name: string;
  summary: string;
  /** Name of its events. */
  event: string;
  payload: PayloadGenerator;
  intervalMs: number;
}

/** A stream as applications have it: `connected` without an id first, then numbered events. */
export function applicationPreset({ name, summary, event, payload, intervalMs }: ApplicationStream): Preset {
  return {
    name,
    summary,
    uses: ['interval', 'count', 'event'],
    create(options) {
      const { seed = 0 } = options;
      const newClientId = clientIds(options);
      return async (request) => {
        const { interval = intervalMs, count, event: called = event } = shapeFor(request, options);
        const tellOf = (n: number) => (nowMs: number) => ({
          event: called,
          data: JSON.stringify(payload(n, nowMs, seededRandom(seed, name, n))),
        });
        const handler = numbered((n) => ({ afterMs: interval, event: tellOf(n) }), count);
        const answer = await handler(request);
        if (answer.kind !== 'stream') return answer;
        return { ...answer, schedule: preceded(greeting(newClientId()), answer.schedule) };
      };
    },
  };
}

/** Before the first of the numbered events, whose numbers are their ids. */
function greeting(clientId: string): Step {
  return {
    kind: 'event',
    afterMs: 0,
    n: 0,
    event: (nowMs) => ({ event: 'connected', data: JSON.stringify(connected(clientId, nowMs)) }),
  };
}

function* preceded(first: Step, rest: Schedule): Schedule {
  try {
    yield first;
    for (let next = rest.next(); next.done !== true; next = rest.next()) yield next.value;
  } finally {
    rest.return?.();
  }
}

/** Another for each connection, the same for the same seed. */
function clientIds({ seed = 0 }: PresetOptions): () => string {
  const random = seededRandom(seed, 'clients');
  return () => {
    const drawn = Math.floor(random() * 2 ** 32);
    return `client-${drawn.toString(16).padStart(8, '0')}`;
  };
}
