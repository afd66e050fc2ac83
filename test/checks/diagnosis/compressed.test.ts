import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { diagnose } from '../../../src/checks/diagnosis/diagnose.ts';
import { NO_TRANSFORM } from '../../../src/checks/fixes/origin-lines.ts';
import { asMaybeTheOrigins } from '../../../src/checks/passive/origin-may-do-it.ts';
import type { Evidence, ProbeResult } from '../../../src/results/check/result.ts';
import { found } from './measured.ts';

const FAULT = 'headers.not-of-a-stream';

/** Behind somebody who says his name; what a head lets others do. */
function told(product: string | undefined, ...evidence: Evidence[]): ProbeResult {
  const hops =
    product === undefined ? [] : [{ product, confidence: 0.85, because: ['server-header'] as const }];
  const result = { ...found('response-headers', FAULT), evidence };
  const [diagnosed] = diagnose([result], { hops, path: { clientHttp: '1.1', originHttp: null } });
  assert.ok(diagnosed);
  return diagnosed;
}

const [compression, caches] = ['compression', 'caches'].map((v) => ({ k: 'allows', v })) as [
  Evidence,
  Evidence,
];
const ignored = { k: 'noTransformIgnored', v: true };
const causes = (result: ProbeResult) => result.causes.map(({ id }) => id);
const lines = (result: ProbeResult) => result.fixes.map(({ line }) => line);

describe('a stream that is compressed on the way', () => {
  test('is mended where no-transform is known to change nothing, and nowhere else', () => {
    const apache = told('apache', compression);
    assert.deepEqual(causes(apache), ['apache.mod_deflate']);
    assert.deepEqual(lines(apache), ['SetEnvIf Request_URI "^/events" no-gzip no-brotli']);
    assert.equal(causes(told('nginx', compression))[0], 'nginx.gzip');
    assert.deepEqual(lines(told('nginx', compression)), ['gzip off;']);
  });

  test('is a matter of no-transform where nobody is known, unless it was seen to be in vain', () => {
    assert.ok(lines(told(undefined, compression)).includes(NO_TRANSFORM));
    assert.ok(lines(told('caddy', compression)).includes(NO_TRANSFORM));
    assert.ok(!lines(told('caddy', compression, ignored)).includes(NO_TRANSFORM));
  });

  test('may be stored as well: what the origin says of caches helps then', () => {
    assert.equal(lines(told('apache', compression, caches))[0], NO_TRANSFORM);
    assert.ok(!causes(told('apache', caches)).includes('apache.mod_deflate'));
  });

  test('may be compressed by the origin itself where nobody has looked at it', () => {
    const [alone] = asMaybeTheOrigins([told('apache', compression)]);
    assert.ok((alone?.causes[0]?.confidence ?? 1) <= 0.7);
    const kept = told('apache', caches);
    assert.deepEqual(asMaybeTheOrigins([kept]), [kept]);
  });
});
