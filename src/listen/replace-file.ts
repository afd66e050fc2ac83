import { open, rename, rm, stat } from 'node:fs/promises';

/**
 * Replaces a file, or makes it: by way of one beside it that takes its name when it is whole. Who looks meanwhile, or
 * after a crash, sees what was there before, or all of it. The file keeps its permissions.
 */
export async function replaceFile(file: string, text: string): Promise<void> {
  const beside = `${file}.${process.pid}.tmp`;
  try {
    await writeNew(beside, text, await modeOf(file));
    await rename(beside, file);
  } catch (error) {
    // What went wrong first is the news; a file that can't be removed either is as harmless as one left by a kill.
    await rm(beside, { force: true }).catch(() => {});
    throw error;
  }
}

/** Permissions of a file; `undefined` where there is none. */
async function modeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).mode & 0o777;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whatever has the name already is left over from a process that was killed, and is neither read nor followed. */
async function writeNew(path: string, text: string, mode: number | undefined): Promise<void> {
  await rm(path, { force: true });
  const handle = await open(path, 'wx', mode);
  try {
    // The umask takes permissions from a new file, and the one that it replaces may have had them.
    if (mode !== undefined) await handle.chmod(mode);
    await handle.writeFile(text);
  } finally {
    await handle.close();
  }
}
