/**
 * Characters that could drive the user's terminal or deceive the eye: C0 but tab and newline, DEL, C1,
 * line and paragraph separators, bidirectional embeddings, overrides and isolates.
 */
const UNSAFE = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/;
const UNSAFE_ALL = new RegExp(UNSAFE, 'g');

/** The same, tab and newline included: for names, ids and headers, which have one line. */
const UNSAFE_INLINE = /[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/;
const UNSAFE_INLINE_ALL = new RegExp(UNSAFE_INLINE, 'g');

/** What JSON.stringify leaves as it is, and a terminal would obey. */
const UNSAFE_IN_JSON = /[\x7f-\x9f\u2028-\u202e\u2066-\u2069]/;
const UNSAFE_IN_JSON_ALL = new RegExp(UNSAFE_IN_JSON, 'g');

/**
 * A server's text, safe to show on a terminal. Controls become their pictures (`␛[2J`), C1 controls
 * `\x9b`, invisible direction marks and separators `\u202e`. Tabs and newlines stay.
 */
export function escapeText(text: string): string {
  return UNSAFE.test(text) ? text.replace(UNSAFE_ALL, visible) : text;
}

/** As `escapeText`, for what must stay on one line: tab and newline become `␉` and `␊`. */
export function escapeInline(text: string): string {
  return UNSAFE_INLINE.test(text) ? text.replace(UNSAFE_INLINE_ALL, visible) : text;
}

/** Valid JSON, safe to show on a terminal and still the same value: such characters become `\u009b`. */
export function escapeJson(json: string): string {
  return UNSAFE_IN_JSON.test(json) ? json.replace(UNSAFE_IN_JSON_ALL, unicodeEscape) : json;
}

function visible(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '␡';
  return code < 0x100 ? `\\x${code.toString(16)}` : unicodeEscape(character);
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
