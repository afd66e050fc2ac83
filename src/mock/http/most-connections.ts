import { readFileSync } from 'node:fs';

/** What a server has open besides its connections: standard files, its event loop, what it listens at, a recording. */
const OTHERS = 64;

/**
 * Connections that this process can have open at a time by its limit of open files; undefined where it tells none.
 *
 * At the limit itself libuv accepts what comes, closes it at once, and tells nobody: clients see a connection that is reset
 * before it answers, and whoever runs the server sees nothing.
 */
export function mostConnections(): number | undefined {
  try {
    const soft = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return soft === undefined ? undefined : Math.max(1, Number(soft) - OTHERS);
  } catch {
    // Only Linux has it.
    return undefined;
  }
}
