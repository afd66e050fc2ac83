import { randomUUID } from 'node:crypto';
import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A file descriptor to read a text from, of a temporary file that has lost its name already: it is gone when nobody has it
 * open any more. `undefined` where there can be none: on Windows, and with no room for temporary files.
 *
 * What Node calls a pipe is a socket, and no socket can be opened by name: a command that reads `/dev/stdin` would fail.
 */
export function inputFile(text: string): number | undefined {
  if (process.platform === 'win32') return undefined;
  let fd: number | undefined;
  try {
    const path = join(tmpdir(), `ssekit-${randomUUID()}`);
    fd = openSync(path, 'wx+', 0o600);
    unlinkSync(path);
    const bytes = Buffer.from(text);
    // Each write says where: whoever reads begins at the beginning.
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at, bytes.length - at, at);
    return fd;
  } catch {
    if (fd !== undefined) closeSync(fd);
    return undefined;
  }
}
