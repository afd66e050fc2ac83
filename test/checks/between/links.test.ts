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
    ...seen
  }: {
    accelBufferingSent?: boolean;
    asked?: HeaderPair[];
    askedIn?: '1.0' | '1.1';
    clientHttp?: '1.1' | '2';
    bodyStart?: string;
  } = {},
) {
  const request = { method: 'GET', target: '/', httpVersion: askedIn, headers: asked } as const;
  const { chain } = identify({
    ...{ proxied, direct: ORIGIN, clientHttp: '1.1', accelBufferingSent, request },
    ...seen,
  });
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

/** As nginx 1.22, Apache 2.4, lighttpd 1.4, h2o 2.2 and Varnish 7.1 wrote them, without dates. */
describe('who stands before Varnish', () => {
  const [type, control, uid, framing] = ORIGIN as [HeaderPair, HeaderPair, HeaderPair, HeaderPair];
  const VARNISH: readonly HeaderPair[] = [
    ['X-Varnish', '2'],
    ['Age', '0'],
    ['Via', '1.1 varnish (Varnish/7.1)'],
  ];
  const alive: HeaderPair = ['Connection', 'keep-alive'];
  const nginx: HeaderPair = ['Server', 'nginx/1.22.1'];
  const apache: HeaderPair = ['Server', 'Apache/2.4.71 (Debian)'];
  const nginxFirst: HeaderPair[] = [nginx, type, framing, alive, control, uid, ...VARNISH];
  const apacheFirst: HeaderPair[] = [apache, type, control, uid, ...VARNISH, framing];
  const unpadded = { bodyStart: '64\r\nid: 1' };
  const padded = { bodyStart: '0064\r\nid: 1' };

  test('is whoever writes the chunks, if Varnish does not', () => {
    assert.deepEqual(chain(nginxFirst, unpadded), [[['nginx'], ['varnish']], 'seen']);
    assert.deepEqual(chain(apacheFirst, unpadded), [[['apache'], ['varnish']], 'seen']);
    const h2o: HeaderPair[] = [['Server', 'h2o/2.2.5'], type, control, uid, ...VARNISH];
    assert.deepEqual(chain([...h2o, ['transfer-encoding', 'chunked']], unpadded), [
      [['h2o'], ['varnish']],
      'seen',
    ]);
  });

  test('is nobody where Varnish writes them', () => {
    const behind = (server: HeaderPair): HeaderPair[] => [
      ...[server, type, control, uid],
      ...[...VARNISH, alive, framing],
    ];
    assert.deepEqual(chain(behind(nginx), padded), [[['varnish'], ['nginx']], 'seen']);
    assert.deepEqual(chain(behind(apache), padded), [[['varnish'], ['apache']], 'seen']);
  });

  test('is who writes how the body is framed before what Varnish has written', () => {
    assert.deepEqual(chain(nginxFirst), [[['nginx'], ['varnish']], 'seen']);
    assert.equal(chain(apacheFirst)[1], 'assumed');
  });

  test('is who writes his name behind what Varnish has written, though he passes its chunks on', () => {
    const lighttpd: HeaderPair[] = [type, control, uid, ...VARNISH, framing, ['Server', 'lighttpd/1.4.69']];
    assert.deepEqual(chain(lighttpd, padded), [[['lighttpd'], ['varnish']], 'seen']);
  });

  test('is usually whoever else is there, if clients speak HTTP/2', () => {
    const answer = [...nginxFirst.filter((pair) => pair !== framing && pair !== alive)];
    const lowered = answer.map(([name, value]): HeaderPair => [name.toLowerCase(), value]);
    assert.deepEqual(chain(lowered, { clientHttp: '2' }), [[['nginx'], ['varnish']], 'assumed']);
  });

  test('may be somebody unknown, whom nobody known is taken for', () => {
    // nginx writes the framing before all that it passes on.
    const behind: HeaderPair[] = [nginx, type, control, uid, ...VARNISH, framing];
    assert.equal(chain(behind, unpadded)[1], 'assumed');
    const hidden: HeaderPair[] = [apache, type, framing, alive, control, uid, ...VARNISH];
    assert.equal(chain(hidden, unpadded)[1], 'assumed');
    const balancer: HeaderPair = ['X-Amz-Apigw-Id', '1'];
    assert.deepEqual(chain([balancer, ...apacheFirst], unpadded), [
      [['aws-api-gateway'], ['varnish'], ['apache']],
      'assumed',
    ]);
  });
});
