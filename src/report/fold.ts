import { codePointWidth } from './display-width.ts';

/** A stretch of a text, from `start` up to `end`. */
interface Stretch {
  start: number;
  end: number;
}

export interface Folded {
  lines: Stretch[];
  /** The text goes on beyond the last line. */
  cut: boolean;
}

const ASCII_STRETCH = /^[\x20-\x7e]*$/;

/** A word longer than this is broken wherever the line ends. */
const LONGEST_WORD = 24;

/** More code units than this for each column are marks piled on marks: the line is broken all the same. */
const UNITS_PER_COLUMN = 16;

/**
 * Folds a text into lines of at most `width` columns: at its newlines, and where a line is too long, after
 * a space or comma near its end, else anywhere between two characters. Stops after `maxLines`, so that the
 * cost depends on what is shown and not on the text.
 *
 * @param width columns, 2 at least (a wide character takes two)
 */
export function fold(text: string, width: number, maxLines: number): Folded {
  const lines: Stretch[] = [];
  let start = 0;
  while (lines.length < maxLines) {
    const end = endOfLine(text, start, Math.max(2, width));
    lines.push({ start, end });
    if (end >= text.length) return { lines, cut: false };
    start = text.charCodeAt(end) === 0x0a ? end + 1 : end;
  }
  return { lines, cut: true };
}

function endOfLine(text: string, start: number, width: number): number {
  if (ASCII_STRETCH.test(text.slice(start, start + width))) {
    const end = start + width;
    if (end >= text.length) return text.length;
    // One more character tells whether the line ends here by itself.
    return text.charCodeAt(end) === 0x0a ? end : goodBreak(text, start, end);
  }
  let used = 0;
  let at = start;
  while (at < text.length) {
    const codePoint = text.codePointAt(at) ?? 0;
    if (codePoint === 0x0a) return at;
    const next = codePointWidth(codePoint);
    if (used + next > width || at - start >= width * UNITS_PER_COLUMN) return goodBreak(text, start, at);
    used += next;
    at += codePoint > 0xffff ? 2 : 1;
  }
  return at;
}

/** The place after the last space or comma, if that leaves the line more than half full; else its full length. */
function goodBreak(text: string, start: number, end: number): number {
  const earliest = end - Math.min(LONGEST_WORD, Math.floor((end - start) / 2));
  for (let at = end; at > earliest; at -= 1) {
    const before = text.charCodeAt(at - 1);
    if (before === 0x20 || before === 0x2c) return at;
  }
  return end;
}
