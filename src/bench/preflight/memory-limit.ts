import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Where control groups tell of memory, and how their files are called: version 2, and 1. */
const VERSIONS = [
  {
    controller: '',
    mount: '/sys/fs/cgroup',
    limit: 'memory.max',
    usage: 'memory.current',
    cache: /^inactive_file (\d+)/m,
  },
  {
    controller: 'memory',
    mount: '/sys/fs/cgroup/memory',
    limit: 'memory.limit_in_bytes',
    usage: 'memory.usage_in_bytes',
    cache: /^total_inactive_file (\d+)/m,
  },
] as const;

type ReadText = (path: string) => Promise<string | undefined>;

/**
 * Bytes that processes may still take, on Linux: what the machine has available, or what is left of the limits of the
 * control groups around this process, whichever is less. `undefined` on other systems.
 */
export async function availableMemory(read: ReadText = readText): Promise<number | undefined> {
  const [, kilobytes] = /^MemAvailable:\s+(\d+) kB/m.exec((await read('/proc/meminfo')) ?? '') ?? [];
  if (kilobytes === undefined) return undefined;
  const groups = (await read('/proc/self/cgroup')) ?? '';
  const left = await Promise.all(
    VERSIONS.flatMap((version) => {
      const path = groupOf(groups, version.controller);
      return path === undefined ? [] : [leftOf(version, path, read)];
    }),
  );
  return Math.min(Number(kilobytes) * 1024, ...left);
}

/** The path of this process's group, from lines such as `4:memory:/a/b` and, in version 2, `0::/a/b`. */
function groupOf(groups: string, controller: string): string | undefined {
  for (const line of groups.split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (path !== undefined && controllers?.split(',').includes(controller)) return path;
  }
  return undefined;
}

/** The least that any group up to the root leaves. */
async function leftOf(version: (typeof VERSIONS)[number], path: string, read: ReadText): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let group = path; ; group = dirname(group)) {
    const folder = join(version.mount, group);
    const limit = Number((await read(join(folder, version.limit))) ?? Number.NaN);
    // Without a limit the file says `max`, in version 1 a number that no machine has.
    if (Number.isFinite(limit)) {
      const usage = Number((await read(join(folder, version.usage))) ?? 0);
      const [, cache = 0] = version.cache.exec((await read(join(folder, 'memory.stat'))) ?? '') ?? [];
      least = Math.min(least, Math.max(0, limit - usage + Number(cache)));
    }
    if (group === '/') return least;
  }
}

function readText(path: string): Promise<string | undefined> {
  // The groups that aren't mounted here tell nothing.
  return readFile(path, 'utf8').catch(() => undefined);
}
