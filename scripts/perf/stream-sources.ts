import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { setPriority } from 'node:os';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { SSEKIT } from './checkout.ts';

const LOWER_PRIORITY = 10;

/** A server of streams in a process of its own, which is measured from outside. */
export class StreamSource {
  /** Of the first process; `urls` has one for each. */
  readonly url: string;
  readonly urls: readonly string[];
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  private constructor(child: ChildProcess, urls: readonly string[]) {
    if (child.pid === undefined) throw new Error('a server did not start');
    this.#child = child;
    this.pid = child.pid;
    this.url = urls[0] ?? '';
    this.urls = urls;
  }

  /** `ssekit serve-mock`, as its users start it. */
  static mock(...flags: string[]): Promise<StreamSource> {
    return StreamSource.#start(flags, 0);
  }

  /** The same, where whoever measures on this machine goes first: else it waits for a core, and measures that. */
  static patientMock(...flags: string[]): Promise<StreamSource> {
    return StreamSource.#start(flags, LOWER_PRIORITY);
  }

  static async #start(flags: readonly string[], priority: number): Promise<StreamSource> {
    const child = spawn(
      process.execPath,
      [SSEKIT, 'serve-mock', '--port', '0', '--format', 'ndjson', ...flags],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    // Its workers are started with the same one.
    if (priority !== 0 && child.pid !== undefined) setPriority(child.pid, priority);
    const workers = Number(flags[flags.indexOf('--workers') + 1]) || 1;
    const urls: string[] = [];
    for await (const line of createInterface(child.stdout)) {
      urls.push((JSON.parse(line) as { url: string }).url);
      if (urls.length === workers) break;
    }
    return new StreamSource(child, urls);
  }

  /** What Node alone can do. */
  static async rawHub(): Promise<StreamSource> {
    const child = fork(fileURLToPath(new URL('./raw-hub-process.js', import.meta.url)), { execArgv: [] });
    const [{ url }] = (await once(child, 'message')) as [{ url: string }];
    return new StreamSource(child, [url]);
  }

  /** Publishes to all streams; resolves with the milliseconds until the server said that it was done. */
  async publish(data: string): Promise<number> {
    const started = performance.now();
    await this.#ask('POST', 'publish', data);
    return performance.now() - started;
  }

  /** How many streams it says are open. */
  async openStreams(): Promise<number> {
    return Number(/^ssekit_mock_streams (\d+)$/m.exec(await this.metrics())?.[1]);
  }

  metrics(): Promise<string> {
    return this.#ask('GET', 'metrics');
  }

  stop(): void {
    this.#agent.destroy();
    this.#child.kill('SIGKILL');
  }

  #ask(method: string, path: string, body = ''): Promise<string> {
    return new Promise((resolve, reject) => {
      const asked = request(`${this.url}${path}`, {
        method,
        agent: this.#agent,
        headers: { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(body) },
      });
      asked.once('error', reject);
      asked.once('response', (answer) => text(answer).then(resolve, reject));
      asked.end(body);
    });
  }
}
