import { SseKitError } from '../../client/errors.ts';

/** What is wrong with an answer. */
export type AnswerProblem = SseKitError & { readonly code: 'ANSWER_ERROR' | 'ANSWER_UNFINISHED' };

const CUT_SHORT = 18;

/** The service said so, in a stream that had begun with status 200. */
export function answerFailed(words: string): AnswerProblem {
  return problem('ANSWER_ERROR', `the service failed in mid-answer: ${words}`, {
    hint: 'the status was 200 by then: a client learns of it only from this event',
  });
}

/** @param missing what would have told that it is whole; `undefined`: that came, and no reason with it */
export function answerUnfinished(missing: string | undefined, hasReason: boolean): AnswerProblem {
  if (missing === undefined) {
    return problem('ANSWER_UNFINISHED', 'the answer has no finish reason', {
      hint: "a client can't tell an answer that is whole from one that was cut at a limit",
    });
  }
  return hasReason
    ? problem('ANSWER_UNFINISHED', `the answer came without ${missing}, though with its finish reason`, {
        hint: 'a client that waits for it takes the answer for cut short',
      })
    : problem('ANSWER_UNFINISHED', `the answer was cut short: it ended without ${missing}`, {
        hint: 'the stream was closed in good order: look at what stands between the model and here',
      });
}

/** The stream ended, and all that it had of an answer is what ends one. */
export function answerEmpty(format: string): SseKitError {
  return new SseKitError('ANSWER_MISSING', CUT_SHORT, `no event had an answer, though they are ${format}`, {
    hint: 'what ends an answer came, and nothing before it',
  });
}

/** The stream ended, and there was nothing in it of what was asked for. */
export function answerMissing(format: string, looksLike: string | undefined): SseKitError {
  return new SseKitError('ANSWER_MISSING', CUT_SHORT, `no event had an answer for --join ${format}`, {
    hint:
      looksLike === undefined
        ? '--join auto finds out whether there is one; without --join the events are shown'
        : `it looks like ${looksLike}: --join ${looksLike}, or auto`,
  });
}

function problem(code: AnswerProblem['code'], message: string, details: { hint: string }): AnswerProblem {
  return new SseKitError(code, CUT_SHORT, message, details) as AnswerProblem;
}
