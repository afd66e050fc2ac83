/** Quotes with a text between them; a backslash keeps a double quote from ending it. */
export const QUOTED = /"(?:[^"\\]|\\.)*"|'[^']*'/;

/**
 * The text between quotes: with JSON's escapes between double ones, as it stands between single ones.
 * `undefined`: it has an escape that JSON doesn't know.
 */
export function unquoted(inQuotes: string): string | undefined {
  if (inQuotes.startsWith("'")) return inQuotes.slice(1, -1);
  try {
    return JSON.parse(inQuotes) as string;
  } catch {
    // Whoever asked says where it stands, which is worth more than JSON's own words.
    return undefined;
  }
}
