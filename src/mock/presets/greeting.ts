import { seededRandom } from '../../stats/random.ts';
import { connected } from '../payloads/connected.ts';
import type { Schedule, Step } from '../step.ts';

/** What streams of applications open with; a client id for each connection, the same for the same seed. */
export class Greeter {
  readonly #random: () => number;

  constructor(seed = 0) {
    this.#random = seededRandom(seed, 'clients');
  }

  /** `connected`, at once and without an id, then the rest. */
  greeted(rest: Schedule): Schedule {
    const drawn = Math.floor(this.#random() * 2 ** 32);
    return preceded(greeting(`client-${drawn.toString(16).padStart(8, '0')}`), rest);
  }
}

function greeting(clientId: string): Step {
  return {
    kind: 'event',
    afterMs: 0,
    // Before the first of those that have a number.
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
