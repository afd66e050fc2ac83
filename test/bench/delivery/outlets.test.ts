import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { ExecOutlet } from '../../../src/bench/delivery/publish/exec-outlet.ts';
import { HttpOutlet } from '../../../src/bench/delivery/publish/http-outlet.ts';
import type { RequestRecipe } from '../../../src/bench/options.ts';
import type { SseKitError } from '../../../src/client/errors.ts';
import { until } from '../../e2e/harness/until.ts';

const recipe = (connection: Partial<RequestRecipe['connection']> = {}): RequestRecipe => ({
  urls: ['http://streams.invalid/'],
  method: 'GET',
  headers: [],
  connection: {
    http: 'auto',
    family: 0,
    resolve: [],
    connectTo: [],
    proxy: { noProxy: [] },
    tls: { insecure: false },
    connectTimeoutMs: 5_000,
    ...connection,
  },
  maxRedirects: 0,
  idleTimeoutMs: 0,
  maxEventSizeBytes: 1e6,
  lastEventId: '',
});

async function serving(
  t: TestContext,
  handle: (request: IncomingMessage, body: string, response: ServerResponse) => void,
): Promise<{ port: number; connections: () => number }> {
  let connections = 0;
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const text of request.setEncoding('utf8')) body += text;
    handle(request, body, response);
  });
  server.on('connection', () => {
    connections += 1;
  });
  t.after(() => server.close());
  t.after(() => server.closeAllConnections());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, connections: () => connections };
}

function outletTo(
  t: TestContext,
  url: string,
  more: Partial<ConstructorParameters<typeof HttpOutlet>[1]> = {},
) {
  const outlet = new HttpOutlet(new URL(url), { headers: [], request: recipe(), ...more });
  t.after(() => outlet.close());
  return outlet;
}

const saying = (text: string, n = 1) => ({ n, render: () => text });

async function failureOf(publishing: Promise<void>): Promise<Pick<SseKitError, 'code' | 'message'>> {
  const error = await publishing.then(
    () => assert.fail('it was published'),
    (each: SseKitError) => each,
  );
  return { code: error.code, message: error.message };
}

describe('publishing over HTTP', () => {
  test('posts the text, with the headers that were given, on connections that stay open', async (t) => {
    const seen: unknown[] = [];
    const { port, connections } = await serving(t, ({ method, url, headers }, body, response) => {
      const { host, 'content-type': type, 'x-key': key } = headers;
      seen.push({ method, url, host, type, key: Buffer.from(String(key), 'latin1').toString(), body });
      response.end('{}');
    });
    const outlet = outletTo(t, `http://127.0.0.1:${port}/publish?channel=a`, {
      headers: [
        ['Content-Type', 'application/json'],
        ['X-Key', 'ä'],
      ],
    });
    for (const text of ['{"a":"ü"}', '{}', '{}']) await outlet.publish(saying(text));
    assert.deepEqual(seen[0], {
      method: 'POST',
      url: '/publish?channel=a',
      host: `127.0.0.1:${port}`,
      type: 'application/json',
      key: 'ä',
      body: '{"a":"ü"}',
    });
    assert.equal(seen.length, 3);
    assert.equal(connections(), 1);
  });

  test('connects as streams do: to the address that was named for a host', async (t) => {
    let host: string | undefined;
    const { port } = await serving(t, ({ headers }, _, response) => {
      host = headers.host;
      response.end();
    });
    const request = recipe({ resolve: [{ host: 'api.invalid', port: '*', addresses: ['127.0.0.1'] }] });
    await outletTo(t, `http://api.invalid:${port}/`, { request }).publish(saying('x'));
    assert.equal(host, `api.invalid:${port}`);
  });

  test('goes through a proxy that forwards, with its credentials', async (t) => {
    const seen: unknown[] = [];
    const { port } = await serving(t, ({ url, headers }, _, response) => {
      seen.push([url, headers.host, headers['proxy-authorization']]);
      response.end();
    });
    const request = recipe({ proxy: { http: `http://me:pw@127.0.0.1:${port}`, noProxy: [] } });
    await outletTo(t, 'http://api.invalid/publish?x=1', { request }).publish(saying('x'));
    assert.deepEqual(seen, [
      ['http://api.invalid/publish?x=1', 'api.invalid', `Basic ${Buffer.from('me:pw').toString('base64')}`],
    ]);
  });

  test('tells a refusal by its status, with what the server said of it', async (t) => {
    const { port } = await serving(t, (_, __, response) => {
      response.writeHead(429).end(`too\n fast${'!'.repeat(10_000)}`);
    });
    const { code, message } = await failureOf(outletTo(t, `http://127.0.0.1:${port}/`).publish(saying('x')));
    assert.equal(code, 'HTTP_429');
    assert.match(message, /^publishing was answered with 429: too fast!{190,200}$/);
  });

  test('tells a server that is not there, one that hangs up, and one that never answers', async (t) => {
    const gone = createServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const { port: closed } = gone.address() as AddressInfo;
    gone.close();
    await once(gone, 'close');
    assert.equal(
      (await failureOf(outletTo(t, `http://127.0.0.1:${closed}/`).publish(saying('x')))).code,
      'ECONNREFUSED',
    );

    const { port } = await serving(t, ({ url, socket }) => {
      if (url === '/cut') socket.destroy();
    });
    assert.equal(
      (await failureOf(outletTo(t, `http://127.0.0.1:${port}/cut`).publish(saying('x')))).code,
      'ECONNRESET',
    );
    const silent = outletTo(t, `http://127.0.0.1:${port}/`);
    const waiting = failureOf(silent.publish(saying('x')));
    await silent.close();
    assert.equal((await waiting).code, 'PUBLISH_UNANSWERED');
  });
});

describe('publishing by a command', { skip: process.platform === 'win32' }, () => {
  test('gives it the text and the number, and tells how it failed', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'ssekit-publish-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const run = async (command: string, text = 'it is "7"') => {
      const outlet = new ExecOutlet(command, {
        PATH: process.env.PATH,
        OUT: join(folder, 'out'),
        SSE_DATA: 'old',
      });
      t.after(() => outlet.close());
      await outlet.publish(saying(text, 7));
      return readFileSync(join(folder, 'out'), 'utf8');
    };
    assert.equal(await run('{ echo "$SSE_N $SSE_DATA"; cat; } > "$OUT"'), '7 it is "7"\nit is "7"');
    const long = 'x'.repeat(100_000);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's
    assert.equal(await run('{ echo "${SSE_DATA-none}"; wc -c; } > "$OUT"', long), 'none\n100000\n');
    assert.deepEqual(await failureOf(run('exit 3') as Promise<never>), {
      code: 'PUBLISH_EXEC',
      message: 'the command of --publish exited with 3',
    });
  });

  test('ends a command that still runs when the run is over, with all that it started', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'ssekit-publish-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'pid');
    const outlet = new ExecOutlet('sleep 60 & echo $! > "$OUT"; wait', { PATH: process.env.PATH, OUT: file });
    const failure = failureOf(outlet.publish(saying('x')));
    let pid = 0;
    await until(() => {
      try {
        pid = Number(readFileSync(file, 'utf8'));
      } catch {
        // It is not there yet.
      }
      return pid > 0;
    });
    await outlet.close();
    assert.match((await failure).message, /was killed by SIGTERM/);
    await until(() => !lives(pid), 'what the command started to be gone');
  });
});

function lives(pid: number): boolean {
  try {
    // One that has ended and waits for its parent is gone.
    return process.kill(pid, 0) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
