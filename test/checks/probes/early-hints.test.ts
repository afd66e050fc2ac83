import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import { earlyHints, measureEarlyHints } from '../../../src/checks/probes/early-hints.ts';
import { startChecking } from '../checking.ts';

describe('the probe of early hints', () => {
  test('passes where they are passed on, and where they are left out', async (t) => {
    const { direct, proxied, context } = await startChecking(t);
    const seen = await measureEarlyHints(direct, context, 5_000);
    assert.deepEqual(seen, { hinted: true, status: 200, event: true, ended: false });
    // The proxy of the tests leaves them out.
    const through = await measureEarlyHints(proxied, context, 5_000);
    assert.deepEqual(through, { ...seen, hinted: false });
    const { status, summary } = earlyHints.judge(seen, through, context);
    assert.equal(status, 'pass');
    assert.equal(summary, '103 Early Hints left out, and the answer arrived');
  });

  test('fails where no answer follows them', async (t) => {
    const { direct, context } = await startChecking(t);
    const proxied = await throughProxyThatTakesThemForTheAnswer(t, context.origin.url);
    const seen = await measureEarlyHints(direct, context, 5_000);
    const through = await measureEarlyHints(proxied(direct), context, 300);
    const { status, fault, summary } = earlyHints.judge(seen, through, context);
    assert.equal(status, 'fail');
    assert.equal(fault, 'early-hints.broken');
    assert.equal(summary, 'behind 103 Early Hints no answer came');
  });

  test('fails where an error comes instead', () => {
    const seen = { hinted: true, status: 200, event: true, ended: false };
    const refused = { hinted: false, status: 503, event: false, ended: false };
    const { summary, evidence } = earlyHints.judge(seen, refused, undefined as never);
    assert.equal(summary, 'behind 103 Early Hints came HTTP 503 instead of the answer');
    assert.deepEqual(evidence, [
      { k: 'hintPassed', v: false },
      { k: 'answer', v: 503 },
    ]);
  });
});

/** Passes on what comes until the first blank line, and no more. */
async function throughProxyThatTakesThemForTheAnswer(
  t: Parameters<typeof startChecking>[0],
  originUrl: string,
) {
  const { hostname, port } = new URL(originUrl);
  const sockets: Socket[] = [];
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    sockets.push(client, upstream);
    for (const each of [client, upstream]) each.on('error', () => {});
    client.pipe(upstream);
    let head = '';
    upstream.on('data', (bytes: Buffer) => {
      if (head.includes('\r\n\r\n')) return;
      head += bytes.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end >= 0) client.write(head.slice(0, end + 4), 'latin1');
    });
  });
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  type Way = Awaited<ReturnType<typeof startChecking>>['direct'];
  return (way: Way): Way => ({ name: 'proxied', request: { ...way.request, url } });
}
