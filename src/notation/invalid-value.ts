/**
 * What a value parser throws. The parser doesn't know which flag, or which key of a config file, the text came
 * from; whoever called it puts that name in front.
 */
export class InvalidValue extends Error {
  override readonly name = 'InvalidValue';
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** The user's text as a message quotes it: on one line, and cut where it would fill the screen. */
export function quoted(text: string): string {
  const shown = text.length > 80 ? `${text.slice(0, 77)}…` : text;
  return JSON.stringify(shown);
}
