import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Redis } from 'ioredis';
import type { Hub } from '../../src/mock/channels/hub.ts';
import { createRedisHub, type RedisHubOptions } from '../../src/mock/channels/redis/redis-hub.ts';
import { until } from '../e2e/harness/until.ts';

/**
 * Why no Redis can be run here, `false` where one can: what `skip` of a test takes.
 *
 * @throws Error instead of a reason where SSEKIT_REQUIRE_REAL is set: nothing may be skipped then
 */
export function missingRedis(): string | false {
  if (spawnSync('redis-server', ['--version']).status === 0) return false;
  const reason = 'redis-server is not on this machine: Redis is not tested';
  if (process.env.SSEKIT_REQUIRE_REAL) throw new Error(`${reason}, and SSEKIT_REQUIRE_REAL is set`);
  return reason;
}

/** A Redis of a test's own, whose data outlives it in a folder for as long as the test runs. */
export class RedisServer {
  readonly port: number;
  readonly #folder: string;
  readonly #args: readonly string[];
  #child: ChildProcess | undefined;
  #client: Redis | undefined;

  private constructor(port: number, args: readonly string[]) {
    this.port = port;
    this.#args = args;
    this.#folder = mkdtempSync(join(tmpdir(), 'ssekit-redis-'));
  }

  /** Every write is on disk before it is answered, so that nothing that was answered is lost with the process. */
  static async start(test: TestContext, args: readonly string[] = []): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), args);
    test.after(() => server.#end());
    await server.run();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it (again), and resolves when it answers. */
  async run(): Promise<void> {
    const child = spawn(
      'redis-server',
      [
        ...['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.#folder],
        ...['--save', '', '--appendonly', 'yes', '--appendfsync', 'always'],
        ...this.#args,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    this.#child = child;
    let log = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
    await until(
      () => log.includes('Ready to accept connections') || child.exitCode !== null,
      () => `Redis to be ready: ${log}`,
    );
    if (child.exitCode !== null) throw new Error(`Redis did not start: ${log}`);
  }

  /** `SIGTERM` lets it finish; after `SIGKILL` there is what was on disk; `SIGSTOP` and `SIGCONT` let it hang. */
  async signal(name: 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const gone = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
    child.kill(name);
    if (name === 'SIGTERM' || name === 'SIGKILL') await gone;
  }

  /** A hub of this Redis, which closes with the test, and what it warned of. */
  async hub(
    test: TestContext,
    options: Partial<RedisHubOptions> = {},
  ): Promise<{ hub: Hub; warnings: string[] }> {
    const warnings: string[] = [];
    const hub = await createRedisHub({
      url: this.url,
      warn: (message) => warnings.push(message),
      ...options,
    });
    test.after(() => hub.close());
    return { hub, warnings };
  }

  /** Any command, as another program would send it. */
  async command(name: string, ...args: (string | number)[]): Promise<unknown> {
    this.#client ??= new Redis(this.port, '127.0.0.1', { maxRetriesPerRequest: 3 })
      // It goes away and comes back as the test says.
      .on('error', () => {});
    return this.#client.call(name, args);
  }

  async #end(): Promise<void> {
    this.#client?.disconnect();
    await this.signal('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
