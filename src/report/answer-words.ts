import type { AnswerPlace } from '../listen/join/view.ts';
import { cutEnd } from './display-width.ts';

/** Columns of a call of a tool. */
const LONGEST_CALL = 300;

/** `answer 2`, `answer 2 (msg-3)`. */
export function answerName({ n, label = '' }: { n: number; label?: AnswerPlace['label'] }): string {
  return label === '' ? `answer ${n}` : `answer ${n} (${label})`;
}

/** `get_weather({"city":"Oslo"})`. */
export function toolText(call: { name: string; arguments: string }): string {
  return `${call.name}(${cutEnd(call.arguments, LONGEST_CALL)})`;
}
