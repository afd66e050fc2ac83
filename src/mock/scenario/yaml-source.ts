import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  Parser,
  parseDocument,
  visit,
  type YAMLMap,
  type YAMLParseError,
  type YAMLSeq,
} from 'yaml';
import { quoted } from '../../notation/invalid-value.ts';
import type { Problem } from './problem.ts';

export type Path = readonly (string | number)[];

interface Place {
  line: number;
  column: number;
}

/** A YAML file as values, which know where they were written. */
export interface YamlSource {
  value: unknown;
  /**
   * Where a value is, or the key that it belongs to; what isn't there is where it would be.
   *
   * @param part text within the value that is meant, where it is written there as it is
   */
  place(path: Path, which: 'key' | 'value', part?: string): Place;
}

/** Values deeper than this are nobody's scenario: they are meant to exhaust a stack. */
const DEEPEST = 48;

/** Tokens that are open at a time, of which a nested value takes two or three. */
const MOST_OPEN_TOKENS = 3 * DEEPEST;

/** So many values may a file spell out, aliases included. */
const MOST_VALUES = 50_000;

/** Below these a value is data of the application: numbers are numbers. Everywhere else all is text, as it was written. */
const JSON_KEYS = new Set(['data', 'body']);

/** JSON's own notation: what else YAML takes for a number (`007`, `0x1f`, `.inf`) stays text. */
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

/** Reads a file; where it isn't YAML, or is more than YAML should be, the problems say so. */
export function readYaml(text: string): YamlSource | Problem[] {
  const lineCounter = new LineCounter();
  const deep = tooDeep(text);
  const document = deep === undefined ? parse(text, lineCounter) : undefined;
  if (document === undefined || deep !== undefined) {
    return [{ ...placeAt(text, deep ?? 0), message: `values are nested deeper than ${DEEPEST} levels` }];
  }
  const problems = [...believable(document.errors), ...document.warnings].map(({ pos: [at], message }) => ({
    ...positionOf(lineCounter, at),
    message: `not valid YAML: ${firstLine(message)}${syntaxHint(text, at, message)}`,
  }));
  if (problems.length > 0) return problems;
  const conversion = new Conversion(text, document, lineCounter);
  const value = conversion.convert(document.contents, 'text', 0);
  if (conversion.problems.length > 0) return conversion.problems;
  return { value, place: (path, which, part) => conversion.place(value, path, which, part) };
}

function parse(text: string, lineCounter: LineCounter): Document {
  // Duplicates are found below: the parser's own search takes a time that grows with the square of their number.
  return parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: false, stringKeys: false });
}

/** Where nesting goes too deep; the parser behind it calls itself for every level. */
function tooDeep(text: string): number | undefined {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    for (const _ of parser.next(lexeme));
    if (parser.stack.length > MOST_OPEN_TOKENS) return parser.offset;
  }
  return undefined;
}

/** Behind a token out of place the parser finds many more, which tell nothing. */
function believable(errors: readonly YAMLParseError[]): YAMLParseError[] {
  return errors.filter(({ code }, index) => index === 0 || code !== 'UNEXPECTED_TOKEN');
}

/** An alias means the last value before it that has its name. One walk finds them all. */
function aliasTargets(document: Document): WeakMap<Node, Node> {
  const named = new Map<string, Node>();
  const targets = new WeakMap<Node, Node>();
  visit(document, {
    Alias(_, alias) {
      const target = named.get(alias.source);
      if (target !== undefined) targets.set(alias, target);
    },
    Value(_, node) {
      if (node.anchor !== undefined) named.set(node.anchor, node);
    },
  });
  return targets;
}

type Mode = 'text' | 'json';

/** Where the entries of a mapping or list were written. */
type Entries = Map<string | number, { key?: Node; value: Node | null }>;

class Conversion {
  readonly problems: Problem[] = [];
  readonly #text: string;
  readonly #document: Document;
  /** What each alias stands for. */
  readonly #targets: WeakMap<Node, Node>;
  readonly #lineCounter: LineCounter;
  readonly #nodes = new WeakMap<object, { node: Node; entries: Entries }>();
  /** Those that are being converted: an alias to one of them has no end. */
  readonly #open = new Set<Node>();
  #values = 0;

  constructor(text: string, document: Document, lineCounter: LineCounter) {
    this.#text = text;
    this.#document = document;
    this.#targets = aliasTargets(document);
    this.#lineCounter = lineCounter;
  }

