import type { Random } from '../../stats/random.ts';
import { countBelow, isAbove } from './curve.ts';
import type { ExpectedStarts } from './expected-starts.ts';
import type { Arrival } from './plan.ts';

/**
 * The open model, evenly: start k comes the moment that more than k are expected. At a level rate that is every
 * 1 ÷ rate seconds from 0 on; a run that expects 1,000 starts has 1,000, none of them at its very end.
 */
export function* evenStarts(expected: ExpectedStarts): Generator<Arrival> {
  const starts = countBelow(expected.total);
  for (let index = 0; index < starts; index += 1) yield { index, atMs: expected.timeOf(index) };
}

/**
 * The open model, as users come who don't know of each other: a Poisson process with the curve as its rate. In
 * expected starts instead of time its rate is 1, and the steps between arrivals are exponential with mean 1; each is
 * brought back to time by the inverse of the integral (time-scale transformation; Çinlar, Introduction to Stochastic
 * Processes, 1975).
 */
export function* poissonStarts(expected: ExpectedStarts, random: Random): Generator<Arrival> {
  let reached = exponential(random);
  for (let index = 0; isAbove(expected.total, reached); index += 1) {
    yield { index, atMs: expected.timeOf(reached) };
    reached += exponential(random);
  }
}

/** Mean 1. */
function exponential(random: Random): number {
  return -Math.log(1 - random());
}
