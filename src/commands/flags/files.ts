import { readFile } from 'node:fs/promises';
import { usageError } from '../../client/errors.ts';
import { InvalidValue } from '../../notation/invalid-value.ts';

/** The name of a file, which an empty variable of a shell is not. */
export function parseFileName(text: string): string {
  if (text === '') throw new InvalidValue('the file name is empty');
  return text;
}

/** The name of a file that is written. A dash stands for standard output elsewhere; here the events go there. */
export function parseOutputName(text: string): string {
  if (parseFileName(text) !== '-') return text;
  throw new InvalidValue(
    '"-" is no file, and standard output carries the events',
    'Give the name of a file; ./- is one that is called so.',
  );
}

/** Where the bytes of `@file`, `@-` and certificates come from. */
export interface FileReader {
  /** `path` as the user wrote it; `-` is standard input. @throws SseKitError exit 2, naming flag, path and reason */
  read(path: string, flag: string): Promise<Buffer>;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'reading it is not permitted',
  EPERM: 'reading it is not permitted',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of the path is not a directory',
  ENAMETOOLONG: 'the name is too long',
};

/** Why a file could not be read, as a sentence for people. */
export function fileReason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code !== undefined && REASONS[code]) || message;
}

/** Reads files from disk; standard input can be had once, and is opened only then. */
export function diskReader(io: { readonly stdin: AsyncIterable<Uint8Array | string> }): FileReader {
  let stdinTakenBy: string | undefined;
  return {
    async read(path, flag) {
      if (path === '-') {
        if (stdinTakenBy !== undefined) {
          throw usageError(`${flag}: standard input is already read by ${stdinTakenBy}`);
        }
        stdinTakenBy = flag;
        return readAll(io.stdin);
      }
      if (path === '') throw usageError(`${flag}: the file name is empty`);
      try {
        return await readFile(path);
      } catch (error) {
        throw usageError(`${flag}: can't read ${path}: ${fileReason(error)}`);
      }
    },
  };
}

async function readAll(stdin: AsyncIterable<Uint8Array | string>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin)
    chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk));
  return Buffer.concat(chunks);
}
