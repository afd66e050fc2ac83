import { Option } from 'commander';
import { usageError } from '../../client/errors.ts';
import { InvalidValue, quoted } from '../../notation/invalid-value.ts';

/** The last group of every command's help. */
export const GENERAL = 'General:';

export interface FlagSpec {
  group: string;
  /** Key of the parsed options, where it isn't the long name in camel case. Flags may share one. */
  as?: string;
  /** Turns the text into the value; `previous` is what earlier flags of the same key left. Throws {@link InvalidValue}. */
  parse?: (text: string, previous: unknown) => unknown;
  /** May be given several times. */
  repeat?: boolean;
  /** Nobody means to replace an earlier one: given twice, one would go missing without a word. */
  once?: boolean;
  /** The words it takes, for completion. */
  words?: readonly string[];
  /** What a flag without an argument stands for. */
  preset?: string;
  /**
   * It decides where a request goes, whom it trusts, what secrets are shown, or which files are read and written: a
   * config file that merely lies in the working directory may not set it. A function tells by the value.
   */
  guarded?: true | ((text: string) => boolean);
  /** Accepted for curl's sake, without effect, and left out of the help. */
  hidden?: boolean;
}

/** An option of commander that knows what completion and config files need besides. */
export class Flag extends Option {
  readonly repeat: boolean;
  readonly #once: boolean;
  readonly words: readonly string[];
  /** The values of the command line as they were written. */
  readonly written: string[] = [];
  readonly #guarded: true | ((text: string) => boolean) | undefined;
  readonly #key: string | undefined;
  readonly #parse: ((text: string, previous: unknown) => unknown) | undefined;

  constructor(flags: string, description: string, spec: FlagSpec) {
    super(flags, description);
    this.repeat = spec.repeat ?? false;
    this.#once = spec.once ?? false;
    this.words = spec.words ?? [];
    this.#guarded = spec.guarded;
    this.#key = spec.as;
    this.#parse = spec.parse;
    this.helpGroup(spec.group);
    if (spec.preset !== undefined) this.preset(spec.preset);
    if (spec.hidden === true) this.hideHelp();
    // A switch without a preset stays what commander makes of it: true.
    if (!this.takesValue && spec.preset === undefined) return;
    this.argParser((text: string, previous: unknown) => {
      try {
        const value = this.convert(text, previous);
        this.written.push(text);
        return value;
      } catch (error) {
        throw nameCulprit(error, this.shownName);
      }
    });
  }

  override attributeName(): string {
    return this.#key ?? super.attributeName();
  }

  /** As messages name it: the long form. */
  get shownName(): string {
    return this.long ?? this.flags;
  }

  get takesValue(): boolean {
    return this.required || this.optional;
  }

  /** Whether it stood on the command line, for one without a value that shares its key with others. */
  get isWritten(): boolean {
    return this.parseArg === undefined || this.written.length > 0;
  }

  /** Whether a config file must have been named to set this value. */
  isGuarded(text: string): boolean {
    return typeof this.#guarded === 'function' ? this.#guarded(text) : this.#guarded === true;
  }

  /** The value that `text` stands for, added to the earlier ones where the flag repeats. */
  convert(text: string, previous: unknown): unknown {
    if (this.#once && previous !== undefined)
      throw new InvalidValue(
        `it is given twice: ${quoted(String(previous))} and ${quoted(text)}`,
        'A run has one.',
      );
    const value = this.#parse === undefined ? text : this.#parse(text, previous);
    if (!this.repeat) return value;
    return Array.isArray(previous) ? [...previous, value] : [value];
  }
}

/** Puts the name of the flag, or of the place in a config file, in front of what a parser had to say. */
export function nameCulprit(error: unknown, name: string): unknown {
  return error instanceof InvalidValue ? usageError(`${name}: ${error.message}`, error.hint) : error;
}
