import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { measureTruncation, truncation } from '../../../src/checks/probes/truncation.ts';
import { startChecking } from '../checking.ts';
import type { ProxyFaults } from '../faulty-proxy.ts';

const TIMES = { lastMs: 100, hangMs: 600 };

async function check(test: TestContext, faults: ProxyFaults) {
  const { direct, proxied, context } = await startChecking(test, faults);
  const through = await measureTruncation(proxied, context, TIMES);
  const without = await measureTruncation(direct, context, TIMES);
  return truncation.judge(without, through, context);
}

describe('truncation', () => {
  test('passes where the client sees the break, and tries HTTP/2 where it is spoken', async (test) => {
    const { status, direct, proxied, evidence } = await check(test, {});
    assert.equal(status, 'pass');
    assert.deepEqual(direct, {
      http1Fin: 'error',
      http1Reset: 'error',
      http2Fin: 'error',
      http2Reset: 'error',
    });
    assert.deepEqual(proxied, { http1Fin: 'error', http1Reset: 'error' });
    assert.deepEqual(evidence, [
      { k: 'originHttp', v: '1.1' },
      { k: 'framing', v: 'chunked' },
    ]);
  });

  test('fails where the end looks like a normal one', async (test) => {
    const { status, fault, proxied } = await check(test, { maskTruncation: true });
    assert.equal(status, 'fail');
    assert.equal(fault, 'truncation.masked');
    assert.deepEqual(proxied, { http1Fin: 'clean', http1Reset: 'clean' });
  });

  test('fails where the proxy writes an error into the stream, and ends it as any other', async (test) => {
    const apology = 'Error occurred while trying to proxy';
    const { fault, summary, evidence } = await check(test, {
      maskTruncation: true,
      apologyOnTruncation: apology,
    });
    assert.equal(fault, 'truncation.masked');
    assert.match(summary, /normal end \(.*\), behind 36 bytes that the proxy wrote into the stream$/);
    assert.ok(evidence.some(({ k, v }) => k === 'appendedBytes' && v === apology.length));
  });

  test('fails otherwise where there is no end', async (test) => {
    const { status, fault, summary } = await check(test, { hangOnTruncation: true });
    assert.equal(status, 'fail');
    assert.equal(fault, 'truncation.hangs');
    assert.match(summary, /stayed open \(HTTP\/1\.1 after FIN, HTTP\/1\.1 after RST\)/);
  });

  test('has nothing to say of a proxy that never asks the origin', async (test) => {
    const { proxied, context } = await startChecking(test, { maxConnections: 0 });
    await assert.rejects(measureTruncation(proxied, context, TIMES), { name: 'NotMeasurable' });
  });

  test('names a masked end before one that never comes, and both', async (test) => {
    const { context } = await startChecking(test);
    const { fault, summary } = truncation.judge(
      { outcomes: { http1Fin: 'error', http1Reset: 'error' } },
      { outcomes: { http1Fin: 'hang', http1Reset: 'clean' } },
      context,
    );
    assert.equal(fault, 'truncation.masked');
    assert.match(
      summary,
      /normal end \(HTTP\/1\.1 after RST\), and none at all in other cases \(HTTP\/1\.1 after FIN\)/,
    );
  });

  test('blames no proxy for what is seen without it', async (test) => {
    const { context } = await startChecking(test);
    const clean = { outcomes: { http1Fin: 'clean' } };
    assert.equal(truncation.judge(clean, clean, context).status, 'pass');
  });
});
