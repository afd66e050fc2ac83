/** What is wrong with a member of a request's body; each service has words of its own for it. */
export type FieldProblem =
  | { kind: 'missing' }
  | { kind: 'type'; expected: string; got: string }
  | { kind: 'value'; got: string; accepted: readonly string[] }
  | { kind: 'below'; least: number; got: number }
  | { kind: 'empty' };

export class FieldError extends Error {
  override readonly name = 'FieldError';
  /** `messages[0].role` */
  readonly path: string;
  readonly problem: FieldProblem;

  constructor(path: string, problem: FieldProblem) {
    super(`${path}: ${problem.kind}`);
    this.path = path;
    this.problem = problem;
  }
}

/**
 * The members of an object that came as JSON, read with their types. `null` is as good as absent.
 *
 * @throws FieldError from every method, for a member that isn't what it must be
 */
export class Fields {
  readonly #members: Readonly<Record<string, unknown>>;
  readonly #path: string;

  constructor(members: Readonly<Record<string, unknown>>, path = '') {
    this.#members = members;
    this.#path = path;
  }

  static of(value: unknown, path = ''): Fields {
    if (!isObject(value))
      throw new FieldError(path, { kind: 'type', expected: 'an object', got: nameOf(value) });
    return new Fields(value, path);
  }

  /** As it is; undefined for `null` too. */
  raw(name: string): unknown {
    return (Object.hasOwn(this.#members, name) ? this.#members[name] : undefined) ?? undefined;
  }

  pathOf(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }

  required(name: string): unknown {
    const value = this.raw(name);
    if (value === undefined) throw new FieldError(this.pathOf(name), { kind: 'missing' });
    return value;
  }

  text(name: string): string {
    this.required(name);
    return this.optionalText(name) ?? '';
  }

  optionalText(name: string): string | undefined {
    const value = this.raw(name);
    if (value === undefined || typeof value === 'string') return value;
    throw this.#wrongType(name, 'a string', value);
  }

  flag(name: string, otherwise = false): boolean {
    const value = this.raw(name) ?? otherwise;
    if (typeof value === 'boolean') return value;
    throw this.#wrongType(name, 'a boolean', value);
  }

  optionalCount(name: string, least = 1): number | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'number' || !Number.isSafeInteger(value))
      throw this.#wrongType(name, 'an integer', value);
    if (value < least) throw new FieldError(this.pathOf(name), { kind: 'below', least, got: value });
    return value;
  }

  choice<T extends string>(name: string, accepted: readonly T[]): T {
    const text = this.text(name);
    const found = accepted.find((each) => each === text);
    if (found === undefined) throw new FieldError(this.pathOf(name), { kind: 'value', got: text, accepted });
    return found;
  }

  optionalObject(name: string): Fields | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    if (!isObject(value)) throw this.#wrongType(name, 'an object', value);
    return new Fields(value, this.pathOf(name));
  }

  optionalTexts(name: string): string[] | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) throw this.#wrongType(name, 'an array of strings', value);
    return value.map((each: unknown, index) => {
      if (typeof each === 'string') return each;
      throw this.#wrongType(`${name}[${index}]`, 'a string', each);
    });
  }

  /** At least one. */
  objects(name: string): Fields[] {
    this.required(name);
    const list = this.optionalObjects(name);
    if (list.length === 0) throw new FieldError(this.pathOf(name), { kind: 'empty' });
    return list;
  }

  optionalObjects(name: string): Fields[] {
    const value = this.raw(name) ?? [];
    if (!Array.isArray(value)) throw this.#wrongType(name, 'an array of objects', value);
    return value.map((each, index) => Fields.of(each, `${this.pathOf(name)}[${index}]`));
  }

  #wrongType(name: string, expected: string, value: unknown): FieldError {
    return new FieldError(this.pathOf(name), { kind: 'type', expected, got: nameOf(value) });
  }
}

/** The text of a content that is a string, or a list of parts of which some have a `text`. */
export function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: unknown) => (isObject(part) && typeof part.text === 'string' ? part.text : ''))
    .join('');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  const type = typeof value;
  return type === 'object' ? 'an object' : type === 'undefined' ? 'nothing' : `a ${type}`;
}
