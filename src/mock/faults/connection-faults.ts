import { type Random, seededRandom } from '../../stats/random.ts';
import type { FaultContext } from './line.ts';

/** What faults know of a connection: one object, without closures, as every stream has one. */
export class ConnectionFaults implements FaultContext {
  readonly connection: number;
  readonly lineEnd: FaultContext['lineEnd'];
  readonly errorEvent: FaultContext['errorEvent'];
  readonly splitGapMs: number;
  readonly #seed: number;

  constructor(seed: number, { connection, lineEnd, errorEvent, splitGapMs }: Omit<FaultContext, 'draws'>) {
    this.#seed = seed;
    this.connection = connection;
    this.lineEnd = lineEnd;
    this.errorEvent = errorEvent;
    this.splitGapMs = splitGapMs;
  }

  draws(name: string): Random {
    return seededRandom(this.#seed, this.connection, name);
  }
}
