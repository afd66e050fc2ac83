import { SseKitError } from '../client/errors.ts';
import type { ClientReason, CloseInfo } from '../client/records.ts';

/** What a run comes to. */
export interface Outcome {
  exitCode: number;
  /** What went wrong; an interruption has an exit code of its own and is no failure. */
  failure: SseKitError | undefined;
}

/** What is known of a run when it ends. */
export interface RunEnd {
  /** How the attempt under way ended; `undefined` between two attempts. */
  close: CloseInfo | undefined;
  /** Why we left, where we did. */
  by: ClientReason | undefined;
  /** The signal that ended the run, where one did. */
  signal: NodeJS.Signals | undefined;
  /** A failure of our own that ended the run. */
  ownFailure: SseKitError | undefined;
  /** Some attempt's answer was a stream. */
  opened: boolean;
  /** What the last attempt before this one failed with. */
  earlierError: SseKitError | undefined;
  /** Events received in the whole run. */
  events: number;
  /** `--until…` was given. */
  untilWanted: boolean;
  /** Why the recorded run was left that this one replays, where it ends there. */
  recordedBy?: ClientReason | undefined;
}

const SUCCESS: Outcome = { exitCode: 0, failure: undefined };

/** What a shell reports of a program that wrote into a closed pipe. */
const BROKEN_PIPE = 141;

const SIGNAL_CODES: Partial<Record<NodeJS.Signals, number>> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/** The outcome that a failure makes. */
export function failed(failure: SseKitError): Outcome {
  return { exitCode: failure.exitCode, failure };
}

/** What a run comes to. A failure's own code beats a missing match: it says why nothing matched. */
export function outcomeOf(run: RunEnd): Outcome {
  const { close } = run;
  if (run.by !== undefined) return outcomeOfLeaving(run, run.by);
  // There is nothing wrong with a stream because somebody stopped to record it.
  if (run.recordedBy !== undefined) return run.untilWanted ? failed(unmatched()) : SUCCESS;
  switch (close?.reason) {
    case 'eof':
      if (run.events === 0) return failed(noEvent());
      return run.untilWanted ? failed(unmatched()) : SUCCESS;
    case 'no_content':
      if (run.events > 0) return run.untilWanted ? failed(unmatched()) : SUCCESS;
      break;
  }
  return failed(close?.error ?? withoutReason());
}

function outcomeOfLeaving(run: RunEnd, by: ClientReason): Outcome {
  switch (by) {
    case 'for':
      return run.opened ? SUCCESS : failed(neverOpened(run.earlierError));
    case 'max-time':
      return failed(
        new SseKitError('MAX_TIME', 28, 'the time limit was reached (--max-time)', {
          hint: '--for D ends a run after D with success',
        }),
      );
    case 'signal':
      return { exitCode: SIGNAL_CODES[run.signal ?? 'SIGINT'] ?? 130, failure: undefined };
    case 'error':
      return failed(run.ownFailure ?? run.close?.error ?? withoutReason());
    case 'until':
    case 'max':
    case 'expect':
      return SUCCESS;
    case 'pipe':
      return { exitCode: BROKEN_PIPE, failure: undefined };
  }
}

function noEvent(): SseKitError {
  return new SseKitError('NO_EVENT', 52, 'the stream ended without an event', {
    hint: 'did the server end it at once, or do its events lack a "data:" line?',
  });
}

function unmatched(): SseKitError {
  return new SseKitError('UNTIL_UNMATCHED', 18, 'the stream ended before --until matched', {
    hint: '--until looks for its pattern in the data; --until-event takes a name, --until-data the whole data',
  });
}

/** A job that listens for a while must not pass on a server that was never there. */
function neverOpened(earlier: SseKitError | undefined): SseKitError {
  if (earlier === undefined) {
    return new SseKitError('NOT_OPENED', 28, 'no stream opened in the time of --for', {
      hint: 'the server, or a proxy, holds back the response headers; or --for is too short',
    });
  }
  const message = `no stream opened in the time of --for: ${earlier.message}`;
  return new SseKitError(earlier.code, earlier.exitCode, message, { hint: earlier.hint, cause: earlier });
}

/** A defect of ours is on its way to be reported: until then the run must not count as a success. */
function withoutReason(): SseKitError {
  return new SseKitError('UNEXPECTED', 1, 'the attempt ended without a reason');
}
