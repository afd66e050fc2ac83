import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import {
  createServer,
  get,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { pathOf } from '../../../src/checks/between/path.ts';
import { checkReachable } from '../../../src/checks/reach/reachable.ts';
import { SseKitError } from '../../../src/client/errors.ts';
import { requestOf } from '../../client/recorded-attempt.ts';
import { certificates } from '../../e2e/harness/certificates.ts';
import { listen } from '../../e2e/harness/listening.ts';
import { type Checking, startChecking } from '../checking.ts';
import type { ProxyFaults } from '../faulty-proxy.ts';

/** The error of a run whose proxy is at this URL. */
async function refusalAt({ direct, context }: Checking, request: ReturnType<typeof requestOf>) {
  let refusal: unknown;
  try {
    await checkReachable({ direct, proxied: { ...direct, name: 'proxied', request } }, context, {
      revivalMs: 600,
    });
  } catch (error) {
    refusal = error;
  }
  assert.ok(refusal instanceof SseKitError, `refused, not ${refusal}`);
  assert.equal(refusal.exitCode, 14);
  assert.notEqual(refusal.hint, '');
  return refusal;
}

async function refusalOf(test: TestContext, answer: RequestListener) {
  const checking = await startChecking(test);
  const { port } = await listen(test, createServer(answer));
  const { host } = new URL(checking.context.origin.url);
  return { ...facts(await refusalAt(checking, requestOf(`http://127.0.0.1:${port}/x`))), host, port };
}

const facts = ({ code, message, hint }: SseKitError) => ({ code, message, hint });

const answering =
  (status: number, headers: Record<string, string> = {}, body = ''): RequestListener =>
  (_request, response) =>
    response.writeHead(status, headers).end(body);

describe('the look ahead of a run', () => {
  test('lets a proxy pass that leads to the origin, whatever else it does', async (t) => {
    for (const faults of [{}, { bufferUntilEnd: true, holdHeaders: true }, { maskTruncation: true }]) {
      const { direct, proxied, context } = await startChecking(t, faults satisfies ProxyFaults);
      await checkReachable({ direct, proxied }, context);
    }
  });

  test('tells what is spoken on either side of the proxy, and who says that it is there', async (t) => {
    const { direct, proxied, context } = await startChecking(t, {
      addHeaders: { via: '1.1 edge (squid), 1.1 in' },
    });
    const through = await checkReachable({ direct, proxied }, context);
    assert.deepEqual(pathOf(through), {
      clientHttp: '1.1',
      originHttp: '1.1',
      // Each proxy adds itself at the end: of an answer, the nearest to the client does so last.
      hops: ['1.1 in', '1.1 edge (squid)'],
    });
    assert.deepEqual(pathOf(undefined), { clientHttp: '1.1', hops: [] });
    assert.ok(through);
    const [visit] = through.visits;
    assert.ok(visit);
    const asked = [...visit.request.headers, ['X-Forwarded-For', '192.0.2.1, 192.0.2.2, 192.0.2.3'] as const];
    const forwarded = { ...through, visits: [{ ...visit, request: { ...visit.request, headers: asked } }] };
    // Who asks may have said the first of them.
    assert.equal(pathOf(forwarded, [['x-forwarded-for', '192.0.2.1']]).forwardedFor, 2);
  });

  test('gives a proxy that takes the origin for dead the time to look again', async (t) => {
    const { direct, proxied, context } = await startChecking(t);
    const isDead = { left: 2 };
    const answer: RequestListener = (request, response) => {
      isDead.left -= 1;
      if (isDead.left >= 0) response.writeHead(503).end();
      else response.writeHead(307, { Location: proxied.request.url.origin + request.url }).end();
    };
    const { port } = await listen(t, createServer(answer));
    const request = requestOf(`http://127.0.0.1:${port}/`);
    const notes: string[] = [];
    // What comes then is another answer, whatever it is.
    await assert.rejects(
      checkReachable({ direct, proxied: { ...direct, name: 'proxied', request } }, context, {
        onWait: (note) => void notes.push(note),
      }),
      {
        code: 'PROXY_REDIRECTS',
      },
    );
    assert.deepEqual(notes, [
      `127.0.0.1:${port} answers HTTP 503, and may take the origin for dead: it is asked again for 10 s`,
    ]);
  });

  test('repeats no secret that an answer repeats', async (t) => {
    const elsewhere = answering(302, { Location: 'http://me:hunter2@b.example/login?token=hunter3' });
    const page = answering(404, {}, 'no such page: http://me:hunter2@a.example/?token=hunter3');
    for (const answer of [elsewhere, page]) {
      const { message } = await refusalOf(t, answer);
      assert.match(message, /me:•••@/);
      assert.doesNotMatch(message, /hunter/);
    }
  });

  test('says that there is no proxy', async (t) => {
    const checking = await startChecking(t);
    const { port, close } = await listen(t, createServer());
    await close();
    const { code, message } = await refusalAt(checking, requestOf(`http://127.0.0.1:${port}/`));
    assert.equal(code, 'PROXY_UNREACHABLE');
    assert.ok(message.includes(`no proxy to be reached at 127.0.0.1:${port}: `), message);
  });

  test('says that something else answers, what it says, and where the origin is', async (t) => {
    const page = answering(404, { Server: 'nginx/1.22.1' }, '\n<html>\u001b[2J\n<body>');
    const { code, message, hint, host, port } = await refusalOf(t, page);
    assert.equal(code, 'PROXY_ELSEWHERE');
    assert.equal(
      message,
      `127.0.0.1:${port} answers HTTP 404 (Server: "nginx/1.22.1"; "<html>\\u001b[2J"), and has not asked the origin`,
    );
    assert.ok(hint.includes(host), hint);
    const stream = answering(200, { 'Content-Type': 'text/event-stream' }, 'data: hello\n\n');
    assert.match((await refusalOf(t, stream)).message, /HTTP 200 \("data: hello"\)/);
  });

  test('says that the proxy does not reach what it forwards to', async (t) => {
    for (const status of [502, 504]) {
      const { code, hint, host } = await refusalOf(t, answering(status));
      assert.equal(code, 'PROXY_BAD_GATEWAY');
      assert.match(hint, /A container or another machine/);
      assert.ok(hint.includes(host), hint);
    }
  });

  test('leads from 503 to what may be wrong with the origin, too', async (t) => {
    const { code, hint, host } = await refusalOf(t, answering(503));
    assert.equal(code, 'PROXY_ELSEWHERE');
    assert.match(hint, /^It may take the origin for dead\..*A container or another machine/);
    assert.ok(hint.includes(host), hint);
  });

  test('says where a redirect leads, and does not follow it', async (t) => {
    const { code, message } = await refusalOf(t, answering(301, { Location: 'https://app.example/x' }));
    assert.equal(code, 'PROXY_REDIRECTS');
    assert.match(message, /HTTP 301: a redirect to "https:\/\/app\.example\/x"/);
  });

  test('says that credentials are wanted, and how to give them', async (t) => {
    const server = await refusalOf(t, answering(401));
    assert.equal(server.code, 'PROXY_AUTH');
    assert.match(server.hint, /--bearer/);
    const forward = await refusalOf(t, answering(407));
    assert.equal(forward.code, 'PROXY_AUTH');
    assert.match(forward.hint, /-x http/);
  });

  test('says that the credentials were refused, where some were given', async (t) => {
    const checking = await startChecking(t);
    const { port } = await listen(t, createServer(answering(401)));
    const headers = [['Authorization', 'Basic dTp3cm9uZw==']] as const;
    const { code, message, hint } = await refusalAt(
      checking,
      requestOf(`http://127.0.0.1:${port}/`, { headers }),
    );
    assert.equal(code, 'PROXY_AUTH');
    assert.match(message, /it refuses the credentials that it was given$/);
    assert.match(hint, /^Give others/);
    assert.doesNotMatch(message + hint, /dTp3/);
  });

  test('says that TLS failed', async (t) => {
    const checking = await startChecking(t);
    const { selfSigned } = await certificates();
    const { port } = await listen(t, createTlsServer(selfSigned, answering(200)));
    const strict = requestOf(`https://localhost:${port}/`, { connection: { tls: { insecure: false } } });
    const { code, message, hint } = await refusalAt(checking, strict);
    assert.equal(code, 'PROXY_TLS');
    assert.match(message, /self-signed/);
    assert.match(hint, /--cacert|-k/);
  });

  test('says that the URL is the origin itself', async (t) => {
    const checking = await startChecking(t);
    const { port } = new URL(checking.context.origin.url);
    for (const host of ['127.0.0.1', 'localhost']) {
      const { code } = await refusalAt(checking, requestOf(`http://${host}:${port}/events`));
      assert.equal(code, 'SAME_URL');
    }
  });

  test('blames neither of two addresses that are the same, where both were given', async (t) => {
    const checking = await startChecking(t);
    const origin = { ...checking.context.origin, remote: true as const };
    const context = { ...checking.context, origin };
    const { code, message, hint } = await refusalAt({ ...checking, context }, requestOf(origin.url));
    assert.equal(code, 'SAME_URL');
    assert.match(message, /^the URL to check and --remote-origin are both 127\.0\.0\.1:\d+$/);
    assert.match(hint, /^The URL is to lead to the proxy, and --remote-origin past it/);
  });

  test('says that nobody is in between, whatever the origin is called', async (t) => {
    const checking = await startChecking(t);
    const { port } = new URL(checking.context.origin.url);
    const { origin } = checking.context;
    const everywhere = { ...origin, url: `http://0.0.0.0:${port}/` };
    const named = requestOf(`http://app.example:${port}/`, {
      connection: { resolve: [{ host: 'app.example', port: '*', addresses: ['127.0.0.1'] }] },
    });
    const elsewhere = { ...origin, url: 'http://192.0.2.9:1/' };
    for (const other of [everywhere, elsewhere]) {
      const context = { ...checking.context, origin: other };
      const { code } = await refusalAt({ ...checking, context }, named);
      assert.equal(code, 'SAME_URL');
    }
  });

  test('says how the request was changed on the way to the origin', async (t) => {
    const { direct, context } = await startChecking(t);
    const { port } = new URL(context.origin.url);
    const through = async (relay: (request: IncomingMessage, answer: ServerResponse) => void) => {
      const { port: own } = await listen(t, createServer(relay));
      return refusalAt(
        { direct, context } as Checking,
        requestOf(`http://127.0.0.1:${own}/a?b=c`, { headers: [['Accept', 'text/event-stream']] }),
      );
    };
    const asking = (path: (url: string) => string) =>
      through((request, answer) => {
        const { accept = '' } = request.headers;
        const onwards = { port, path: path(request.url ?? ''), headers: { accept } };
        get(onwards, (response) => {
          answer.writeHead(response.statusCode ?? 500);
          response.pipe(answer);
        });
      });
    const cut = await asking(() => '/other');
    assert.equal(cut.code, 'PROXY_CHANGES_REQUEST');
    assert.match(cut.message, / asks the origin for GET "\/other", without the query \(\?ssekit=…\)/);
    assert.match(cut.hint, /query as it is/);
    const changed = await asking((url) => url.slice(0, -2));
    assert.match(changed.message, / asks the origin for GET "\/a", with another \?ssekit=… than it was sent/);
    const speaking = (bytes: Buffer) =>
      through((_request, answer) => {
        const socket = connect(Number(port), '127.0.0.1').end(bytes);
        socket.resume().on('error', () => {});
        socket.once('close', () => answer.writeHead(502).end());
      });
    const tls = await speaking(Buffer.from('160301020001000197', 'hex'));
    assert.match(tls.message, / speaks TLS to the origin, which speaks plain HTTP$/);
    assert.match(tls.hint, /not to https/);
    const proxied = await speaking(
      Buffer.from('PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\nGET / HTTP/1.1\r\n\r\n'),
    );
    assert.match(proxied.message, / sends the PROXY protocol/);
  });

  test('waits on where a proxy only looks after the origin', async (t) => {
    const { direct, proxied, context } = await startChecking(t);
    let left = 2;
    const { port: own } = await listen(
      t,
      createServer((request, answer) => {
        left -= 1;
        if (left < 0) answer.writeHead(307, { Location: proxied.request.url.origin + request.url }).end();
        else get(context.origin.url, () => answer.writeHead(503).end());
      }),
    );
    const request = requestOf(`http://127.0.0.1:${own}/`);
    await assert.rejects(
      checkReachable({ direct, proxied: { ...direct, name: 'proxied', request } }, context),
      { code: 'PROXY_REDIRECTS' },
    );
  });

  test('takes no look after the origin for a request of its own', async (t) => {
    const { direct, context } = await startChecking(t);
    const { port: own } = await listen(
      t,
      createServer((_request, answer) => {
        get(context.origin.url, () => answer.writeHead(404).end());
      }),
    );
    const { code } = await refusalAt({ direct, context } as Checking, requestOf(`http://127.0.0.1:${own}/`));
    assert.equal(code, 'PROXY_ELSEWHERE');
  });

  test('asks again where the first answer was not the origin’s', async (t) => {
    const { direct, proxied, context } = await startChecking(t, {
      answersItself: (nth) => (nth === 0 ? 404 : undefined),
    });
    const asked = await checkReachable({ direct, proxied }, context);
    assert.equal(asked?.visits.length, 1);
  });

  test('takes what a flag leads to for the proxy, whatever the URL says', async (t) => {
    const { direct, context, proxy } = await startChecking(t);
    const socket = join(mkdtempSync(join(tmpdir(), 'ssekit-reach-')), 'proxy');
    t.after(() => rmSync(dirname(socket), { recursive: true }));
    const [there, origin] = [new URL(proxy.url), new URL(context.origin.url)];
    await listen(
      t,
      createTcpServer((client) => {
        const onwards = connect(Number(there.port), there.hostname);
        client.pipe(onwards).pipe(client);
      }),
      socket,
    );
    const anywhere = { host: '', port: '', toHost: there.hostname, toPort: there.port };
    const detours = [
      { unixSocket: socket },
      { connectTo: [anywhere] },
      { proxy: { http: there, noProxy: [] } },
    ];
    for (const connection of detours) {
      const request = requestOf(origin.href, { connection });
      const asked = await checkReachable(
        { direct, proxied: { ...direct, name: 'proxied', request } },
        context,
      );
      assert.equal(asked?.visits.length, 1, JSON.stringify(connection));
    }
  });

  test('is not taken in by a flag that leads to the origin itself', async (t) => {
    const checking = await startChecking(t);
    const origin = new URL(checking.context.origin.url);
    const detours = [
      { connectTo: [{ host: '', port: '', toHost: origin.hostname, toPort: origin.port }] },
      { proxy: { http: origin, noProxy: [] } },
    ];
    for (const connection of detours) {
      const { code } = await refusalAt(checking, requestOf('http://app.example/events', { connection }));
      assert.equal(code, 'SAME_URL');
    }
    const resolve = [{ host: 'app.example', port: '*', addresses: ['127.0.0.1'] }];
    const named = requestOf(`http://app.example:${origin.port}/`, { connection: { resolve } });
    assert.equal((await refusalAt(checking, named)).code, 'SAME_URL');
  });

  test('blames a forward proxy for what is its own', async (t) => {
    const checking = await startChecking(t);
    const { port, close } = await listen(t, createServer(answering(401)));
    const proxy = new URL(`http://127.0.0.1:${port}`);
    const through = (scheme: string) =>
      requestOf(`${scheme}://app.example/events`, {
        connection: { proxy: { http: proxy, https: proxy, noProxy: [] } },
      });
    const unknown = await refusalAt(checking, through('http'));
    assert.match(
      unknown.message,
      new RegExp(`^app\\.example:80 through the proxy 127\\.0\\.0\\.1:${port} answers HTTP 401`),
    );
    assert.match(unknown.hint, /-x http:/);
    const tunnel = await refusalAt(checking, through('https'));
    assert.equal(tunnel.code, 'PROXY_TUNNEL');
    assert.match(tunnel.message, new RegExp(`^the proxy 127\\.0\\.0\\.1:${port} `));
    await close();
    for (const scheme of ['http', 'https']) {
      const dead = await refusalAt(checking, through(scheme));
      assert.equal(dead.code, 'PROXY_UNREACHABLE');
      assert.match(dead.message, new RegExp(`no proxy to be reached at 127\\.0\\.0\\.1:${port}: `));
      assert.match(dead.hint, /-x/);
    }
  });

  test('says that what answers speaks no HTTP', async (t) => {
    const checking = await startChecking(t);
    const { port } = await listen(
      t,
      createTcpServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n')),
    );
    const { code, message } = await refusalAt(checking, requestOf(`http://127.0.0.1:${port}/`));
    assert.equal(code, 'PROXY_SILENT');
    assert.match(message, /has not asked the origin: /);
  });

  test('says that the origin was asked, and its answer lost', async (t) => {
    const checking = await startChecking(t, { changeStatus: { 200: 500 } });
    const changed = await refusalAt(checking, checking.proxied.request);
    assert.equal(changed.code, 'PROXY_ANSWERS_ITSELF');
    assert.match(changed.message, /HTTP 500/);
  });

  test('says that the origin can not be reached directly', async (t) => {
    const checking = await startChecking(t);
    const { port, close } = await listen(t, createServer());
    await close();
    const direct = { ...checking.direct, request: requestOf(`http://127.0.0.1:${port}/`) };
    const { code } = await refusalAt({ ...checking, direct }, checking.proxied.request);
    assert.equal(code, 'ORIGIN_UNREACHABLE');
  });

  test('ends quietly when it is aborted', async (t) => {
    const { direct, context } = await startChecking(t);
    const { port } = await listen(t, createServer());
    const request = requestOf(`http://127.0.0.1:${port}/`);
    const proxied = { ...direct, name: 'proxied' as const, request };
    await checkReachable({ direct, proxied }, { ...context, signal: AbortSignal.abort() });
  });
});
