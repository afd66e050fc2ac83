import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'node:test';
import { certificates } from '../../e2e/harness/certificates.ts';
import { until } from '../../e2e/harness/until.ts';
import type { ProxyPlace, ProxyProduct } from './proxy-product.ts';

/** Where daemons lie, which isn't on every user's path. */
const PATH = [process.env.PATH, '/usr/sbin', '/sbin'].join(delimiter);
/** Below those that the kernel gives to whoever asks for any: between the look and the proxy's start nobody gets it. */
const PORTS = { from: 20_000, count: 12_000 };
const MOST_LOG = 64 * 1024;

/** Groups of their own hear nothing of what ends the tests: a file that takes too long is ended by SIGTERM. */
const running = new Set<ChildProcess>();
process.once('SIGTERM', () => {
  for (const child of running) endGroup(child);
  process.exit(143);
});

/**
 * Why a proxy can't be run here, `false` where it can: what `skip` of a test takes.
 *
 * @throws Error instead of a reason where SSEKIT_REQUIRE_REAL is set: nothing may be skipped then
 */
export function missingProxy({ name, program }: ProxyProduct): string | false {
  if (PATH.split(delimiter).some((folder) => isProgram(join(folder, program)))) return false;
  const reason = `${program} is not on this machine (scripts/install-proxies): ${name} is not tested`;
  if (process.env.SSEKIT_REQUIRE_REAL) throw new Error(`${reason}, and SSEKIT_REQUIRE_REAL is set`);
  return reason;
}

/**
 * Starts a proxy in front of an origin, and resolves with its URL when it takes connections. It ends with the test, with
 * all of its processes; where the test failed, its log is printed.
 */
export async function startProxy(
  test: TestContext,
  product: ProxyProduct,
  configName: string,
  originUrl: string,
): Promise<string> {
  const config = product.configs[configName];
  if (config === undefined) throw new Error(`${product.name} has no configuration ${configName}`);
  const folder = mkdtempSync(join(tmpdir(), `ssekit-${product.program}-`));
  // Many give up root's rights, and then write there.
  chmodSync(folder, 0o777);
  const place: ProxyPlace = {
    folder,
    configPath: join(folder, 'config'),
    port: await freePort(),
    originPort: Number(new URL(originUrl).port),
  };
  writeFileSync(place.configPath, config.text(place));
  if (config.isTls) {
    const { selfSigned } = await certificates();
    writeFileSync(join(folder, 'tls.pem'), `${selfSigned.cert}\n${selfSigned.key}`);
  }
  // A file, which those that open /dev/stderr themselves can open.
  const logPath = join(folder, 'log');
  const logFile = openSync(logPath, 'a', 0o666);
  const log = () => readFileSync(logPath, 'utf8').slice(-MOST_LOG);
  // A group of its own: its workers end with it.
  const child = spawn(product.program, product.args(place), {
    cwd: folder,
    detached: true,
    env: { PATH, HOME: folder },
    stdio: ['ignore', logFile, logFile],
  });
  closeSync(logFile);
  running.add(child);
  const gone = once(child, 'exit');
  test.after(async () => {
    endGroup(child);
    await gone;
    running.delete(child);
    if (!hasPassed(test)) test.diagnostic(`${product.name}, ${configName}: ${log()}`);
    for (const path of product.leaves?.(place) ?? []) rmSync(path, { force: true });
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  await until(
    async () => child.exitCode !== null || (await accepts(place.port)),
    () => `${product.name} to take connections: ${log()}`,
  );
  if (child.exitCode !== null) throw new Error(`${product.name} did not start: ${log()}`);
  return `${config.isTls ? 'https' : 'http'}://127.0.0.1:${place.port}/`;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there, or nothing to run: what was asked.
    return false;
  }
}

/** Known since Node 20.12, to its types later. */
function hasPassed(test: TestContext): boolean {
  return (test as TestContext & { passed: boolean }).passed;
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // All of it has ended already.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    // Not yet.
    return false;
  } finally {
    socket.destroy();
  }
}

/** One that nobody listens at, and that nobody is given who asks for any. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = PORTS.from + Math.floor(Math.random() * PORTS.count);
    const server = createServer().listen(port, '127.0.0.1');
    try {
      await once(server, 'listening');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') continue;
      throw error;
    }
    server.close();
    await once(server, 'close');
    return port;
  }
}
