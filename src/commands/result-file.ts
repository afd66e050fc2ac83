import { accessSync, constants, lstatSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SseKitError } from '../client/errors.ts';
import { replaceFile } from '../listen/replace-file.ts';

/**
 * Tells before a run, not after it, that its result could not be written.
 *
 * @throws SseKitError exit 23, naming the flag
 */
export function checkWritable(flag: string, path: string): void {
  try {
    const state = statSync(path, { throwIfNoEntry: false });
    if (state?.isDirectory()) throw new Error('it is a folder');
    if (state === undefined) accessSync(dirname(path), constants.W_OK | constants.X_OK);
    else accessSync(path, constants.W_OK);
  } catch (error) {
    throw cannotWrite(flag, path, error);
  }
}

/**
 * Writes a result as a whole: who looks meanwhile sees what was there before, or all of it. A file keeps its permissions.
 *
 * @throws SseKitError exit 23, naming the flag
 */
export async function writeResult(flag: string, path: string, text: string): Promise<void> {
  try {
    if (isOther(path)) await writeFile(path, text);
    else await replace(path, text);
  } catch (error) {
    throw cannotWrite(flag, path, error);
  }
}

/** A pipe, a terminal, a link: what another file must not take the place of. */
function isOther(path: string): boolean {
  const state = lstatSync(path, { throwIfNoEntry: false });
  return state !== undefined && !state.isFile();
}

/** What a folder answers that takes no other file, or lets no other take the place of this one. */
const NOT_BESIDE: ReadonlySet<string | undefined> = new Set(['EACCES', 'EPERM', 'ENAMETOOLONG', 'EBUSY']);

/** In place where nothing can stand beside it: better a file that is whole a moment late than none. */
async function replace(path: string, text: string): Promise<void> {
  try {
    await replaceFile(path, text);
  } catch (error) {
    if (!NOT_BESIDE.has((error as NodeJS.ErrnoException).code)) throw error;
    await writeFile(path, text);
  }
}

/** Exit 23, naming the flag and the file. */
export function cannotWrite(flag: string, path: string, error: unknown): SseKitError {
  return new SseKitError('OUTPUT_UNWRITABLE', 23, `${flag} ${path}: ${(error as Error).message}`, {
    hint: 'Give a file that can be written, in a folder that exists.',
    cause: error,
  });
}
