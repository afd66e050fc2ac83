import { InvalidValue } from '../../notation/invalid-value.ts';

/** `{{name word word | default}}`, taken apart. */
export interface Placeholder {
  name: string;
  words: readonly string[];
  /** What stands for a value that is absent. */
  fallback: string | undefined;
}

/** Takes apart what stands between the braces. Words with spaces are written in quotes. */
export function parsePlaceholder(inner: string): Placeholder {
  const [head, fallback] = atFirstBar(inner);
  const [name, ...words] = wordsOf(head);
  if (name === undefined) throw new InvalidValue('no name stands between the braces');
  return { name, words, fallback: fallback === undefined ? undefined : unquoted(fallback.trim()) };
}

const QUOTED = /"[^"]*"|'[^']*'/y;

function atFirstBar(text: string): [head: string, fallback: string | undefined] {
  for (let at = 0; at < text.length; at += 1) {
    QUOTED.lastIndex = at;
    const quoted = QUOTED.exec(text)?.[0];
    if (quoted !== undefined) at += quoted.length - 1;
    else if (text[at] === '|') return [text.slice(0, at), text.slice(at + 1)];
  }
  return [text, undefined];
}

function wordsOf(text: string): string[] {
  const words = text.match(/"[^"]*"|'[^']*'|[^\s"']+|["']/g) ?? [];
  if (words.some((word) => word === '"' || word === "'")) throw new InvalidValue('a quote is never closed');
  return words.map(unquoted);
}

function unquoted(word: string): string {
  return /^(?:"[^"]*"|'[^']*')$/.test(word) ? word.slice(1, -1) : word;
}
