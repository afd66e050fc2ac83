import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Hop } from '../../../src/checks/between/hop.ts';
import { diagnose } from '../../../src/checks/diagnosis/diagnose.ts';
import type { ProbeResult } from '../../../src/results/check/result.ts';
import { found, passed } from './measured.ts';

/** What a product shows with one line more than it needs, as it was seen; the likeliest cause, and a part of what mends it. */
interface Setting {
  name: string;
  hops: readonly Hop[];
  results: readonly ProbeResult[];
  /** By fault. */
  told: Readonly<Record<string, readonly [cause: string, fix: string]>>;
}

function seen(product: string): readonly Hop[] {
  return [{ product, confidence: 0.95, because: ['server-header'] }];
}

const LOWER_CASE: readonly Hop[] = [
  { product: 'haproxy', confidence: 0.4, because: ['lower-case-names'] },
  { product: 'node', confidence: 0.3, because: ['lower-case-names'] },
  { product: 'envoy', confidence: 0.25, because: ['lower-case-names'] },
];
const PATH = { clientHttp: '1.1', originHttp: '1.1' };
const IN_VAIN = passed('xab', { xabRemoved: false, xabCures: false });

const SETTINGS: readonly Setting[] = [
  {
    name: 'max_conns of nginx',
    hops: seen('nginx'),
    results: [
      found('capacity', 'capacity.limit', { plateau: 20, othersFate: 'status 502' }),
      passed('share'),
    ],
    told: { 'capacity.limit': ['nginx.max_conns', 'max_conns=1000'] },
  },
  {
    name: 'nginx as it comes behind one that notices a client that left by what it writes',
    hops: seen('nginx'),
    results: [
      found('client-gone', 'client-gone.unnoticed'),
      found('timing', 'buffer.threshold', { modalBurstBytes: 4096 }),
    ],
    told: { 'client-gone.unnoticed': ['nginx.held-writes', 'proxy_buffering off'] },
  },
  {
    name: 'a cache of nginx',
    hops: seen('nginx'),
    results: [found('client-gone', 'client-gone.unnoticed'), found('share', 'cache.shared')],
    told: { 'client-gone.unnoticed': ['nginx.proxy_cache', 'proxy_cache off'] },
  },
  {
    name: 'response_buffers of Caddy',
    hops: seen('caddy'),
    results: [
      found('timing', 'buffer.until-end'),
      found('headers-first', 'buffer.headers', { headLateMs: 1502, xabCuresHead: false }),
      passed('type-method', { heldWhatever: true }),
      IN_VAIN,
    ],
    told: {
      'buffer.until-end': ['caddy.response_buffers', 'response_buffers'],
      'buffer.headers': ['caddy.response_buffers', 'response_buffers'],
    },
  },
  {
    name: 'templates of Caddy for event streams',
    hops: seen('caddy'),
    results: [
      found('timing', 'buffer.until-end'),
      passed('headers-first', { headLateMs: 1 }),
      found('type-method', 'special-case.type-or-method', {
        heldVariant: 'usual',
        passedVariant: 'textPlain',
      }),
      IN_VAIN,
    ],
    told: {
      'buffer.until-end': ['caddy.templates', 'mime'],
      'special-case.type-or-method': ['caddy.templates', 'mime'],
    },
  },
  {
    name: 'templates of Caddy for plain text, as it comes',
    hops: seen('caddy'),
    results: [
      found('type-method', 'special-case.type-or-method', {
        heldVariant: 'textPlain',
        passedVariant: 'usual',
      }),
    ],
    told: { 'special-case.type-or-method': ['caddy.templates', 'mime'] },
  },
  {
    name: 'read_timeout in the transport of Caddy',
    hops: seen('caddy'),
    results: [found('idle', 'idle.cut', { idleLimitMs: 5007, headlessLimitMs: 4993, headlessStatus: 504 })],
    told: { 'idle.cut': ['caddy.read_timeout', 'read_timeout'] },
  },
  {
    name: 'max_conns_per_host of Caddy',
    hops: seen('caddy'),
    results: [found('capacity', 'capacity.limit', { plateau: 20, othersFate: 'waits' }), passed('share')],
    told: { 'capacity.limit': ['caddy.max_conns_per_host', 'max_conns_per_host'] },
  },
  {
    name: 'http-request wait-for-body of HAProxy',
    hops: LOWER_CASE,
    results: [found('post', 'buffer.request-body', { originSawEarly: false, status: 408 })],
    told: { 'buffer.request-body': ['haproxy.wait-for-request-body', 'wait-for-body'] },
  },
  {
    name: 'retry-on of HAProxy, which tries three times more',
    hops: LOWER_CASE,
    results: [found('retry', 'retry.repeated', { getHits: 4, postHits: 4, repeatedOnReused: false })],
    told: { 'retry.repeated': ['haproxy.retry-on', 'retry-on conn-failure'] },
  },
  {
    name: 'delay pools of Squid',
    hops: seen('squid'),
    results: [
      found('timing', 'buffer.timer', { bursts: 2 }),
      found('headers-first', 'buffer.headers', { headLateMs: 4243, xabCuresHead: true }),
      found('threshold', 'rate.limit', { bytesPerSecond: 1522 }),
      IN_VAIN,
    ],
    told: {
      'rate.limit': ['squid.delay_pools', 'delay_access 1 deny'],
      'buffer.timer': ['squid.delay_pools', 'delay_access 1 deny'],
      'buffer.headers': ['squid.delay_pools', 'delay_access 1 deny'],
    },
  },
  {
    name: 'client_lifetime of Squid',
    hops: seen('squid'),
    results: [found('lifetime', 'lifetime.cut', { lifetimeLimitMs: 20_007 })],
    told: { 'lifetime.cut': ['squid.client_lifetime', 'client_lifetime'] },
  },
  {
    name: 'kbytes-per-second of lighttpd',
    hops: seen('lighttpd'),
    results: [found('threshold', 'rate.limit', { bytesPerSecond: 3986 })],
    told: { 'rate.limit': ['lighttpd.kbytes-per-second', 'kbytes-per-second = 0'] },
  },
  {
    name: 'max-write-idle of lighttpd',
    hops: seen('lighttpd'),
    results: [found('idle', 'idle.cut', { idleLimitMs: 6010 })],
    told: { 'idle.cut': ['lighttpd.max-write-idle', 'max-write-idle'] },
  },
  {
    name: 'responseInterceptor of http-proxy-middleware',
    hops: [{ product: 'node', confidence: 0.94, because: ['x-powered-by'] }],
    results: [
      found('timing', 'buffer.until-end', { framing: 'length' }),
      found('headers-first', 'buffer.headers', { headLateMs: 1547, xabCuresHead: false }),
      IN_VAIN,
    ],
    told: {
      'buffer.until-end': ['http-proxy.response-interceptor', 'pathFilter'],
      'buffer.headers': ['http-proxy.response-interceptor', 'flushHeaders'],
    },
  },
  {
    name: 'a proxy that asks by fetch',
    hops: LOWER_CASE,
    results: [
      found('headers-first', 'buffer.headers', { headLateMs: 1500, xabCuresHead: false }),
      found('client-gone', 'client-gone.unnoticed'),
      found('truncation', 'truncation.hangs'),
      found('status', 'status.changed', { followsRedirects: true }),
    ],
    told: {
      'buffer.headers': ['fetch.late-head', 'flushHeaders'],
      'client-gone.unnoticed': ['fetch.signal', 'AbortController'],
      'truncation.hangs': ['fetch.pipe', 'pipeline'],
      'status.changed': ['fetch.redirect', "redirect: 'manual'"],
    },
  },
];

