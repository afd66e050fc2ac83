import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PassiveJudgement, PassiveSeen } from '../../../../src/checks/passive/passive-probe.ts';
import { responseHeaders } from '../../../../src/checks/passive/probes/response-headers.ts';
import { judge, live, SENT, verdict } from '../judging.ts';
import { seen, stream, way } from '../streams.ts';

describe('response-headers', () => {
  const headed = (...headers: [string, string][]) => way(stream({ headers }));

  test('passes the head of a stream', () => {
    assert.equal(verdict(responseHeaders, seen(way(live))), 'pass');
    assert.match(
      judge(responseHeaders, seen(headed(['cache-control', 'no-store']))).summary,
      /though without no-transform and X-Accel-Buffering/,
    );
  });

  test('fails where Access-Control-Allow-Origin is there twice, and not directly', () => {
    const kept: [string, string] = ['Cache-Control', 'no-store'];
    const cors: [string, string] = ['Access-Control-Allow-Origin', '*'];
    const lines = headed(kept, cors, cors);
    const inOne = headed(kept, ['access-control-allow-origin', 'https://a.example, *']);
    for (const twice of [lines, inOne]) {
      assert.equal(verdict(responseHeaders, seen(twice)), 'fail headers.cors-twice');
      assert.equal(verdict(responseHeaders, seen(twice, headed(kept, cors))), 'fail headers.cors-twice');
      assert.equal(verdict(responseHeaders, seen(twice, twice)), 'pass');
    }
    assert.match(
      judge(responseHeaders, seen(lines)).summary,
      /twice, .*: by a proxy or by the origin itself/,
    );
    assert.match(
      judge(responseHeaders, seen(headed(cors, cors))).summary,
      /twice, .*; there is no Cache-Control/,
    );
    assert.equal(verdict(responseHeaders, seen(headed(kept, cors))), 'pass');
  });

  test('warns where others may store, compress or collect it', () => {
    const wrong = (what: PassiveSeen) => judge(responseHeaders, what).summary;
    assert.equal(verdict(responseHeaders, seen(headed())), 'warn headers.not-of-a-stream');
    assert.match(
      wrong(seen(headed(['Cache-Control', 'public, max-age=60']))),
      /"public, max-age=60": a cache/,
    );
    assert.match(wrong(seen(headed(), way(live))), /no Cache-Control, and "no-cache, no-transform" directly/);
    assert.match(wrong(seen(way(stream({ framing: 'length' })))), /Content-Length/);
    assert.match(wrong(seen(way(stream({ encoding: 'br' })))), /encoded with br, which nobody asked for/);
    const bareOf = ({ evidence, summary }: PassiveJudgement) =>
      [evidence.some(({ k }) => k === 'sameDirectly'), /the application sends it so/.test(summary)].join();
    assert.equal(bareOf(judge(responseHeaders, seen(headed(), headed()))), 'true,true');
    assert.equal(bareOf(judge(responseHeaders, seen(headed(), way(live)))), 'false,false');
    assert.equal(bareOf(judge(responseHeaders, seen(headed()))), 'false,false');
  });

  test('lets anybody compress what nobody forbids, with a direct way and without, and says what has to be so', () => {
    const headers = [['Cache-Control', 'no-cache']] as const;
    const bare = stream({ headers, eventsMs: SENT, endMs: 5_000 });
    const packed = (eventsMs: readonly number[]) =>
      way(bare, { gzip: stream({ headers, eventsMs, endMs: 5_000, encoding: 'gzip' }) });
    for (const direct of [undefined, way(bare)]) {
      const flushed = judge(responseHeaders, seen(packed(SENT), direct));
      assert.deepEqual([flushed.status, flushed.onlyIf], ['pass', undefined]);
      assert.match(flushed.summary, /compressed \(gzip\) where the client accepts it, which holds no event$/);
      assert.equal(flushed.proxied.encodingWhereAccepted, 'gzip');
      // Of its head alone nobody sees it.
      const head = stream({ headers, encoding: 'gzip' });
      const unseen = judge(responseHeaders, seen(way(stream({ headers }), { gzip: head }), direct));
      assert.equal(unseen.status, 'pass');
      assert.match(
        unseen.onlyIf ?? '',
        /^only if compression holds no event: .*\(gzip\).* the probe encoding/,
      );
      // That it does is another probe's fault.
      const held = judge(responseHeaders, seen(packed([]), direct));
      assert.deepEqual([held.status, held.onlyIf], ['pass', undefined]);
    }
    // It is forbidden, and the head that says so is taken away.
    const taken = judge(responseHeaders, seen(packed(SENT), way(live)));
    assert.equal(taken.status, 'warn');
    assert.match(taken.summary, /compressed \(gzip\).* no no-transform, as it has directly/);
  });

  test('looks whether it is still compressed where no-transform forbids it, and by whom', () => {
    const [bare, gzipped] = [stream(), stream({ encoding: 'gzip' })];
    const packed = way(bare, { gzip: gzipped });
    assert.equal(verdict(responseHeaders, seen(packed, way(bare))), 'warn headers.not-of-a-stream');
    const { evidence, summary } = judge(responseHeaders, seen(packed, way(bare)));
    assert.match(
      summary,
      /compressed \(gzip\).*though Cache-Control says no-transform, and directly it is not/,
    );
    assert.deepEqual(
      evidence.map(({ k, v }) => `${k} ${v}`),
      ['allows compression', 'noTransformIgnored true'],
    );
    assert.equal(verdict(responseHeaders, seen(packed, packed)), 'pass');
    const alone = judge(responseHeaders, seen(packed));
    assert.equal(alone.status, 'pass');
    assert.match(
      alone.onlyIf ?? '',
      /^only if your application compresses the stream itself: it comes with gzip.*--direct URL tells/,
    );
  });

  test('lets the origin compress by itself, with no-transform or without', () => {
    const headers = [['Cache-Control', 'no-cache']] as const;
    const own = way(stream({ headers }), { gzip: stream({ headers, encoding: 'gzip' }) });
    assert.equal(verdict(responseHeaders, seen(own, own)), 'pass');
  });

  test('misses X-Accel-Buffering only where somebody may heed it', () => {
    const missing = (server: string) =>
      judge(responseHeaders, seen(headed(['Server', server]))).evidence.find(({ k }) => k === 'missing')?.v;
    assert.equal(missing('nginx/1.22.1'), 'no-transform, X-Accel-Buffering');
    assert.equal(missing('Apache/2.4.71 (Debian)'), 'no-transform');
  });
});