  convert(node: unknown, mode: Mode, depth: number): unknown {
    const target = this.#resolve(node);
    if (target === null || this.#exceeds(target, depth)) return null;
    if (isScalar(target)) return scalarValue(target.value, target.source, mode);
    if (!isMap(target) && !isSeq(target)) return null;
    if (this.#open.has(target)) {
      this.#report(node as Node, 'this alias stands for the value that it is part of');
      return null;
    }
    this.#open.add(target);
    const value = isMap(target) ? this.#mapping(target, mode, depth) : this.#list(target, mode, depth);
    this.#open.delete(target);
    return value;
  }

  place(root: unknown, path: Path, which: 'key' | 'value', part?: string): Place {
    let node: Node | null = this.#document.contents;
    let value = root;
    for (const [index, key] of path.entries()) {
      const known = isObject(value) ? this.#nodes.get(value) : undefined;
      const entry = known?.entries.get(key);
      if (entry === undefined || !isObject(value)) break;
      const last = index === path.length - 1;
      node = last && which === 'key' ? (entry.key ?? entry.value) : (entry.value ?? entry.key ?? null);
      value = (value as Record<string | number, unknown>)[key];
    }
    return this.#position(node, part);
  }

  #mapping(node: YAMLMap, mode: Mode, depth: number): object {
    const entries: Entries = new Map();
    const result: Record<string, unknown> = {};
    const merged: [string, Node | null, Node][] = [];
    for (const { key, value } of node.items) {
      if (!isScalar(key)) {
        this.#report((key as Node | null) ?? node, `a key must be text${bracesHint(this.#text, node)}`);
        continue;
      }
      const name = typeof key.value === 'string' ? key.value : (key.source ?? '');
      if (name === '<<' && key.type === 'PLAIN') {
        merged.push(...this.#merged(value as Node | null, depth));
        continue;
      }
      if (entries.has(name)) this.#report(key, `the key ${quoted(name)} is there twice`);
      entries.set(name, { key, value: value as Node | null });
    }
    for (const [name, value, key] of merged) if (!entries.has(name)) entries.set(name, { key, value });
    for (const [name, { value }] of entries) {
      const below =
        mode === 'text' && JSON_KEYS.has(String(name)) && !isScalar(this.#resolve(value)) ? 'json' : mode;
      define(result, String(name), this.convert(value, below, depth + 1));
    }
    this.#nodes.set(result, { node, entries });
    return result;
  }

  #list(node: YAMLSeq, mode: Mode, depth: number): unknown[] {
    const entries: Entries = new Map();
    const result = node.items.map((item, index) => {
      entries.set(index, { value: item as Node | null });
      return this.convert(item, mode, depth + 1);
    });
    this.#nodes.set(result, { node, entries });
    return result;
  }

  /** The entries that `<<: *other` or `<<: [*one, *two]` takes over; the first of a name wins. */
  #merged(value: Node | null, depth: number): [string, Node | null, Node][] {
    const target = this.#resolve(value);
    const sources = isSeq(target) ? target.items.map((item) => this.#resolve(item)) : [target];
    return sources.flatMap((source) => {
      if (isMap(source) && !this.#exceeds(source, depth)) {
        return source.items.flatMap(({ key, value: below }): [string, Node | null, Node][] =>
          isScalar(key) ? [[String(key.value), below as Node | null, key]] : [],
        );
      }
      this.#report(value, '<< takes over the keys of a mapping: write an alias of one, <<: *name');
      return [];
    });
  }

  #resolve(node: unknown): Node | null {
    if (!isAlias(node)) return (node as Node | null | undefined) ?? null;
    const target = this.#targets.get(node);
    if (target === undefined) this.#report(node, `no value above is named &${node.source}`);
    return target ?? null;
  }

  #exceeds(node: Node, depth: number): boolean {
    this.#values += 1;
    const deep = depth > DEEPEST;
    if (!deep && this.#values <= MOST_VALUES) return false;
    // Once is enough: everything behind it is too much as well.
    if (this.problems.length === 0) {
      this.#report(
        node,
        deep ? `values are nested deeper than ${DEEPEST} levels` : `more than ${MOST_VALUES} values`,
      );
    }
    return true;
  }

  #report(node: Node | null, message: string): void {
    this.problems.push({ ...this.#position(node), message });
  }

  #position(node: Node | null | undefined, part?: string): Place {
    const [start = 0, end = 0] = node?.range ?? [];
    const within = part === undefined ? -1 : this.#text.slice(start, end).indexOf(part);
    return positionOf(this.#lineCounter, start + Math.max(0, within));
  }
}

/** As text: what was written; nothing at all is null. */
function scalarValue(value: unknown, source: string | undefined, mode: Mode): unknown {
  if (typeof value === 'string') return value;
  if (mode === 'text') return source === undefined || source === '' ? null : source;
  if (typeof value !== 'number') return value;
  const isWhole = Number.isInteger(value);
  return JSON_NUMBER.test(source ?? '') && (!isWhole || Number.isSafeInteger(value)) ? value : (source ?? '');
}

/** `__proto__` too becomes a key like any other. */
function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? '';
}

function syntaxHint(text: string, at: number, message: string): string {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const line = text.slice(lineStart, (text.indexOf('\n', at) + 1 || text.length + 1) - 1);
  if (/(?:^|[:-])\s+\{\{/.test(line)) return QUOTE_BRACES;
  if (line.includes('{{') && message.includes('flow'))
    return '. Inside [ ] and { }, text with {{ is written in quotes';
  if (message.startsWith('Nested mappings')) return '. Text that contains ": " is written in quotes';
  return '';
}

/** `{{n}}` without quotes is a mapping whose only key is a mapping. */
function bracesHint(text: string, node: YAMLMap): string {
  const [start = 0] = node.range ?? [];
  return text.startsWith('{{', start) ? QUOTE_BRACES : '';
}

const QUOTE_BRACES = '. Text that begins with {{ is written in quotes: "{{n}}"';

function positionOf(lineCounter: LineCounter, offset: number): Place {
  const { line, col } = lineCounter.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}
