/** A MIME type as a `Content-Type` tells it. */
export interface MimeType {
  /** `type/subtype`, in lower case. */
  essence: string;
  /** By name in lower case; the first of a name counts. */
  parameters: ReadonlyMap<string, string>;
}

/** RFC 9110 §5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** What a quoted string may hold (MIME Sniffing standard, HTTP quoted-string token code points). */
const QUOTED = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * The type that the lines of a `Content-Type` come to, joined by commas: the last valid one, as the Fetch standard
 * extracts it (section 3.4.6). A charset holds on for a further type of the same essence that names none.
 */
export function mimeTypeOf(contentType: string): MimeType | undefined {
  let found: MimeType | undefined;
  for (const text of listed(contentType)) {
    const type = parseMimeType(text);
    if (type === undefined || type.essence === '*/*') continue;
    const charset = found?.essence === type.essence ? found.parameters.get('charset') : undefined;
    found =
      charset === undefined || type.parameters.has('charset')
        ? type
        : { ...type, parameters: new Map([...type.parameters, ['charset', charset]]) };
  }
  return found;
}

/** `text/event-stream` of `Text/Event-Stream; charset=utf-8`; `''` where no valid type is told. */
export function mimeEssence(contentType: string): string {
  return mimeTypeOf(contentType)?.essence ?? '';
}

/** A parameter with the semicolon before it: a quoted value may hold others, and what follows its end is passed over. */
const PARAMETER = /;\s*([^;=]*)(?:=("(?:[^"\\]|\\.)*"?|[^;]*)[^;]*)?/g;

/** MIME Sniffing standard, section 4.4. */
function parseMimeType(text: string): MimeType | undefined {
  const end = text.indexOf(';');
  const essence = (end === -1 ? text : text.slice(0, end)).trim().toLowerCase();
  const [type = '', subtype = '', ...more] = essence.split('/');
  if (more.length > 0 || !TOKEN.test(type) || !TOKEN.test(subtype)) return undefined;
  const parameters = new Map<string, string>();
  for (const [, name = '', written = ''] of text.slice(essence.length).matchAll(PARAMETER)) {
    const value = written.startsWith('"') ? unquoted(written) : written.trimEnd();
    const key = name.toLowerCase();
    const valid = TOKEN.test(name) && QUOTED.test(value) && written !== '';
    if (valid && !parameters.has(key)) parameters.set(key, value);
  }
  return { essence, parameters };
}

function unquoted(text: string): string {
  return text.replace(/^"|"$/g, '').replace(/\\(.)/g, '$1');
}

/** The values of a list: a comma inside quotes separates none. */
function listed(text: string): string[] {
  return (text.match(/(?:[^",]|"(?:[^"\\]|\\.)*"?)+/g) ?? []).map((each) => each.trim());
}