describe('what one line more does', () => {
  for (const { name, hops, results, told } of SETTINGS) {
    test(`is told of ${name}, with what mends it first of what a proxy can change`, () => {
      const diagnosed = diagnose(results, { hops, path: PATH });
      for (const [fault, [cause, part]] of Object.entries(told)) {
        const { causes, fixes } = diagnosed.find((each) => each.fault === fault) ?? assert.fail(fault);
        assert.equal(causes[0]?.id, cause, JSON.stringify(causes));
        assert.ok((causes[0]?.confidence ?? 0) >= 0.5, JSON.stringify(causes));
        const [fix] = fixes.filter(({ where }) => where !== 'origin');
        assert.ok(fix?.line.includes(part), JSON.stringify(fixes));
      }
    });
  }
});

describe('a limit that another product has as it comes', () => {
  test('is hardly the setting of who stands before it', () => {
    const causeOf = (product: string, result: ProbeResult) =>
      diagnose([result], { hops: seen(product), path: PATH })[0]?.causes[0]?.id;
    const cut = found('idle', 'idle.cut', { idleLimitMs: 60_050, headlessStatus: 504 });
    assert.notEqual(causeOf('caddy', cut), 'caddy.read_timeout');
    assert.notEqual(causeOf('lighttpd', cut), 'lighttpd.max-write-idle');
    const full = found('capacity', 'capacity.limit', { plateau: 150, othersFate: 'waits' });
    assert.notEqual(causeOf('caddy', full), 'caddy.max_conns_per_host');
  });
});

describe('a line for the origin', () => {
  test('about the type is for who holds what has a parameter, and not for who holds the bare type as well', () => {
    const bare = (...held: readonly string[]) => {
      const result = found('type-method', 'special-case.type-or-method');
      const evidence = held.map((v) => ({ k: 'heldVariant', v }));
      const [first] = diagnose([{ ...result, evidence }], { hops: [], path: PATH });
      return first?.fixes.some(({ line }) => line.startsWith('Content-Type: text/event-stream'));
    };
    assert.ok(bare('charset'));
    assert.ok(bare('textPlain'));
    assert.ok(!bare('usual', 'charset', 'post'));
    assert.ok(!bare('post'));
  });

  test('that came through, and ended no holding of events, is not advised for a head that came sooner', () => {
    const head = found('headers-first', 'buffer.headers', { headLateMs: 4243, xabCuresHead: true });
    const advised = (xab: ProbeResult) =>
      diagnose([head, xab], { hops: seen('squid'), path: PATH })[0]?.fixes.some(
        ({ line }) => line === 'X-Accel-Buffering: no',
      );
    assert.ok(!advised(IN_VAIN));
    assert.ok(advised(passed('xab', { xabRemoved: true })));
  });
});
