/** Characters of a text that a finding quotes. */
const LONGEST_QUOTE = 60;

/** The beginning of a server's text in quotes, with `…` for the rest. What must not reach a terminal is escaped later. */
export function quotation(text: string): string {
  const short = text.length <= LONGEST_QUOTE ? text : `${whole(text.slice(0, LONGEST_QUOTE - 1))}…`;
  // Nobody sees a byte order mark, which is what such a finding is about.
  const quoted = JSON.stringify(short).replaceAll('\ufeff', '\\ufeff');
  // JSON reads badly inside of JSON.
  const bare = quoted.slice(1, -1).replaceAll('\\"', '"');
  return bare.includes('"') && !bare.includes("'") ? `'${bare}'` : quoted;
}

/** The same for bytes that may be long: no more is decoded than is quoted. */
export function quotedBytes(bytes: Buffer): string {
  return quotation(bytes.toString('utf8', 0, 4 * LONGEST_QUOTE));
}

/** Without half of a surrogate pair at its end. */
function whole(text: string): string {
  return /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text;
}
