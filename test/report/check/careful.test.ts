import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { carefulRows } from '../../../src/report/check/careful.ts';
import { plainPalette as palette } from '../../../src/report/palette.ts';
import type { Fix } from '../../../src/results/check/result.ts';

const known = { basis: 'measured', verify: '--only post' } as const;
const PREFETCH: Fix = {
  ...{ where: 'Apache httpd', line: 'SetEnv proxy-prefetch-nonblocking 1' },
  ...{ needs: 'mod_env', ...known },
};
const REQUESTS: Fix = {
  ...{ where: 'nginx', line: 'proxy_request_buffering off;\nproxy_http_version 1.1;', ...known },
  caution: 'slow uploads hold a connection',
};

function texts(...fixes: Fix[]): string[] {
  return carefulRows(fixes, palette).map(([, text]) => text);
}

describe('what is told with the lines of a place', () => {
  test('is what they need, and then what they may break', () => {
    assert.deepEqual(texts({ ...PREFETCH, caution: 'slow' }), ['needs mod_env', 'but slow']);
    assert.deepEqual(
      texts({ ...PREFETCH, needs: 'it\u001b[0m' })
        .join()
        .includes('\u001b'),
      false,
    );
  });

  test('says of several whose it is, and of two faults that have the same line in common says it once', () => {
    assert.deepEqual(texts(PREFETCH, REQUESTS), [
      'SetEnv proxy-prefetch-nonblocking 1 needs mod_env',
      'proxy_request_buffering off: but slow uploads hold a connection',
    ]);
    assert.deepEqual(texts(PREFETCH, PREFETCH), ['needs mod_env']);
  });

  test('calls a header by its name, a long directive by what stands before its block or its first word, and what is said in words not at all', () => {
    const long = { ...PREFETCH, line: 'SetEnvIf Request_URI "^/events" no-gzip no-brotli' };
    const block = { ...PREFETCH, line: `sub vcl_recv { if (req.url ~ "^/events") { return (pipe); } }` };
    const header = { ...REQUESTS, where: 'origin', line: 'X-Accel-Buffering: no', caution: 'nginx alone' };
    const remark = { ...REQUESTS, line: '# remove: that', caution: 'careful' };
    const prose = { ...REQUESTS, where: 'origin', line: 'send a comment', caution: 'often enough' };
    assert.deepEqual(texts(long, block, header, remark, prose), [
      'SetEnvIf needs mod_env',
      'sub vcl_recv needs mod_env',
      'X-Accel-Buffering: but nginx alone',
      'but careful',
      'but often enough',
    ]);
  });
});
