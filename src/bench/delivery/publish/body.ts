import { InvalidValue, quoted } from '../../../notation/invalid-value.ts';

/** What is published where the user gives no text of their own: an event with JSON data, as `serve-mock` takes it. */
export const DEFAULT_PUBLISH_BODY = '{"data":{"n":{{n}},"sentAt":"{{sentAt}}"}}';

/** Makes the text of an event: with its number, from 1, and the stamp that tells when it was sent. */
export type PublishBody = (n: number, stamp: string) => string;

const PLACE = /\{\{\s*([^{}]*?)\s*\}\}/;

/**
 * Compiles a text with `{{n}}` and `{{sentAt}}` in it.
 *
 * @throws InvalidValue for another name in braces
 */
export function compileBody(text: string): PublishBody {
  // The names of places stand between the texts around them.
  const parts = text.split(PLACE);
  const wrong = parts.find((part, index) => index % 2 === 1 && part !== 'n' && part !== 'sentAt');
  if (wrong !== undefined) {
    throw new InvalidValue(
      `{{${wrong}}} stands for nothing in ${quoted(text)}`,
      'Accepted: {{n}}, the number of the event, and {{sentAt}}, the stamp that streams are searched for.',
    );
  }
  return (n, stamp) =>
    parts.map((part, index) => (index % 2 === 0 ? part : part === 'n' ? String(n) : stamp)).join('');
}

/** Whether what is published can be found on the streams again. */
export function carriesStamp(text: string): boolean {
  return /\{\{\s*sentAt\s*\}\}/.test(text);
}
