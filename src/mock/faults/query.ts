import { InvalidValue } from '../../notation/invalid-value.ts';
import { parameter } from '../overrides.ts';
import { parseFaults } from './parse.ts';
import type { FaultSpec } from './spec.ts';

/** A query of more is a mistake, or an attempt to make each event cost much. */
const MAX_FAULTS = 32;

/**
 * The faults that a request asks for: `?fault=reset@3&fault=jitter=50ms`.
 *
 * @throws RequestError 400 that names the parameter
 */
export function faultsOf(query: URLSearchParams): FaultSpec[] {
  return parameter('fault', () => {
    const texts = query.getAll('fault');
    if (texts.length > MAX_FAULTS) {
      throw new InvalidValue(`${texts.length} faults are too many for a request`, `At most ${MAX_FAULTS}.`);
    }
    return parseFaults(texts);
  });
}
