import type { Random } from '../../stats/random.ts';
import type { MockRequest } from '../request.ts';

/** What placeholders speak of: an event of a stream, or an answer, and the request that it is for. */
export interface TemplateScope {
  request: MockRequest;
  /** The value that the request's body is as JSON; undefined where it has none. See `readJsonBody`. */
  body: unknown;
  /** Number of the event in its stream, from 1. */
  n: number;
  /** Wall clock, milliseconds since the epoch. */
  nowMs: number;
  /** Draws of this event alone. */
  random: Random;
}

/** What a place has to offer, known when a template is compiled. */
export interface TemplatePlace {
  /** Names of the parts of the path. */
  params?: readonly string[];
  /** There is an event, and with it its number. Default true. */
  event?: boolean;
}
