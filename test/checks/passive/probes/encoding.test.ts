import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { encoding } from '../../../../src/checks/passive/probes/encoding.ts';
import { idle } from '../../../../src/checks/passive/probes/idle.ts';
import { lifetime } from '../../../../src/checks/passive/probes/lifetime.ts';
import { responseHeaders } from '../../../../src/checks/passive/probes/response-headers.ts';
import { judge, live, SENT, unsaid, verdict } from '../judging.ts';
import { seen, stream, way } from '../streams.ts';

describe('encoding', () => {
  const coded = (eventsMs: readonly number[], applied: string) =>
    stream({ eventsMs, endMs: 5_000, encoding: applied });

  test('finds a compressor that holds events', () => {
    const held = way(live, { gzip: coded([], 'gzip'), br: coded(SENT, 'br') });
    const { status, fault, evidence, summary } = judge(encoding, seen(held));
    assert.deepEqual([status, fault], ['fail', 'compression.holds-events']);
    assert.match(summary, /^with Accept-Encoding gzip no event came; without it 40 came meanwhile/);
    assert.deepEqual(evidence[1], { k: 'stalledEncodings', v: 'gzip' });
    assert.equal(verdict(encoding, seen(held, held)), 'pass');
    assert.equal(verdict(encoding, seen(held, way(live))), 'fail compression.holds-events');
  });

  test('finds a compressor that keeps the end of each event until the next', () => {
    const sent = SENT.map((at) => at * 3);
    const next = sent.map((_at, index) => (sent[index + 1] ?? 15_000) + 2);
    const bare = stream({ eventsMs: sent, endMs: 15_000 });
    const held = way(bare, { gzip: stream({ eventsMs: next, endMs: 15_000, encoding: 'gzip' }) });
    const { fault, evidence, summary, proxied } = judge(encoding, seen(held));
    assert.equal(fault, 'compression.holds-events');
    assert.match(summary, /^with Accept-Encoding gzip each event comes when the next one is sent, up to/);
    assert.ok(evidence.some(({ k }) => k === 'comesWithTheNext'));
    assert.ok(Number(proxied.gzipLaterMs) > 250, String(proxied.gzipLaterMs));
  });

  test('passes one that does not, and a stream that nobody compresses', () => {
    assert.equal(verdict(encoding, seen(way(live, { gzip: coded(SENT, 'gzip') }))), 'pass');
    assert.match(judge(encoding, seen(way(live))).summary, /nobody compresses/);
  });

  test('says of Caddy that small events pass it uncompressed, and large ones may not', () => {
    const by = (server: string, bytes: number, encoding = 'identity') => {
      const headers = [['Server', server]] as const;
      const reads = SENT.map((at) => ({ at, bytes }));
      return way(stream({ headers, reads, eventsMs: SENT, endMs: 5_000, encoding }));
    };
    const onlyIf = (what: ReturnType<typeof by>) => judge(encoding, seen(what)).onlyIf;
    assert.match(onlyIf(by('Caddy', 53)) ?? '', /^only if every stream begins with as little .* 53 bytes: /);
    assert.ok(onlyIf(by('Caddy', 512)));
    assert.equal(onlyIf(by('Caddy', 513)), undefined);
    assert.equal(onlyIf(by('Caddy', 53, 'gzip')), undefined);
    assert.equal(onlyIf(by('nginx', 53)), undefined);
  });

  test('passes no compressor of which it has seen too little', () => {
    const few = way(live, { gzip: coded(SENT, 'gzip'), br: coded(SENT.slice(0, 2), 'br') });
    unsaid(
      encoding,
      seen(few),
      /^of the same events fewer than 5 came one by one with compression and without/,
    );
  });

  test('says nothing of a stream that did not come', () => {
    // nginx as it comes, in front of what is silent for 20 s, compressing or not.
    const none = seen(way(stream({ headMs: null })), way(live));
    for (const probe of [encoding, idle, lifetime, responseHeaders]) {
      unsaid(probe, none, /^no head of a stream came$/);
    }
  });
});
