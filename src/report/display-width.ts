const ASCII = /^[\x20-\x7e]*$/;

/** Marks that stand on the character before them, and characters that show nothing. */
const ZERO_WIDTH = /^[\p{Mn}\p{Me}\u1160-\u11ff\u200b-\u200f\u2060-\u2064\ufeff]$/u;

/** East Asian wide and fullwidth characters, and emoji that are pictures by default. */
const WIDE =
  /^[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4c6\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1aff0}-\u{1b2fb}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}$/u;

const VARIATION_SELECTOR_16 = 0xfe0f;

/**
 * Columns that one code point takes on a terminal: 0, 1 or 2. Errs on the wide side where terminals
 * differ (joined emoji): a line folded early is better than one that the terminal breaks.
 */
export function codePointWidth(codePoint: number): number {
  if (codePoint < 0x300) return 1;
  // Makes a picture of a text symbol before it (❤️), which widens that one by a column.
  if (codePoint === VARIATION_SELECTOR_16) return 1;
  if (codePoint >= 0x1f1e6 && codePoint <= 0x1f1ff) return 1;
  const character = String.fromCodePoint(codePoint);
  if (ZERO_WIDTH.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** Columns that a text takes on a terminal. Control characters must be escaped before. */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += codePointWidth(character.codePointAt(0) ?? 0);
  return width;
}

/** The text, or as much of its two ends as fits with `…` between them: ids differ at either end. */
export function cutMiddle(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  if (width < 5) return cutEnd(text, width);
  const tail = Math.floor((width - 1) / 2);
  const characters = [...text];
  let start = characters.length;
  let taken = 0;
  while (start > 0) {
    const next = codePointWidth(characters[start - 1]?.codePointAt(0) ?? 0);
    if (taken + next > tail) break;
    taken += next;
    start -= 1;
  }
  return cutEnd(text, width - taken) + characters.slice(start).join('');
}

/** The text, or as much of its beginning as fits with `…` after it. */
export function cutEnd(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let taken = 0;
  let kept = '';
  for (const character of text) {
    const next = codePointWidth(character.codePointAt(0) ?? 0);
    if (taken + next > width - 1) break;
    taken += next;
    kept += character;
  }
  return `${kept}…`;
}

/** The text with spaces after it up to a width. */
export function padEnd(text: string, width: number): string {
  const missing = width - displayWidth(text);
  return missing > 0 ? text + ' '.repeat(missing) : text;
}
