import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { diagnose } from '../../../src/checks/diagnosis/diagnose.ts';
import type { Evidence, ProbeResult } from '../../../src/results/check/result.ts';
import { found, passed } from './measured.ts';

const LOWER_CASE = [
  { product: 'haproxy', confidence: 0.4, because: ['lower-case-names'] },
  { product: 'node', confidence: 0.3, because: ['lower-case-names'] },
  { product: 'envoy', confidence: 0.25, because: ['lower-case-names'] },
];

function behind(product: string, originHttp = '1.1') {
  return {
    hops: [{ product, confidence: 0.95, because: ['server-header'] }],
    path: { clientHttp: '1.1', originHttp },
  };
}

function first(
  surroundings: Parameters<typeof diagnose>[1],
  ...results: readonly ProbeResult[]
): ProbeResult {
  const [result] = diagnose(results, surroundings);
  assert.ok(result);
  return result;
}

function linesOf({ fixes }: ProbeResult): string {
  return fixes.map(({ where, line }) => `${where}: ${line}`).join('\n');
}

/** Seen with the products themselves: what was set already, or can't help, is not what is to be done. */
describe('what is to be done', () => {
  test('about a header that is lost, by each product that can lose it', () => {
    const loses = {
      nginx: 'proxy_set_header',
      caddy: 'header_up',
      haproxy: 'del-header',
      apache: 'RequestHeader',
      varnish: 'unset req.http',
      squid: 'request_header_access',
      h2o: 'proxy.header.unset',
    };
    for (const [product, word] of Object.entries(loses)) {
      const lost = found('request', 'request.header-lost', { headerLost: 'Last-Event-ID' });
      const result = first(behind(product), lost);
      assert.ok(result.causes[0]?.id.startsWith(`${product}.`), result.causes[0]?.id);
      assert.ok(linesOf(result).includes(word), linesOf(result));
    }
  });

  test('in Varnish and h2o, where the client reads nothing, is no return (pass) and no comment', () => {
    const slow = found('slow-client', 'buffer.unbounded');
    const varnish = first(behind('varnish'), slow);
    assert.equal(varnish.causes[0]?.id, 'varnish.fetch');
    assert.match(linesOf(varnish), /return \(pipe\)/);
    assert.doesNotMatch(linesOf(varnish), /return \(pass\)|no-store/);
    const h2o = first(behind('h2o'), slow);
    assert.match(linesOf(h2o), /nothing in 2\.2\.5 mends it/);
    assert.doesNotMatch(linesOf(h2o), /a comment/);
  });

  test('in Varnish, where events run, is not do_stream; where they are held, do_esi may have switched it off', () => {
    const gone = found('client-gone', 'client-gone.unnoticed');
    const runs = first(behind('varnish'), gone, passed('timing'), passed('headers-first'));
    assert.deepEqual(
      runs.causes.map(({ id }) => id).filter((id) => id.startsWith('varnish.do_')),
      [],
    );
    assert.doesNotMatch(linesOf(runs), /do_stream/);
    const held = first(
      behind('varnish'),
      found('timing', 'buffer.until-end', { bursts: 1, framing: 'length' }),
    );
    assert.equal(held.causes[0]?.id, 'varnish.do_stream');
    assert.match(held.fixes[0]?.line ?? '', /uncacheable = true; return \(deliver\)/);
  });

  test('in Varnish, where it answers nothing when the head does not come, is pipe_timeout and not the backend', () => {
    const limits = { idleLimitMs: 60_059, headlessLimitMs: 60_032 };
    const piped = found('idle', 'idle.cut', { ...limits, headlessSeenAs: 'protocol' });
    assert.match(first(behind('varnish'), piped).fixes[0]?.line ?? '', /pipe_timeout/);
    const passedOn = found('idle', 'idle.cut', { ...limits, headlessStatus: 503 });
    const result = first(behind('varnish'), passedOn);
    assert.equal(result.causes[0]?.id, 'varnish.between_bytes_timeout');
    assert.doesNotMatch(linesOf(result), /pipe_timeout/);
  });

  test('in Apache, where fewer streams run than a process has threads, is not more threads', () => {
    const limit = (plateau: number, othersFate: string) =>
      first(behind('apache'), found('capacity', 'capacity.limit', { plateau, othersFate })).causes[0]?.id;
    assert.equal(limit(5, 'waits'), 'apache.proxypass-max');
    assert.equal(limit(5, 'status 503'), 'apache.proxypass-max');
    assert.equal(limit(150, 'waits'), 'apache.maxrequestworkers');
    assert.equal(limit(50, 'waits'), 'apache.maxrequestworkers');
  });

  test('in lighttpd, where HTTP/2 hides what broke off, is not streaming', () => {
    const masked = (...cases: string[]) => ({
      ...found('truncation', 'truncation.masked'),
      evidence: cases.map((v): Evidence => ({ k: 'masked', v })),
    });
    const streaming = first(behind('lighttpd'), masked('http2Fin', 'http2Reset'));
    assert.equal(streaming.causes[0]?.id, 'lighttpd.h2-end');
    assert.doesNotMatch(linesOf(streaming), /stream-response-body/);
    const whole = first(behind('lighttpd'), masked('http1Fin', 'http1Reset'));
    assert.equal(whole.causes[0]?.id, 'lighttpd.stream-response-body');
  });

  test('in Apache, where it speaks HTTP/1.0, is nothing in nginx', () => {
    const result = first(
      behind('apache', '1.0'),
      found('truncation', 'truncation.masked', { masked: 'http1Fin' }),
    );
    assert.equal(result.causes[0]?.id, 'apache.force-proxy-request-1.0');
    assert.doesNotMatch(linesOf(result), /nginx/);
  });

  test('where HAProxy may be, and events are held as its compression holds them, is in HAProxy first', () => {
    const held = found('encoding', 'compression.holds-events', {
      ...{ stallsOnlyWhenCompressed: true, noTransformCures: true },
      ...{ stalledEncodings: 'gzip', gzip2048LagMs: 102 },
    });
    const path = { clientHttp: '1.1', originHttp: '1.1' };
    const result = first({ hops: LOWER_CASE, path }, held, passed('timing'));
    assert.equal(result.causes[0]?.id, 'haproxy.compression');
    const ofProxies = result.fixes.filter(({ where }) => where !== 'origin');
    assert.match(ofProxies[0]?.line ?? '', /^compression type/);
  });
});

