import { seededRandom } from '../../stats/random.ts';
import { numbered } from '../numbered.ts';
import type { PayloadGenerator } from '../payloads/payload.ts';
import { Greeter } from './greeting.ts';
import type { Preset } from './preset.ts';
import { shapeFor } from './shape.ts';

export interface ApplicationStream {
  name: string;
  summary: string;
  /** Name of its events. */
  event: string;
  payload: PayloadGenerator;
  intervalMs: number;
}

/** A stream as applications have it: `connected` first, then numbered events. */
export function applicationPreset({ name, summary, event, payload, intervalMs }: ApplicationStream): Preset {
  return {
    name,
    summary,
    uses: ['interval', 'count', 'event'],
    create(options) {
      const { seed = 0 } = options;
      const greeter = new Greeter(seed);
      return async (request) => {
        const { interval = intervalMs, count, event: called = event } = shapeFor(request, options);
        const tellOf = (n: number) => (nowMs: number) => ({
          event: called,
          data: JSON.stringify(payload(n, nowMs, seededRandom(seed, name, n))),
        });
        const handler = numbered((n) => ({ afterMs: interval, event: tellOf(n) }), count);
        const answer = await handler(request);
        if (answer.kind !== 'stream') return answer;
        return { ...answer, schedule: greeter.greeted(answer.schedule) };
      };
    },
  };
}
