import type { FileReader } from './files.ts';

/** One of curl's data flags with its argument; their order on the command line is the order in the body. */
export interface DataPart {
  kind: 'data' | 'raw' | 'binary' | 'urlencode' | 'json';
  text: string;
}

export interface RequestBody {
  bytes: Uint8Array;
  contentType: string;
}

const AMPERSAND = Buffer.from('&');

/** Puts the parts together as curl does: joined by `&`, save that `--json` continues what stands before it. */
export async function buildBody(
  parts: readonly DataPart[],
  files: FileReader,
): Promise<RequestBody | undefined> {
  if (parts.length === 0) return undefined;
  let bytes = Buffer.alloc(0);
  for (const part of parts) {
    const next = await bytesOf(part, files);
    const separate = bytes.length > 0 && part.kind !== 'json';
    bytes = Buffer.concat(separate ? [bytes, AMPERSAND, next] : [bytes, next]);
  }
  const json = parts.some((part) => part.kind === 'json');
  return { bytes, contentType: json ? 'application/json' : 'application/x-www-form-urlencoded' };
}

async function bytesOf({ kind, text }: DataPart, files: FileReader): Promise<Buffer> {
  switch (kind) {
    case 'raw':
      return Buffer.from(text);
    case 'data':
      return text.startsWith('@')
        ? withoutLineEnds(await files.read(text.slice(1), '--data'))
        : Buffer.from(text);
    case 'binary':
      return text.startsWith('@') ? files.read(text.slice(1), '--data-binary') : Buffer.from(text);
    case 'json':
      return text.startsWith('@') ? files.read(text.slice(1), '--json') : Buffer.from(text);
    case 'urlencode':
      return Buffer.from(await urlEncoded(text, files));
  }
}

/** `--data @file` leaves out line ends and NUL, so that a file saved by an editor can be posted as a form. */
function withoutLineEnds(bytes: Buffer): Buffer {
  return Buffer.from(bytes.filter((byte) => byte !== 0x0a && byte !== 0x0d && byte !== 0));
}

/** `content`, `=content`, `name=content`, `@file`, `name@file`: the name is taken as it is, the content encoded. */
async function urlEncoded(text: string, files: FileReader): Promise<string> {
  // An equals sign anywhere wins over an at sign, as in curl.
  const separator = text.includes('=') ? '=' : '@';
  const at = text.indexOf(separator);
  if (at === -1) return formEncode(Buffer.from(text));
  const name = text.slice(0, at);
  const rest = text.slice(at + 1);
  const content = separator === '=' ? Buffer.from(rest) : await files.read(rest, '--data-urlencode');
  return name === '' ? formEncode(content) : `${name}=${formEncode(content)}`;
}

/** Percent-encodes bytes: what isn't UTF-8 survives too. A space is `+`, as in forms. */
function formEncode(bytes: Buffer): string {
  let encoded = '';
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    if (/[A-Za-z0-9\-._~]/.test(character)) encoded += character;
    else if (byte === 0x20) encoded += '+';
    else encoded += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}
