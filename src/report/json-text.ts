const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** White space of JSON, which is less than what `trim` takes away. */
const EDGES = /^[ \t\n\r]+|[ \t\n\r]+$/g;

/**
 * Whether a text is a JSON value. Looks at both ends first: an exception costs a hundred times a parse, and
 * streams of plain text are common.
 */
export function parsesAsJson(text: string): boolean {
  const first = text.charCodeAt(0);
  const last = text.charCodeAt(text.length - 1);
  if (first <= 0x20 || last <= 0x20) {
    const trimmed = text.replace(EDGES, '');
    return trimmed.length > 0 && trimmed.length < text.length && parsesAsJson(trimmed);
  }
  switch (first) {
    case 0x7b: // {
      return last === 0x7d && parses(text);
    case 0x5b: // [
      return last === 0x5d && parses(text);
    case 0x22: // "
      return last === 0x22 && parses(text);
    default:
      return text === 'true' || text === 'false' || text === 'null' || NUMBER.test(text);
  }
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // The answer is no; what is wrong with the text doesn't matter here.
    return false;
  }
}

/**
 * The text of a JSON value as it can stand inside a line of NDJSON, or `undefined` where the text is no JSON.
 * Taken over as it was written: parsing and printing again would change numbers above 2⁵³.
 */
export function jsonOnOneLine(text: string): string | undefined {
  if (!parsesAsJson(text)) return undefined;
  return text.includes('\n') || text.includes('\r') ? text.replace(/[\n\r]/g, ' ') : text;
}
