import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import { earlyHints, measureEarlyHints } from '../../../src/checks/probes/early-hints.ts';
import { startChecking } from '../checking.ts';

describe('the probe of early hints', () => {
  test('passes where they are passed on, and where they are left out', async (t) => {
    const { direct, proxied, context } = await startChecking(t);
    const seen = await measureEarlyHints(direct, context, PACE);
    // The proxy of the tests leaves them out.
    const through = await measureEarlyHints(proxied, context, PACE);
    assert.deepEqual([seen.hinted, seen.status, seen.ended], [true, 200, true]);
    assert.deepEqual([through.hinted, through.status, through.ended], [false, 200, true]);
    for (const ms of [seen.eventMs, seen.plainEventMs, through.eventMs, through.plainEventMs])
      assert.ok(ms !== null);
    const { status, summary } = earlyHints.judge(seen, through, context);
    assert.equal(status, 'pass');
    assert.equal(summary, '103 Early Hints left out, and the answer came as soon as without');
  });

  test('warns where no answer follows them', async (t) => {
    const { direct, context } = await startChecking(t);
    const proxied = await throughProxyThatTakesThemForTheAnswer(t, context.origin.url);
    const seen = await measureEarlyHints(direct, context, PACE);
    const through = await measureEarlyHints(proxied(direct), context, { ...PACE, watchMs: 300 });
    const { status, fault, summary, onlyIf } = earlyHints.judge(seen, through, context);
    assert.equal(status, 'warn');
    assert.equal(onlyIf, 'only if the application sends 103 Early Hints');
    assert.equal(fault, 'early-hints.broken');
    assert.equal(summary, 'behind 103 Early Hints no answer came');
  });

  test('does not blame the hints for what is answered without the origin', async (t) => {
    const { proxied, context } = await startChecking(t, { answersItself: () => 429 });
    await assert.rejects(measureEarlyHints(proxied, context, { ...PACE, watchMs: 300 }), {
      why: 'the proxy answered HTTP 429 itself, and did not ask the origin',
    });
  });

  test('warns where an error comes instead, or the answer late', () => {
    const { summary, evidence } = judge({ hinted: false, status: 503, eventMs: null });
    assert.equal(summary, 'behind 103 Early Hints came HTTP 503 instead of the answer');
    assert.deepEqual(evidence, [
      { k: 'hintPassed', v: false },
      { k: 'answer', v: 503 },
    ]);
    const late = judge({ eventMs: 1_002 });
    assert.equal(late.status, 'warn');
    assert.equal(late.summary, 'behind 103 Early Hints the answer came 1000 ms later than without');
  });

  test('warns where the end of the answer does not come', () => {
    const { status, summary } = judge({ ended: false });
    assert.equal(status, 'warn');
    assert.equal(summary, `behind 103 Early Hints the answer came, and its end did not: the client waits on`);
    assert.equal(judge({ ended: false, plainEnded: false }).status, 'pass');
  });

  test('does not blame the hints for what is held without them', () => {
    assert.equal(judge({ eventMs: 1_002, plainEventMs: 1_001 }).status, 'pass');
  });

  test('is told apart from an origin that sends none', () => {
    const silent = { eventMs: null };
    assert.throws(() => judge(silent, silent), {
      why: /^behind 103 Early Hints no event came directly, either$/,
    });
    assert.equal(judge(silent).status, 'warn');
    assert.equal(judge({}, silent).status, 'pass');
  });
});

const PACE = { openMs: 200, watchMs: 5_000 };
const AT_ONCE: Awaited<ReturnType<typeof measureEarlyHints>> = {
  hinted: true,
  status: 200,
  eventMs: 2,
  ended: true,
  plainEventMs: 2,
  plainEnded: true,
};

function judge(proxied: Partial<typeof AT_ONCE>, direct: Partial<typeof AT_ONCE> = {}) {
  return earlyHints.judge({ ...AT_ONCE, ...direct }, { ...AT_ONCE, ...proxied }, undefined as never);
}

/** Passes on all of an answer, unless it begins with 103: then no more than that. */
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
      if (head === '') head = bytes.toString('latin1');
      else if (head.startsWith('HTTP/1.1 103')) return;
      const hint = /^HTTP\/1\.1 103.*?\r\n\r\n/s.exec(head)?.[0];
      client.write(hint ?? bytes);
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
  return (way: Way): Way => ({ ...way, name: 'proxied', request: { ...way.request, url } });
}
