import type { Failure } from '../../../client/error-transfer.ts';
import type { PublishOptions, RequestRecipe } from '../../options.ts';
import type { PublishOutcome } from './publish-run.ts';

/** What the publisher is told. */
export type ToPublisher =
  /** First of all: find what is published to, and say `ready`. */
  | { type: 'prepare'; publish: PublishOptions; request: RequestRecipe }
  /** Publish between these times, on the monotonic clock of the machine. */
  | { type: 'go'; startAt: number; endAt: number }
  /** Publish no more, and say what there was. */
  | { type: 'stop' };

/** What the publisher says. */
export type FromPublisher =
  | { type: 'ready' }
  | { type: 'done'; outcome: PublishOutcome }
  /** It can't publish, or a fault of the program. */
  | { type: 'failed'; failure: Failure };
