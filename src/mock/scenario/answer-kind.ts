import type { AnswerSource } from './source.ts';

/** The keys of which an answer has one, as messages list them. */
export const ANSWER_KEYS = 'stream, preset, status, body or close';

/** It says what is answered, and not only what is added to the answer of another. */
export function isAnswer({ stream, preset, status, body, close }: AnswerSource): boolean {
  return [stream, preset, status, body, close].some((each) => each !== undefined);
}