describe('what is not worth a try', () => {
  const nobody = { hops: [], path: { clientHttp: '1.1', originHttp: '1.1' } };

  test('is a product of which hardly anything speaks, where it is more likely nobody who is known', () => {
    const held = found('encoding', 'compression.holds-events', {
      ...{ stallsOnlyWhenCompressed: false, noTransformCures: false, stalledEncodings: 'gzip, br' },
      ...{ appliedEncodings: 'none', stalledSizesBytes: '60, 2048' },
    });
    const result = first(nobody, held);
    assert.equal(result.causes[0]?.id, 'somebody.unlisted', JSON.stringify(result.causes));
    assert.match(linesOf(result), /^the proxy: # look for what compresses/);
  });

  test('is a timer of 200 ms, where events are held for a second', () => {
    const slow = found('timing', 'buffer.timer', { bursts: 2, lagP95Ms: 892 });
    const result = first(nobody, slow, found('headers-first', 'buffer.timer', { headLateMs: 675 }));
    assert.equal(result.causes[0]?.id, 'somebody.unlisted', JSON.stringify(result.causes));
    assert.match(linesOf(result), /^the proxy: # look for a flush interval/);
  });
});

test('who is one of three that look alike is there, whichever it is: nobody changes an nginx then', () => {
  const path = { clientHttp: '1.1', originHttp: '1.1' };
  const result = first({ hops: LOWER_CASE, path }, found('status', 'status.changed'));
  assert.equal(result.causes[0]?.id, 'haproxy.unlisted', JSON.stringify(result.causes));
  assert.doesNotMatch(linesOf(result), /nginx/);
});

test('nginx that ignores X-Accel-Buffering buffers all the same what the client does not read', () => {
  const results = [
    found('slow-client', 'buffer.unbounded'),
    found('xab', 'buffer.threshold', { xabCures: false, xabRemoved: true }),
  ];
  const { causes } = first(behind('nginx'), ...results);
  assert.equal(causes[0]?.id, 'nginx.proxy_buffering');
  assert.ok((causes[0]?.confidence ?? 0) > 0.8, JSON.stringify(causes));
});

test('what mends a head of nginx over HTTP/2 is told where its buffers hold events, too', () => {
  const nginx = behind('nginx', '1.0');
  const surroundings = { ...nginx, path: { ...nginx.path, clientHttp: '2' } };
  const head = found('headers-first', 'buffer.headers', { xabCuresHead: false });
  const held = found('threshold', 'buffer.threshold', { modalBurstBytes: 4096 });
  const { causes, fixes } = first(
    surroundings,
    head,
    held,
    found('xab', 'buffer.threshold', { xabCures: true }),
  );
  assert.equal(causes[0]?.id, 'nginx.http2-head', JSON.stringify(causes));
  assert.equal(fixes[0]?.where, 'origin', JSON.stringify(fixes));
  assert.match(fixes[0]?.line ?? '', /comment/);
});

test('no-transform is for who was seen to heed it', () => {
  const changed = (noTransformKeeps: boolean) =>
    first({ hops: [], path: {} }, found('bytes', 'bytes.changed', { noTransformKeeps }));
  assert.match(linesOf(changed(true)), /no-transform/);
  assert.doesNotMatch(linesOf(changed(false)), /no-transform/);
});

test('who changes the head of an answer is told in each product that was seen to', () => {
  const causeOf = (product: string, fault: string, figures = {}) =>
    first(behind(product), found('response-headers', fault, figures)).causes[0]?.id;
  const gone = { cacheControlChanged: true };
  assert.equal(causeOf('haproxy', 'headers.not-of-a-stream', gone), 'haproxy.set-header');
  assert.equal(causeOf('caddy', 'headers.not-of-a-stream', gone), 'caddy.header_down');
  assert.equal(causeOf('nginx', 'headers.not-of-a-stream', gone), 'nginx.proxy_hide_header');
  const twice = ['nginx', 'haproxy', 'caddy', 'apache'].map((each) => causeOf(each, 'headers.cors-twice'));
  assert.deepEqual(twice, ['nginx.add_header', 'haproxy.add-header', 'caddy.header', 'apache.header-always']);
});

test('who follows redirects asks by fetch, or was told to; nobody else is', () => {
  const hops = [{ product: 'node', confidence: 0.7, because: ['lower-case-names'] }];
  const of = (figures: object) =>
    first({ hops, path: {} }, found('status', 'status.changed', { status301: 404, ...figures }));
  const follows = of({ followsRedirects: true });
  assert.equal(follows.causes[0]?.id, 'fetch.redirect', JSON.stringify(follows.causes));
  assert.match(linesOf(follows), /^where the proxy calls fetch: redirect: 'manual'/);
  assert.doesNotMatch(linesOf(of({ followsRedirects: false })), /redirect/i);
});

test('what mends an apology of http-proxy-middleware ends what ended by FIN, too', () => {
  const masked = found('truncation', 'truncation.masked', { masked: 'http1Reset', appendedBytes: 354 });
  const { fixes } = first(behind('http-proxy'), masked);
  assert.match(fixes[0]?.line ?? '', /^proxy\.on\('error'.*\nproxy\.on\('proxyRes'/);
});
