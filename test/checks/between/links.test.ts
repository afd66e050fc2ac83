import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { identify } from '../../../src/checks/between/identify.ts';
import type { HeaderPair } from '../../../src/client/records.ts';

const ORIGIN: readonly HeaderPair[] = [
  ['Content-Type', 'text/event-stream'],
  ['Cache-Control', 'no-cache'],
  ['X-Ssekit-Uid', '1'],
  ['Transfer-Encoding', 'chunked'],
];
const LOWERED = ORIGIN.map(([name, value]): HeaderPair => [name.toLowerCase(), value]);
const LOWERS = ['haproxy', 'node', 'envoy'];

function chain(
  proxied: readonly HeaderPair[],
  {
    accelBufferingSent = false,
    asked = [] as HeaderPair[],
    askedIn = '1.1',
  }: { accelBufferingSent?: boolean; asked?: HeaderPair[]; askedIn?: '1.0' | '1.1' } = {},
) {
  const request = { method: 'GET', target: '/', httpVersion: askedIn, headers: asked } as const;
  const { chain } = identify({ proxied, direct: ORIGIN, clientHttp: '1.1', accelBufferingSent, request });
  const links = chain.links.map(({ candidates, via }) => {
    const names = candidates.map(({ product }) => product);
    return names.length === 0 ? via : names;
  });
  return [links, chain.isOrderSeen ? 'seen' : 'assumed'];
}

describe('which proxies are one, and which are two', () => {
  test('one that nobody names is one, whoever it is', () => {
    assert.deepEqual(chain(LOWERED), [[LOWERS], 'seen']);
    assert.deepEqual(chain(ORIGIN), [[], 'seen']);
  });

  test('names that nginx would have left as they are were lowered behind it', () => {
    assert.deepEqual(chain([['Server', 'nginx/1.22.1'], ...LOWERED]), [[['nginx'], LOWERS], 'seen']);
  });

  test('where its own are lowered, too, that was done before it', () => {
    assert.deepEqual(chain([['server', 'nginx/1.22.1'], ...LOWERED]), [[LOWERS, ['nginx']], 'seen']);
  });

  test('who lowers names and says who he is is not two', () => {
    assert.deepEqual(chain([['server', 'envoy'], ...LOWERED]), [[['envoy']], 'seen']);
  });

  test('who is not known to leave names as they are may have lowered them', () => {
    assert.deepEqual(chain([['Server', 'cloudflare'], ...LOWERED]), [[['cloudflare']], 'seen']);
  });

  test('several in Via are as many, from the last that an answer names to the first', () => {
    const via: HeaderPair = ['Via', '1.1 varnish (Varnish/7.1), 1.1 front (squid/5.7), 1.1 somebody'];
    assert.deepEqual(chain([via, ...ORIGIN]), [['1.1 somebody', ['squid'], ['varnish']], 'seen']);
  });

  test('two of one product are two in Via', () => {
    const via: HeaderPair = ['Via', '1.1 in (squid/5.7), 1.1 out (squid/5.7)'];
    assert.deepEqual(chain([via, ...ORIGIN]), [[['squid'], ['squid']], 'seen']);
  });

  test('who adds himself to the request and to the answer is one', () => {
    const via: HeaderPair = ['Via', '1.1 front (squid/5.7)'];
    assert.deepEqual(chain([via, ...ORIGIN], { asked: [via] }), [[['squid']], 'seen']);
  });

  test('who names himself in Server may be who has no name in Via', () => {
    const headers: HeaderPair[] = [
      ['Server', 'nginx'],
      ['Via', '1.1 edge'],
    ];
    assert.deepEqual(chain([...headers, ...ORIGIN]), [[['nginx']], 'seen']);
  });

  test('what is made of another is not two', () => {
    const headers: HeaderPair[] = [
      ['X-Served-By', 'cache-fra-1'],
      ['Via', '1.1 varnish'],
    ];
    assert.deepEqual(chain([...headers, ...ORIGIN]), [[['varnish', 'fastly']], 'seen']);
  });

  test('a header that is gone is no second proxy behind a network that may have taken it', () => {
    const taken = { accelBufferingSent: true };
    assert.deepEqual(chain([['Server', 'cloudflare'], ...ORIGIN], taken), [[['cloudflare']], 'seen']);
    const behindVarnish: HeaderPair = ['Via', '1.1 varnish (Varnish/7.1)'];
    assert.deepEqual(chain([behindVarnish, ...ORIGIN], taken), [[['varnish'], ['nginx']], 'assumed']);
  });

  test('who asks in HTTP/1.0 is the last, unless it is passed on by somebody behind', () => {
    // Varnish pipes; nginx is as it comes.
    const piped: { asked: HeaderPair[]; accelBufferingSent: boolean } = {
      asked: [['X-Varnish', '2']],
      accelBufferingSent: true,
    };
    const answer: HeaderPair[] = [['Server', 'nginx/1.22.1'], ...ORIGIN];
    assert.deepEqual(chain(answer, { ...piped, askedIn: '1.0' }), [[['varnish'], ['nginx']], 'assumed']);
    // Who writes nothing into answers stands anywhere.
    const [links, order] = chain(answer, { ...piped, askedIn: '1.1' });
    assert.equal(links?.length, 2);
    assert.equal(order, 'assumed');
    // HAProxy asks as it is asked itself.
    const lowered: HeaderPair[] = [['Server', 'nginx/1.22.1'], ...LOWERED];
    assert.deepEqual(chain(lowered, { askedIn: '1.0' }), [[['nginx'], LOWERS], 'seen']);
  });

  test('networks of edges stand before what one runs; of two that one runs, the order may be a guess', () => {
    const headers: HeaderPair[] = [
      ['Server', 'nginx'],
      ['CF-Ray', '1'],
    ];
    assert.deepEqual(chain([...headers, ...ORIGIN]), [[['cloudflare'], ['nginx']], 'seen']);
    const both: HeaderPair[] = [
      ['Server', 'nginx'],
      ['X-Varnish', '1'],
    ];
    const [links, order] = chain([...both, ...ORIGIN]);
    assert.equal(links?.length, 2);
    assert.equal(order, 'assumed');
  });
});
