const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * Whether a text is a JSON value. Looks at both ends first: an exception costs a hundred times a parse, and
 * streams of plain text are common.
 */
export function parsesAsJson(text: string): boolean {
  let start = 0;
  let end = text.length;
  while (start < end && isWhiteSpace(text.charCodeAt(start))) start += 1;
  while (end > start && isWhiteSpace(text.charCodeAt(end - 1))) end -= 1;
  const first = text.charCodeAt(start);
  const last = text.charCodeAt(end - 1);
  switch (first) {
    case 0x7b: // {
      return last === 0x7d && parses(text);
    case 0x5b: // [
      return last === 0x5d && parses(text);
    case 0x22: // "
      return last === 0x22 && parses(text);
    default:
      return isBareValue(text.slice(start, end));
  }
}

function isBareValue(text: string): boolean {
  return text === 'true' || text === 'false' || text === 'null' || NUMBER.test(text);
}

/** White space of JSON, which is less than what `trim` takes away. */
function isWhiteSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
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
