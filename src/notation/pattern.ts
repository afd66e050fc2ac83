import { InvalidValue, quoted } from './invalid-value.ts';

/** A regular expression of JavaScript, written without slashes. */
export function parsePattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    // V8 says "Invalid regular expression: /…/: reason", and quotes the whole pattern a second time.
    const reason = (error as Error).message.replace(/^.*: /s, '');
    throw new InvalidValue(
      `${quoted(text)} is not a regular expression: ${reason}`,
      'A backslash in front takes a character as it is: \\[DONE\\]',
    );
  }
}
