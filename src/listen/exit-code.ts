import { SseKitError } from '../client/errors.ts';
import type { CloseInfo } from '../client/records.ts';

/** What a run had when it ended. */
export interface RunEnd {
  close: CloseInfo;
  /** Events received in the whole run. */
  events: number;
  /** `--until…` was given. */
  untilWanted: boolean;
  /** The signal that ended it, if one did. */
  signal?: NodeJS.Signals;
}

const SIGNAL_CODES: Partial<Record<NodeJS.Signals, number>> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/**
 * The error that a run ends with, or `undefined` for success. A failure's own code beats a missing match: it says
 * why nothing matched.
 */
export function failureOf(run: RunEnd): SseKitError | undefined {
  const { close } = run;
  switch (close.reason) {
    case 'client':
      return clientFailure(run);
    case 'eof':
      if (run.events === 0) {
        return new SseKitError('NO_EVENT', 52, 'the stream ended without an event', {
          hint: 'did the server end it at once, or does it send events without the blank line that ends them?',
        });
      }
      return run.untilWanted ? unmatched() : undefined;
    case 'no_content':
      if (run.events === 0) return close.error;
      return run.untilWanted ? unmatched() : undefined;
    default:
      return close.error;
  }
}

function clientFailure({ close, signal }: RunEnd): SseKitError | undefined {
  switch (close.by) {
    case 'max-time':
      return new SseKitError('MAX_TIME', 28, 'the time limit was reached (--max-time)', {
        hint: '--for D ends a run after D with success',
      });
    case 'signal':
      return new SseKitError('INTERRUPTED', SIGNAL_CODES[signal ?? 'SIGINT'] ?? 130, 'interrupted');
    case 'error':
      return close.error;
    default:
      return undefined;
  }
}

function unmatched(): SseKitError {
  return new SseKitError('UNTIL_UNMATCHED', 18, 'the stream ended before --until matched', {
    hint: 'the awaited event did not come on this stream',
  });
}
