/** A piece of JSON, laid out. */
export interface JsonPiece {
  kind: 'key' | 'string' | 'number' | 'word' | 'layout';
  text: string;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[{}[\],:]/g;
/** Indentation stops growing there: hostile data nests as deep as it is long. */
const DEEPEST_INDENT = 40;

/**
 * An object or array over several lines, every value as it was written: numbers keep all of their digits.
 *
 * @returns undefined where the text is no JSON, or a single value
 */
export function layOutJson(text: string): JsonPiece[] | undefined {
  if (!/^\s*[{[]/.test(text) || !isJson(text)) return undefined;
  const tokens = text.match(TOKEN) ?? [];
  const pieces: JsonPiece[] = [];
  let depth = 0;
  tokens.forEach((token, index) => {
    const next = tokens[index + 1] ?? '';
    if (token === '{' || token === '[') {
      const empty = next === '}' || next === ']';
      depth += 1;
      pieces.push(layout(empty ? token : token + newLine(depth)));
    } else if (token === '}' || token === ']') {
      depth -= 1;
      const empty = tokens[index - 1] === '{' || tokens[index - 1] === '[';
      pieces.push(layout(empty ? token : newLine(depth) + token));
    } else if (token === ',') pieces.push(layout(`,${newLine(depth)}`));
    else if (token === ':') pieces.push(layout(': '));
    else pieces.push({ kind: kindOf(token, next), text: token });
  });
  return pieces;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // Which is the answer.
    return false;
  }
}

function kindOf(token: string, next: string): JsonPiece['kind'] {
  if (token.startsWith('"')) return next === ':' ? 'key' : 'string';
  return /^[-\d]/.test(token) ? 'number' : 'word';
}

function layout(text: string): JsonPiece {
  return { kind: 'layout', text };
}

function newLine(depth: number): string {
  return `\n${'  '.repeat(Math.min(depth, DEEPEST_INDENT))}`;
}
