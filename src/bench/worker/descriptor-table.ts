import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';

/** What a worker has open besides its streams: standard files, its event loop, the channel to its starter. */
const OTHERS = 64;

/** Tables that are larger take more than a worker ever holds. */
const MOST = 131_072;

/**
 * Has the kernel make the table of this process's open files large enough for so many streams, before any time is taken.
 *
 * Linux doubles the table of a process when it is full (`expand_fdtable` in fs/file.c), and where there are threads, as in
 * every Node process, the one that opens a file waits until no core looks at the old table: the event loop stood still for 7
 * to 20 ms at the 256th, the 512th, the 1,024th stream and so on, and each stream measured that then. A table never
 * shrinks: files that are opened and closed again leave it large.
 *
 * @param streams that this process may have open at a time; where the limit of open files is lower, up to that
 */
export function growDescriptorTable(streams: number): void {
  if (process.platform !== 'linux') return;
  const descriptors: number[] = [];
  try {
    const wanted = Math.min(MOST, streams + OTHERS);
    while (descriptors.length < wanted) descriptors.push(openSync(devNull, 'r'));
  } catch {
    // The limit is reached (EMFILE), and with it the largest table that this process can need.
  } finally {
    for (const descriptor of descriptors) closeSync(descriptor);
  }
}
