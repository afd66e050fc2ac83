import type { Comparison } from '../../notation/comparison.ts';
import { InvalidValue } from '../../notation/invalid-value.ts';
import { compilePath } from '../../notation/json-path.ts';
import { nearestName } from '../../notation/nearest-name.ts';
import { parsePattern } from '../../notation/pattern.ts';
import { type Scanner, shown } from '../../notation/scanner.ts';
import { QUOTED, unquoted } from './quoted-text.ts';
import { type Literal, VALUE_TYPES, type ValueTest, type ValueType } from './rule.ts';

/** `.name`, `[0]`, `["any name"]`: a name ends where an operator may begin. */
const PATH = /(?:\.[^.[\]"'\s=!<>~()]+|\[(?:-?\d+|"(?:[^"\\]|\\.)*"|'[^']*')\])+/;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/;

const TEXT_HINT = 'Text stands in quotes, as in data.status == "done".';

/** What follows `data`: a path, or nothing for the data as a whole, and what is asked of the value there. */
export function parsePathAndTest(scanner: Scanner): { path: string; test: ValueTest } {
  const at = scanner.at;
  const path = scanner.take(PATH) ?? '';
  if (/[.[\]]/.test(scanner.text.charAt(scanner.at))) {
    scanner.fail(
      `the path can't be read on from ${shown(scanner.word())}`,
      'Accepted: names and indices, such as data.choices[0].delta.content or data["first name"].',
    );
  }
  checkPath(path, at, scanner);
  return { path, test: parseTest(scanner, 'json') };
}

function checkPath(path: string, at: number, scanner: Scanner): void {
  if (path === '') return;
  try {
    compilePath(path);
  } catch (error) {
    if (error instanceof InvalidValue) scanner.fail(`the path: ${error.message}`, error.hint ?? '', at);
    throw error;
  }
}

/** `== "done"`, `~ "^a"`, `is number`, `exists`. Of a text only JSON has other types. */
export function parseTest(scanner: Scanner, of: 'json' | 'text'): ValueTest {
  if (scanner.take(/exists(?!\w)/) !== undefined) return { kind: 'exists' };
  if (of === 'json' && scanner.take(/is(?!\w)/) !== undefined)
    return { kind: 'type', type: parseType(scanner) };
  if (scanner.take(/~/) !== undefined) return { kind: 'match', pattern: parseMatch(scanner) };
  const is = of === 'json' ? ', is TYPE' : '';
  const found = scanner.expect(
    /==|!=|<=|>=|<|>/,
    `one of == != < <= > >= ~${is} or exists`,
    /^=/.test(scanner.word()) ? 'Equal is written ==.' : undefined,
  );
  const op = found as Comparison;
  const at = scanner.at;
  const value = parseLiteral(scanner);
  if (op !== '==' && op !== '!=' && (typeof value === 'boolean' || value === null)) {
    scanner.fail(`${value} is neither more nor less than anything`, 'Compare it with == or !=.', at);
  }
  return { kind: 'compare', op, value };
}

function parseType(scanner: Scanner): ValueType {
  const at = scanner.at;
  const word = scanner.expect(/\w+/, `a type: ${VALUE_TYPES.join(', ')}`);
  const found = VALUE_TYPES.find((each) => each === word);
  if (found !== undefined) return found;
  const near = nearestName(word, VALUE_TYPES);
  const hint = near === undefined ? `Write one of: ${VALUE_TYPES.join(', ')}.` : `Did you mean ${near}?`;
  return scanner.fail(`there is no type ${shown(word)}`, hint, at);
}

/** The pattern stands between its quotes as it is: nobody wants to write each backslash twice. */
function parseMatch(scanner: Scanner): string {
  const at = scanner.at;
  const pattern = scanner.expect(QUOTED, 'a regular expression in quotes', TEXT_HINT).slice(1, -1);
  scanner.parsed(pattern, at, parsePattern);
  return pattern;
}

function parseLiteral(scanner: Scanner): Literal {
  const at = scanner.at;
  const inQuotes = scanner.take(QUOTED);
  if (inQuotes !== undefined) {
    return (
      unquoted(inQuotes) ?? scanner.fail('the text has an escape that JSON does not know', undefined, at)
    );
  }
  const word = scanner.take(/(?:true|false|null)(?!\w)/) ?? scanner.take(NUMBER);
  if (word !== undefined) return JSON.parse(word) as Literal;
  const found = scanner.atEnd ? 'and the rule ends here' : `not ${shown(scanner.word())}`;
  return scanner.fail(`expected a text in quotes, a number, true, false or null, ${found}`, TEXT_HINT);
}
