import { InvalidValue, quoted } from './invalid-value.ts';

/** Makes what is thrown of what is wrong with a text. */
export type Failure = (message: string, hint: string | undefined) => Error;

/** Reads the words of one rule from left to right, and says where something else was expected. */
export class Scanner {
  readonly text: string;
  /** Of the next character. */
  at = 0;
  readonly #failure: Failure;

  /** @param failure what it throws: by default, InvalidValue */
  constructor(text: string, failure: Failure = (message, hint) => new InvalidValue(message, hint)) {
    this.text = text;
    this.#failure = failure;
    this.#skipSpace();
  }

  get atEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** The text that the pattern matches here, and moves behind it and the white space after it. */
  take(pattern: RegExp): string | undefined {
    const found = this.takeExactly(pattern);
    if (found !== undefined) this.#skipSpace();
    return found;
  }

  /** The same, and stays before white space. */
  takeExactly(pattern: RegExp): string | undefined {
    const sticky = new RegExp(pattern.source, 'y');
    sticky.lastIndex = this.at;
    const found = sticky.exec(this.text)?.[0];
    if (found === undefined || found === '') return undefined;
    this.at += found.length;
    return found;
  }

  /** @param what is expected, as a message says it */
  expect(pattern: RegExp, what: string, hint?: string): string {
    return this.take(pattern) ?? this.fail(`expected ${what}${this.#found()}`, hint);
  }

  /** All that is left. */
  rest(): string {
    const rest = this.text.slice(this.at).trimEnd();
    this.at = this.text.length;
    return rest;
  }

  /** What stands here, to the next white space. */
  word(): string {
    return /^\S+/.exec(this.text.slice(this.at))?.[0] ?? '';
  }

  /** Has a value parsed that knows nothing of rules; what it says gets its place in the rule. */
  parsed<T>(text: string, at: number, parse: (text: string) => T): T {
    try {
      return parse(text);
    } catch (error) {
      if (error instanceof InvalidValue) return this.fail(error.message, error.hint, at);
      throw error;
    }
  }

  /** Throws what is made of a failure, always. */
  fail(message: string, hint?: string, at = this.at): never {
    throw this.#failure(`position ${at + 1}: ${message}`, hint);
  }

  #found(): string {
    return this.atEnd ? ', and the rule ends here' : `, not ${shown(this.word())}`;
  }

  #skipSpace(): void {
    while (/\s/.test(this.text.charAt(this.at))) this.at += 1;
  }
}

/** Words of a rule as a message quotes them: the quotes that rules are full of stay as they are. */
export function shown(text: string): string {
  return text.includes('"') && text.length <= 80 ? `'${text}'` : quoted(text);
}
