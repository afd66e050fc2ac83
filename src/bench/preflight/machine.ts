import { lookup } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { connect, createServer, isIPv4 } from 'node:net';
import { availableParallelism, freemem, networkInterfaces } from 'node:os';
import type { BenchOptions } from '../options.ts';
import { type Destination, destinationsOf, isIpv4Loopback } from './destinations.ts';
import { availableMemory } from './memory-limit.ts';

/** What a machine has, as far as it tells: everything that the preflight judges by. */
export interface Machine {
  cores: number;
  /** Files, sockets among them, that one process may have open. */
  openFiles?: number;
  /** Local ports that the kernel gives out for one destination, or one source address. */
  ports?: number;
  /** The kernel takes a port in TIME_WAIT again after a second: always, or for this machine's own addresses. */
  timeWaitReuse: 'always' | 'loopback' | 'never';
  /** Bytes, within what the process is limited to. */
  memory: number;
  /** Of each destination that has any, by its name. */
  addresses: ReadonlyMap<string, readonly string[]>;
  /** Any address of 127.0.0.0/8 may be a source. */
  loopbackSources: boolean;
  /** Destinations with several loopback addresses of which the IPv4 one takes connections. */
  answersIpv4: ReadonlySet<string>;
  /** Source addresses that can't be used, with the system's reason. */
  unusable: readonly { address: string; code: string }[];
  /** A network interface to the outside, to name in a remedy. */
  device: string;
  /** Differs from run to run. */
  run: number;
}

/** Of a long list of source addresses so many are tried, the first and the last among them. */
const SOURCES_TRIED = 64;

/** Nobody listens, or something is in the way: loopback answers at once. */
const ANSWER_WITHIN_MS = 1_000;

/**
 * Looks at the machine: names are resolved, source addresses bound.
 *
 * @param connections `allowed`: where a name has both 127.0.0.1 and ::1, the former is asked whether it answers
 */
export async function readMachine(options: BenchOptions, connections: 'allowed' | 'none'): Promise<Machine> {
  const destinations = destinationsOf(options.request);
  const [limits, range, reuse, memory, addresses, loopbackSources, unusable] = await Promise.all([
    textOf('/proc/self/limits'),
    textOf('/proc/sys/net/ipv4/ip_local_port_range'),
    textOf('/proc/sys/net/ipv4/tcp_tw_reuse'),
    availableMemory(),
    addressesOf(destinations),
    bindError('127.255.255.254').then((code) => code === undefined),
    unusableOf(options.localAddresses ?? []),
  ]);
  const openFiles = openFilesIn(limits);
  const ports = portsIn(range);
  return {
    cores: availableParallelism(),
    ...(openFiles === undefined ? {} : { openFiles }),
    ...(ports === undefined ? {} : { ports }),
    timeWaitReuse: reuseIn(reuse),
    memory: memory ?? freemem(),
    addresses,
    loopbackSources,
    answersIpv4: connections === 'none' ? new Set() : await answering(destinations, addresses),
    unusable,
    device: outsideDevice(),
    run: process.pid,
  };
}

/** The limit in force, from `/proc/self/limits`: Node raises it to the hard one when it starts. */
export function openFilesIn(limits: string): number | undefined {
  const [, soft] = /^Max open files\s+(\d+)/m.exec(limits) ?? [];
  return soft === undefined ? undefined : Number(soft);
}

export function portsIn(range: string): number | undefined {
  const [, first, last] = /^(\d+)\s+(\d+)/.exec(range) ?? [];
  return first === undefined ? undefined : Number(last) - Number(first) + 1;
}

function reuseIn(setting: string): Machine['timeWaitReuse'] {
  const value = setting.trim();
  return value === '1' ? 'always' : value === '2' ? 'loopback' : 'never';
}

/** What a file of the system holds; nothing where the system has none. */
async function textOf(path: string): Promise<string> {
  // A system without such a file tells nothing: that is an answer, and what wasn't checked is said.
  return readFile(path, 'utf8').catch(() => '');
}

async function addressesOf(destinations: readonly Destination[]): Promise<Map<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  await Promise.all(
    destinations.map(async ({ name, host, addresses }) => {
      // A name that has no address fails each attempt, which says so better.
      const list = addresses ?? (await lookup(host, { all: true }).catch(() => []));
      if (list.length > 0)
        found.set(
          name,
          list.map((each) => (typeof each === 'string' ? each : each.address)),
        );
    }),
  );
  return found;
}

async function answering(
  destinations: readonly Destination[],
  addresses: ReadonlyMap<string, readonly string[]>,
): Promise<Set<string>> {
  const answers = new Set<string>();
  await Promise.all(
    destinations.map(async ({ name, port }) => {
      const all = addresses.get(name) ?? [];
      const ipv4 = all.find(isIpv4Loopback);
      if (ipv4 !== undefined && all.includes('::1') && (await accepts(ipv4, port))) answers.add(name);
    }),
  );
  return answers;
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(ANSWER_WITHIN_MS, () => finish(false));
    socket.once('connect', () => finish(true)).once('error', () => finish(false));
  });
}

async function unusableOf(addresses: readonly string[]): Promise<{ address: string; code: string }[]> {
  const tried = spread(addresses, SOURCES_TRIED);
  const codes = await Promise.all(tried.map(bindError));
  return tried.flatMap((address, index) => {
    const code = codes[index];
    return code === undefined ? [] : [{ address, code }];
  });
}

/** So many of a list at most, evenly spread, with its first and last. */
function spread<T>(list: readonly T[], most: number): T[] {
  if (list.length <= most) return [...list];
  return Array.from(
    { length: most },
    (_, index) => list[Math.round((index * (list.length - 1)) / (most - 1))],
  ).filter((each): each is T => each !== undefined);
}

/** The system's code where no socket can have that address; `undefined` where one can. */
function bindError(address: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host: address, port: 0, backlog: 1 }, () => server.close(() => resolve(undefined)));
  });
}

function outsideDevice(): string {
  const all = Object.entries(networkInterfaces());
  const outside = all.find(([, list]) => list?.some(({ internal, address }) => !internal && isIPv4(address)));
  return outside?.[0] ?? 'eth0';
}
