import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { SSEKIT } from './checkout.ts';

/** A server of streams in a process of its own, which is measured from outside. */
export class StreamSource {
  readonly url: string;
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  private constructor(child: ChildProcess, url: string) {
    if (child.pid === undefined) throw new Error('a server did not start');
    this.#child = child;
    this.pid = child.pid;
    this.url = url;
  }

  /** `ssekit serve-mock`, as its users start it. */
  static async mock(...flags: string[]): Promise<StreamSource> {
    const child = spawn(
      process.execPath,
      [SSEKIT, 'serve-mock', '--port', '0', '--format', 'ndjson', ...flags],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
    return new StreamSource(child, (JSON.parse(line) as { url: string }).url);
  }

  /** What Node alone can do. */
  static async rawHub(): Promise<StreamSource> {
    const child = fork(fileURLToPath(new URL('./raw-hub-process.js', import.meta.url)), { execArgv: [] });
    const [{ url }] = (await once(child, 'message')) as [{ url: string }];
    return new StreamSource(child, url);
  }

  /** Publishes to all streams; resolves with the milliseconds until the server said that it was done. */
  async publish(data: string): Promise<number> {
    const started = performance.now();
    await this.#ask('POST', 'publish', data);
    return performance.now() - started;
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
