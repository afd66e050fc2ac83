import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bytes } from '../../../src/checks/probes/bytes.ts';
import { startChecking } from '../checking.ts';
import { judged } from '../judged.ts';

describe('the probe of bytes', () => {
  test('passes where every byte arrives', async (t) => {
    const { status, direct, proxied } = await judged(bytes, await startChecking(t));
    assert.equal(status, 'pass');
    assert.equal(proxied.receivedHash, direct.sentHash);
    assert.ok((proxied.receivedBytes as number) > 20_000);
  });

  test('shows both sides where the host of a URL is rewritten', async (t) => {
    const checking = await startChecking(t, {
      changeBytes: (text) => text.replaceAll('127.0.0.1', 'example.com'),
    });
    const { status, fault, evidence, summary } = await judged(bytes, checking);
    assert.equal(status, 'fail');
    assert.equal(fault, 'bytes.changed');
    assert.deepEqual(evidence[0], { k: 'changedPart', v: 'absolute URL' });
    assert.match(summary, /\(absolute URL\): sent "127\.0\.0\.1:\d+\/page.*", received "example\.com/);
  });

  test('finds out whether no-transform keeps what is changed', async (t) => {
    const kept = async (mostBodies: number) => {
      let bodies = 0;
      const changeBytes = (text: string) => {
        const isChanged = bodies < mostBodies;
        if (text.includes('data: done')) bodies += 1;
        return isChanged ? text.replace('</head>', '<script></script></head>') : text;
      };
      const { evidence } = await judged(bytes, await startChecking(t, { changeBytes }));
      return evidence.find(({ k }) => k === 'noTransformKeeps')?.v;
    };
    assert.equal(await kept(0), undefined);
    assert.equal(await kept(1), true);
    assert.equal(await kept(9), false);
  });

  test('finds what is injected, in every line end and character that is changed', async (t) => {
    const changes: [string, (text: string) => string][] = [
      ['byte order mark', (text) => text.replace('\ufeff', '')],
      ['CRLF', (text) => text.replaceAll('\r\n', '\n')],
      ['CR', (text) => text.replaceAll(/\r(?!\n)/g, '\n')],
      ['NUL in an id', (text) => text.replaceAll('\0', '')],
      ['HTML', (text) => text.replace('</head>', '<script src="//x"></script></head>')],
      ['characters outside ASCII', (text) => text.replace('\u00e9', 'e\u0301')],
      ['behind the end', (text) => text.replace('data: done\n\n', 'data: done\n\n<!-- served by x -->')],
    ];
    for (const [part, changeBytes] of changes) {
      const { status, evidence } = await judged(bytes, await startChecking(t, { changeBytes }));
      assert.equal(status, 'fail', part);
      assert.deepEqual(evidence[0], { k: 'changedPart', v: part });
      for (const { v } of evidence.slice(2)) assert.match(String(v), /^[ -~]{0,40}$/);
    }
  });

  test('has nothing to say where the answer is another one', async (t) => {
    const checking = await startChecking(t, { changeStatus: { 200: 502 } });
    await assert.rejects(bytes.measure(checking.proxied, checking.context), {
      why: 'the proxy answered HTTP 502 itself, though the origin had begun to answer',
    });
  });
});
