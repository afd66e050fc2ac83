import type { Failure } from '../../client/error-transfer.ts';
import type { FromSequencer, ToSequencer } from '../../mock/channels/shared/messages.ts';
import type { ServeOptions } from '../serve-options.ts';

/** What a worker is told. */
export type ToWorker =
  /** First of all. */
  | { type: 'serve'; options: ServeOptions; worker: number }
  | { type: 'hub'; message: FromSequencer }
  /** Another worker stands still until then, on the monotonic clock. */
  | { type: 'freeze'; untilMs: number }
  /** No live line will come any more. */
  | { type: 'lines-over'; lastId: string }
  /** Ends its streams in order, then itself. */
  | { type: 'end' };

/** What a worker says. */
export type FromWorker =
  | { type: 'ready'; url: string; seed: number; notes: readonly string[] }
  /** It can't serve. */
  | { type: 'failed'; failure: Failure }
  | { type: 'hub'; message: ToSequencer }
  | { type: 'freeze'; untilMs: number }
  /** There is a stream to read lines for. */
  | { type: 'lines-wanted' };
