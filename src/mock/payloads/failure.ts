import { pick } from '../../stats/random.ts';
import type { PayloadGenerator } from './payload.ts';

/** How application streams tell a failure in mid-stream: the data of `event: error`. */
export interface Failure {
  code: string;
  message: string;
}

const FAILURES: readonly Failure[] = [
  { code: 'overloaded', message: 'Too many requests at once, try again' },
  { code: 'upstream_timeout', message: 'The model took too long to answer' },
  { code: 'internal', message: 'Something went wrong on our side' },
];

export const failure: PayloadGenerator<Failure> = (_n, _nowMs, random) => pick(random, FAILURES);
