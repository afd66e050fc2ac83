/** A run of text as it is shown. */
export interface TextRun {
  text: string;
  /** It stands for characters that can't be seen, or that would deceive the eye. */
  control: boolean;
}

/** C0 and C1 controls, DEL, byte order marks, line separators, and everything that turns the direction of text. */
const UNSEEN = /[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]/;
const RUNS = new RegExp(`${UNSEEN.source}+`, 'g');

/** A server's text on one line, with every character that can't be seen made visible. */
export function visibleLine(text: string): TextRun[] {
  const runs: TextRun[] = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(RUNS)) {
    if (index > from) runs.push({ text: text.slice(from, index), control: false });
    runs.push({ text: [...found].map(picture).join(''), control: true });
    from = index + found.length;
  }
  if (from < text.length) runs.push({ text: text.slice(from), control: false });
  return runs;
}

/** The same over lines: line breaks and tabs do their work. */
export function visibleLines(text: string): TextRun[] {
  const lines = text.split(/(\n|\t)/);
  return lines.flatMap((line) =>
    line === '\n' || line === '\t' ? [{ text: line, control: false }] : visibleLine(line),
  );
}

export function visible(text: string): string {
  return visibleLine(text)
    .map((run) => run.text)
    .join('');
}

/** As in a string of a program: pictures of controls are missing from many fonts. */
function picture(character: string): string {
  const short = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\0': '\\0' }[character];
  const hex = character.charCodeAt(0).toString(16);
  return short ?? (hex.length <= 2 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`);
}
