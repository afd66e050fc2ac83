import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startBufferingProxy } from '../../../src/checks/demo/buffering-proxy.ts';
import { observe } from '../../../src/checks/observation/observe.ts';
import { startOrigin } from '../../../src/checks/origin/own-origin.ts';
import type { OriginScript } from '../../../src/checks/origin/script.ts';
import type { Origin } from '../../../src/checks/origin/visit.ts';
import { scripted } from '../../../src/checks/ways/scripted.ts';
import { createPool } from '../../../src/client/pool.ts';
import type { StreamRequest } from '../../../src/client/request.ts';
import type { EmbeddedServer } from '../../../src/processes/embedded-server.ts';

describe('the proxy of the demo', () => {
  const pool = createPool();
  let origin: Origin;
  let proxy: EmbeddedServer;
  before(async () => {
    origin = await startOrigin({ host: '127.0.0.1', port: 0 });
    proxy = await startBufferingProxy(origin.url);
  });
  after(async () => {
    await proxy.close();
    await origin.close();
  });

  const ask = (script: Omit<OriginScript, 'key'>, headers: StreamRequest['headers'] = []) => {
    const base: StreamRequest = {
      ...{ url: new URL('events', proxy.url), method: 'GET', headers },
      connection: {
        ...{ http: 'auto' as const, family: 0 as const, resolve: [], connectTo: [], proxy: { noProxy: [] } },
        ...{ tls: { insecure: false }, connectTimeoutMs: 5_000 },
      },
      ...{ maxRedirects: 0, idleTimeoutMs: 0, maxEventSizeBytes: 1_000_000 },
    };
    const { request } = scripted({ name: 'proxied', request: base, sign: origin.sign }, script);
    return observe(pool, request, { forMs: 10_000, signal: new AbortController().signal });
  };
  const events = (count: number, sizeBytes: number) =>
    ({ do: 'events', count, everyMs: 60, sizeBytes, fill: 'text' }) as const;

  it('holds small events back until the answer ends', async () => {
    const { events: seen, reads } = await ask({ steps: [events(4, 60)] });
    assert.equal(seen.length, 4);
    assert.equal(reads.length, 1);
  });

  it('lets go 4096 bytes at a time', async () => {
    const { reads } = await ask({ steps: [events(7, 1_000)] });
    assert.deepEqual(
      reads.map(({ bytes }) => bytes),
      [4096, 7_000 - 4096],
    );
  });

  it('holds nothing where the origin asks it not to, and keeps that request to itself', async () => {
    const {
      events: seen,
      reads,
      head,
    } = await ask({
      headers: [['X-Accel-Buffering', 'no']],
      steps: [events(4, 60)],
    });
    assert.equal(seen.length, 4);
    assert.ok(reads.length > 1);
    assert.ok(!head?.headers.some(([name]) => /accel/i.test(name)));
  });

  it('leaves the names of headers as they were written, as what it stands for does', async () => {
    const { head } = await ask({ steps: [events(1, 60)] });
    const names = head?.headers.map(([name]) => name) ?? [];
    assert.ok(names.includes('Content-Type'), names.join());
    assert.deepEqual(
      names.filter((name) => name === name.toLowerCase()),
      [],
    );
  });

  it('tells the client that the origin died', async () => {
    const { end } = await ask({ steps: [events(1, 60), { do: 'end', how: 'reset' }] });
    assert.notEqual(end?.info.reason, 'eof');
  });

  it('ends with its parent', async () => {
    const another = await startBufferingProxy(origin.url);
    await another.close();
    await assert.rejects(fetch(another.url));
  });
});
