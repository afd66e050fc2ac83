import { connected } from '../payloads/connected.ts';
import type { PayloadGenerator } from '../payloads/payload.ts';
import { seededRandom } from '../random.ts';
import type { MockRequest } from '../request.ts';
import type { Schedule } from '../step.ts';
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

/**
 * A stream as applications have it: `connected` without an id first, then events whose number is their id. Each is a
 * function of its number and the seed, so that a client resumes behind any id without anything being remembered.
 */
export function applicationPreset({ name, summary, event, payload, intervalMs }: ApplicationStream): Preset {
  return {
    name,
    summary,
    uses: ['interval', 'count', 'event'],
    create(options) {
      const newClientId = clientIds(options);
      return (request) => {
        const { interval = intervalMs, count = Infinity, event: called = event } = shapeFor(request, options);
        const { n, known } = lastSeen(request, count);
        // Who has had the last one would come back for ever.
        if (known && n === count) return { kind: 'plain', status: 204 };
        const draw = (number: number) => seededRandom(options.seed ?? 0, name, number);
        return {
          kind: 'stream',
          lostId: !known,
          schedule: events({
            clientId: newClientId(),
            first: n + 1,
            count,
            intervalMs: interval,
            event: called,
            data: (number, nowMs) => JSON.stringify(payload(number, nowMs, draw(number))),
          }),
        };
      };
    },
  };
}

interface Plan {
  clientId: string;
  first: number;
  count: number;
  intervalMs: number;
  event: string;
  data(n: number, nowMs: number): string;
}

function* events({ clientId, first, count, intervalMs, event, data }: Plan): Schedule {
  yield {
    kind: 'event',
    afterMs: 0,
    // Before the first: the numbers are those of the ids.
    n: 0,
    event: (nowMs) => ({ event: 'connected', data: JSON.stringify(connected(clientId, nowMs)) }),
  };
  for (let n = first; n <= count; n += 1) {
    yield {
      kind: 'event',
      afterMs: intervalMs,
      n,
      event: (nowMs) => ({ id: String(n), event, data: data(n, nowMs) }),
    };
  }
}

function lastSeen({ lastEventId }: MockRequest, count: number): { n: number; known: boolean } {
  if (lastEventId === '') return { n: 0, known: true };
  const n = /^[1-9]\d{0,14}$/.test(lastEventId) ? Number(lastEventId) : 0;
  const known = n > 0 && n <= count;
  return { n: known ? n : 0, known };
}

/** Another for each connection, the same for the same seed. */
function clientIds({ seed = 0 }: PresetOptions): () => string {
  const random = seededRandom(seed, 'clients');
  return () => {
    const drawn = Math.floor(random() * 2 ** 32);
    return `client-${drawn.toString(16).padStart(8, '0')}`;
  };
}
