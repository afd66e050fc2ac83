import { isHeaderSafe } from '../../client/headers.ts';
import type { HeaderPair } from '../../client/records.ts';
import { InvalidValue, quoted } from '../../notation/invalid-value.ts';
import { isCredentialHeader } from '../../results/redaction.ts';
import type { FileReader } from './files.ts';
import { nameCulprit } from './flag.ts';

/** What one `-H` asks for. */
export type HeaderEdit =
  | { kind: 'set'; name: string; value: string }
  /** `'X:'`: not even the default is sent. */
  | { kind: 'remove'; name: string }
  /** `@file`: a header a line. */
  | { kind: 'file'; path: string };

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** The connection's own affair: right on the connection they were copied from, wrong on another. */
const CONNECTION_LEVEL = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
  'expect',
  'content-length',
]);

/** `Name: value`, `Name:` (remove), `Name;` (send empty), `@file`. */
export function parseHeader(text: string): HeaderEdit {
  if (text.startsWith('@')) return { kind: 'file', path: text.slice(1) };
  // A browser on HTTP/2 may paste `:authority: host`, whose name begins with the colon.
  const colon = text.indexOf(':', 1);
  if (colon === -1) {
    const empty = /^(.*\S)\s*;\s*$/s.exec(text);
    if (empty === null) {
      throw new InvalidValue(
        `${quoted(beginningOf(text))} is not a header`,
        "Write 'Name: value', 'Name:' to leave a header out, 'Name;' to send it empty, or @FILE.",
      );
    }
    return { kind: 'set', name: headerName(empty[1] ?? ''), value: '' };
  }
  const name = headerName(text.slice(0, colon));
  const value = parseHeaderValue(text.slice(colon + 1), name);
  return value === '' ? { kind: 'remove', name } : { kind: 'set', name, value };
}

function headerName(text: string): string {
  const name = text.trim();
  if (!TOKEN.test(name.replace(/^:/, ''))) {
    throw new InvalidValue(`${quoted(name)} is not a header name`, 'Names are letters, digits and dashes.');
  }
  return name;
}

/** What may have been meant as a name; a value that follows may be a credential. */
function beginningOf(text: string): string {
  const [, name = '', rest = ''] = /^([\w/-]*)(.*)$/s.exec(text.trim()) ?? [];
  return rest === '' ? name : `${name}…`;
}

/** Trimmed; refused where it would end the line, or a server would refuse the request for it. */
export function parseHeaderValue(text: string, name: string): string {
  const value = text.replace(/^[ \t]+|[ \t]+$/g, '');
  if (!isHeaderSafe(value)) {
    // A credential itself stays out of the message: logs keep it.
    const shown = isCredentialHeader(name) ? '' : `: ${quoted(value)}`;
    throw new InvalidValue(`the value of ${name} contains a line break or control character${shown}`);
  }
  return value;
}

/** Puts the headers of `-H @file` in the place of the flag. */
export async function readHeaderFiles(
  edits: readonly HeaderEdit[],
  files: FileReader,
): Promise<HeaderEdit[]> {
  const read = async (edit: HeaderEdit): Promise<HeaderEdit[]> => {
    if (edit.kind !== 'file') return [edit];
    const text = (await files.read(edit.path, '--header')).toString('utf8');
    const lines = text.split(/\r?\n/);
    return lines.flatMap((line, index) =>
      line.trim() === '' ? [] : [headerLine(line, `${edit.path}, line ${index + 1}`)],
    );
  };
  return (await Promise.all(edits.map(read))).flat();
}

function headerLine(line: string, place: string): HeaderEdit {
  try {
    // Not quoted: such files are written for credentials, and some hold nothing else.
    if (!/^[^@].*(?::|;\s*$)/.test(line)) throw new InvalidValue('not a header');
    return parseHeader(line);
  } catch (error) {
    throw nameCulprit(error, `--header @${place}`);
  }
}

export interface HeaderList {
  headers: HeaderPair[];
  /** What was left out or changed, a sentence each. */
  notes: string[];
}

/** Defaults first, where the user neither set nor removed them; then the user's, in order, repeats kept. */
export function mergeHeaders(defaults: readonly HeaderPair[], edits: readonly HeaderEdit[]): HeaderList {
  const notes: string[] = [];
  const touched = new Set<string>();
  const own: HeaderPair[] = [];
  for (const edit of edits) {
    if (edit.kind === 'file') continue;
    const lower = edit.name.toLowerCase();
    if (CONNECTION_LEVEL.has(lower) || lower.startsWith(':')) {
      if (edit.kind === 'set')
        notes.push(`${edit.name} is left out: it belongs to the connection it came from`);
      continue;
    }
    touched.add(lower);
    if (edit.kind === 'set') own.push([edit.name, edit.value]);
  }
  const kept = defaults.filter(([name]) => !touched.has(name.toLowerCase()));
  return { headers: [...kept, ...own], notes };
}

/** Takes a header out of a list: its values in order, and the list without it. */
export function takeHeader(
  headers: readonly HeaderPair[],
  name: string,
): { values: string[]; rest: HeaderPair[] } {
  const isIt = ([each]: HeaderPair) => each.toLowerCase() === name;
  return {
    values: headers.filter(isIt).map(([, value]) => value),
    rest: headers.filter((pair) => !isIt(pair)),
  };
}
