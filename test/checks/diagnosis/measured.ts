import type { Evidence, ProbeResult } from '../../../src/results/check/result.ts';

/** A proxy as it was measured: what the probes find through it, and what that must lead to. */
export interface MeasuredProxy {
  name: string;
  /** The product, as its headers would tell it. */
  product: string;
  version?: string;
  originHttp?: string;
  results: readonly ProbeResult[];
  /** By fault: the likeliest cause where the product is known, and part of a fix that was seen to help. */
  known: Readonly<Record<string, readonly [cause: string, fix: string]>>;
  /** The same where nothing but the behaviour is known; a fix only where several behave alike. */
  unknown: Readonly<Record<string, readonly [cause: string | undefined, fix: string]>>;
}

export function found(probe: string, fault: string, evidence: Readonly<Record<string, Evidence['v']>> = {}) {
  return result(probe, { fault, evidence });
}

export function passed(probe: string, evidence: Readonly<Record<string, Evidence['v']>> = {}): ProbeResult {
  return result(probe, { evidence });
}

function result(
  probe: string,
  { fault, evidence }: { fault?: string; evidence: Readonly<Record<string, Evidence['v']>> },
): ProbeResult {
  return {
    probe,
    status: fault === undefined ? 'pass' : 'fail',
    ...(fault === undefined ? {} : { fault }),
    summary: '',
    direct: {},
    proxied: {},
    evidence: Object.entries(evidence).map(([k, v]) => ({ k, v })),
    runs: 1,
    durationMs: 1,
    causes: [],
    fixes: [],
  };
}

const flowing = [passed('timing'), passed('threshold')];
const XAB_PASSED = { xabCures: false, xabRemoved: false };
const XAB_TAKEN = { xabCures: true, xabRemoved: true };

/** What was seen of Debian's packages, of nginx 1.31.5 and HAProxy 3.5-dev5, and of Node's proxies. */
export const MEASURED: readonly MeasuredProxy[] = [
  {
    name: 'nginx 1.22.1 as it comes',
    product: 'nginx',
    version: '1.22.1',
    originHttp: '1.0',
    results: [
      found('timing', 'buffer.until-end'),
      found('threshold', 'buffer.threshold', { modalBurstBytes: 4096 }),
      found('headers-first', 'buffer.headers'),
      found('xab', 'buffer.until-end', XAB_TAKEN),
      found('truncation', 'truncation.masked', { masked: 'http1Fin' }),
      found('idle', 'idle.cut', { idleLimitMs: 60_050, headlessStatus: 504 }),
      found('post', 'buffer.request-body'),
      found('slow-client', 'buffer.unbounded'),
      found('1xx', 'early-hints.broken'),
    ],
    known: {
      'buffer.until-end': ['nginx.proxy_buffering', 'proxy_http_version 1.1'],
      'buffer.threshold': ['nginx.proxy_buffering', 'proxy_buffering off'],
      'buffer.headers': ['nginx.proxy_buffering', 'X-Accel-Buffering: no'],
      'truncation.masked': ['nginx.proxy_http_version', 'proxy_http_version 1.1'],
      'idle.cut': ['nginx.proxy_read_timeout', 'proxy_read_timeout 1h'],
      'buffer.request-body': ['nginx.proxy_request_buffering', 'proxy_request_buffering off'],
      'buffer.unbounded': ['nginx.proxy_buffering', 'proxy_buffering off'],
      'early-hints.broken': ['nginx.early_hints', 'nginx < 1.29.0'],
    },
    unknown: {
      'buffer.threshold': ['nginx.proxy_buffering', 'proxy_buffering off'],
      'truncation.masked': ['nginx.proxy_http_version', 'proxy_http_version 1.1'],
      'idle.cut': ['nginx.proxy_read_timeout', 'proxy_read_timeout 1h'],
    },
  },
  {
    name: 'nginx 1.31.5 as it comes',
    product: 'nginx',
    version: '1.31.5',
    originHttp: '1.1',
    results: [
      ...flowing,
      found('headers-first', 'buffer.headers'),
      passed('truncation'),
      found('idle', 'idle.cut', { idleLimitMs: 60_020, headlessStatus: 504 }),
      found('slow-client', 'buffer.unbounded'),
    ],
    known: {
      'buffer.headers': ['nginx.proxy_buffering', 'proxy_set_header Connection "";\nproxy_read_timeout 1h'],
      'idle.cut': ['nginx.proxy_read_timeout', 'proxy_read_timeout 1h'],
      'buffer.unbounded': ['nginx.proxy_buffering', 'proxy_buffering off'],
    },
    unknown: {
      'buffer.headers': [undefined, 'a comment at once'],
      'idle.cut': ['nginx.proxy_read_timeout', 'a comment every 15 s'],
    },
  },
  {
    name: 'nginx 1.31.5 that compresses streams',
    product: 'nginx',
    version: '1.31.5',
    originHttp: '1.1',
    results: [
      ...flowing,
      found('encoding', 'compression.holds-events', {
        stallsOnlyWhenCompressed: true,
        noTransformCures: false,
        stalledEncodings: 'gzip',
        stalledSizesBytes: '60, 2048',
      }),
    ],
    known: { 'compression.holds-events': ['nginx.gzip', 'gzip_types'] },
    unknown: { 'compression.holds-events': ['nginx.gzip', 'gzip_types'] },
  },
  {
    name: 'nginx with cache and lock',
    product: 'nginx',
    results: [found('share', 'cache.waits-for-first'), found('client-gone', 'client-gone.unnoticed')],
    known: {
      'cache.waits-for-first': ['nginx.proxy_cache_lock', 'proxy_cache off'],
      'client-gone.unnoticed': ['nginx.proxy_cache', 'proxy_cache off'],
    },
    unknown: { 'cache.waits-for-first': [undefined, 'no-store'] },
  },
  {
    name: 'nginx 1.22.1 with a cache, whatever Cache-Control says, and sendfile and tcp_nopush on',
    product: 'nginx',
    version: '1.22.1',
    results: [
      found('timing', 'buffer.timer', { bursts: 3, lagP95Ms: 795 }),
      passed('threshold'),
      passed('xab', XAB_TAKEN),
      found('share', 'cache.shared', { copied: 'no Cache-Control, no cookie' }),
      found('type-method', 'special-case.type-or-method', { heldVariant: 'usual', passedVariant: 'post' }),
    ],
    known: {
      'buffer.timer': ['nginx.proxy_cache-sendfile', 'proxy_cache off'],
      'special-case.type-or-method': ['nginx.proxy_cache-sendfile', 'proxy_cache off'],
    },
    unknown: {},
  },
  ...['connect_error', 'reset', 'status 429'].map(
    (othersFate): MeasuredProxy => ({
      name: `HAProxy 2.6.12 with a rule for who has too many connections open (${othersFate})`,
      product: 'haproxy',
      results: [...flowing, found('capacity', 'capacity.limit', { plateau: 20, othersFate })],
      known: { 'capacity.limit': ['haproxy.conn-cur', 'sc0_conn_cur'] },
      unknown: {},
    }),
  ),
  {
    name: 'HAProxy 2.6.12 with maxconn 20',
    product: 'haproxy',
    results: [...flowing, found('capacity', 'capacity.limit', { plateau: 20, othersFate: 'waits' })],
    known: { 'capacity.limit': ['haproxy.maxconn', 'maxconn 4000'] },
    unknown: {},
  },
  {
    name: 'HAProxy 2.6.12',
    product: 'haproxy',
    version: '2.6.12',
    originHttp: '1.1',
    results: [
      found('timing', 'buffer.timer', { batchEveryMs: 205 }),
      found('headers-first', 'buffer.headers', { headLateMs: 209 }),
      passed('xab', { xabRemoved: false }),
      found('idle', 'idle.cut', { idleLimitMs: 50_030, headlessStatus: 504 }),
      found('client-gone', 'client-gone.on-next-write'),
      found('truncation', 'truncation.masked', { masked: 'http2Fin' }),
    ],
    known: {
      'buffer.timer': ['haproxy.http-no-delay', 'option http-no-delay'],
      'buffer.headers': ['haproxy.http-no-delay', 'option http-no-delay'],
      'idle.cut': ['haproxy.timeout', 'timeout server 1h'],
      'client-gone.on-next-write': ['haproxy.abortonclose', 'a comment every 15 s'],
      'truncation.masked': ['haproxy.h2-end', '2.6.12 does so'],
    },
    unknown: {
      'buffer.timer': ['haproxy.http-no-delay', 'option http-no-delay'],
      'idle.cut': ['haproxy.timeout', 'timeout server 1h'],
      'truncation.masked': ['haproxy.h2-end', '2.6.12 does so'],
      'client-gone.on-next-write': ['haproxy.abortonclose', 'a comment every 15 s'],
    },
  },
  {
    name: 'Apache 2.4',
    product: 'apache',
    results: [
      ...flowing,
      found('idle', 'idle.cut', { idleLimitMs: 300_100, headlessStatus: 502 }),
      found('capacity', 'capacity.limit', { plateau: 150 }),
      found('h2', 'h2.stream-limit', { plateau: 6 }),
      found('client-gone', 'client-gone.on-next-write'),
    ],
    known: {
      'idle.cut': ['apache.proxytimeout', 'ProxyTimeout 3600'],
      'capacity.limit': ['apache.maxrequestworkers', 'MaxRequestWorkers'],
      'h2.stream-limit': ['apache.mod_http2', 'Protocols http/1.1'],
      'client-gone.on-next-write': ['apache.client-watch', 'a comment every 15 s'],
    },
    unknown: {
      'idle.cut': ['apache.proxytimeout', 'ProxyTimeout 3600'],
      'capacity.limit': ['apache.maxrequestworkers', 'MaxRequestWorkers'],
      'h2.stream-limit': ['apache.mod_http2', 'Protocols http/1.1'],
    },
  },
  {
    name: 'Apache 2.4 with CacheEnable, and prefork',
    product: 'apache',
    results: [
      ...flowing,
      found('share', 'cache.shared-when-public', { copied: 'Cache-Control: public, no cookie' }),
      found('capacity', 'capacity.limit', { plateau: 25, othersFate: 'waits' }),
    ],
    known: {
      'cache.shared-when-public': ['apache.mod_cache', 'CacheDisable /events'],
      'capacity.limit': ['apache.maxrequestworkers', '<IfModule mpm_prefork_module>'],
    },
    unknown: {},
  },
  {
    name: 'Apache 2.4 with ProxyPass … max=5 timeout=5',
    product: 'apache',
    results: [
      ...flowing,
      found('idle', 'idle.cut', { idleLimitMs: 5_005, headlessLimitMs: 4_986, headlessStatus: 502 }),
      found('capacity', 'capacity.limit', { plateau: 15, othersFate: 'waits' }),
    ],
    known: {
      'idle.cut': ['apache.proxytimeout', 'timeout=3600'],
      'capacity.limit': ['apache.proxypass-max', 'max= of ProxyPass'],
    },
    unknown: { 'idle.cut': [undefined, 'a comment every 2 s'] },
  },
  {
    name: 'Apache 2.4 with the filter RATE_LIMIT, and with Header set Cache-Control',
    product: 'apache',
    results: [
      found('timing', 'buffer.timer', { lagP95Ms: 180, batchEveryMs: 200 }),
      found('threshold', 'rate.limit', { bytesPerSecond: 4_037 }),
      found('response-headers', 'headers.not-of-a-stream', { cacheControlChanged: true }),
    ],
    known: {
      'buffer.timer': ['apache.mod_ratelimit', 'UnsetEnv rate-limit'],
      'rate.limit': ['apache.mod_ratelimit', 'UnsetEnv rate-limit'],
      'headers.not-of-a-stream': ['apache.header-cache-control', 'expr=%{CONTENT_TYPE} !~'],
    },
    unknown: {},
  },
  {
    name: 'Caddy 2.6.2 with encode',
    product: 'caddy',
    version: '2.6.2',
    originHttp: '1.1',
    results: [
      ...flowing,
      passed('headers-first'),
      found('encoding', 'compression.holds-events', {
        stallsOnlyWhenCompressed: true,
        noTransformCures: false,
        stalledEncodings: 'gzip, zstd',
        stalledSizesBytes: '2048',
      }),
      found('truncation', 'truncation.masked', { masked: 'http1Reset' }),
    ],
    known: {
      'compression.holds-events': ['caddy.encode', 'encode {'],
      'truncation.masked': ['caddy.reverse_proxy-end', 'Caddy < 2.7.6'],
    },
    unknown: {
      'compression.holds-events': ['caddy.encode', 'encode {'],
      'truncation.masked': ['caddy.reverse_proxy-end', 'Caddy < 2.7.6'],
    },
  },
  {
    name: 'Varnish 7.1.1',
    product: 'varnish',
    version: '7.1',
    results: [
      ...flowing,
      found('idle', 'idle.cut', { idleLimitMs: 61_000, headlessStatus: 503 }),
      found('share', 'cache.shared', { copied: 'no Cache-Control, no cookie' }),
      found('client-gone', 'client-gone.on-next-write'),
      found('1xx', 'early-hints.broken', { answer: 503 }),
    ],
    known: {
      'idle.cut': ['varnish.between_bytes_timeout', '.between_bytes_timeout = 1h'],
      'cache.shared': ['varnish.cacheable', 'beresp.uncacheable = true'],
      'client-gone.on-next-write': ['varnish.client-watch', 'return (pipe)'],
      'early-hints.broken': ['varnish.interim', 'send no 103'],
    },
    unknown: {
      'idle.cut': ['varnish.between_bytes_timeout', '.between_bytes_timeout = 1h'],
      'cache.shared': ['varnish.cacheable', 'beresp.uncacheable = true'],
      'early-hints.broken': ['varnish.interim', 'send no 103'],
    },
  },
  {
    name: 'Varnish 7.1.1 with return (retry)',
    product: 'varnish',
    version: '7.1',
    results: [
      ...flowing,
      found('retry', 'retry.repeated', { getHits: 3, postHits: 1, repeatedOnReused: false }),
    ],
    known: { 'retry.repeated': ['varnish.retry', 'no return (retry)'] },
    unknown: { 'retry.repeated': [undefined, 'Idempotency-Key'] },
  },
  {
    name: 'Varnish 7.1.1 that pipes',
    product: 'varnish',
    results: [
      ...flowing,
      found('idle', 'idle.cut', {
        idleLimitMs: 60_059,
        headlessLimitMs: 60_032,
        headlessSeenAs: 'protocol',
      }),
    ],
    known: { 'idle.cut': ['varnish.pipe_timeout', '-p pipe_timeout=3600'] },
    unknown: { 'idle.cut': [undefined, 'a comment every 15 s'] },
  },
  {
    name: 'Varnish 7.1.1 with return (deliver), and no Cache-Control left',
    product: 'varnish',
    results: [
      ...flowing,
      passed('headers-first'),
      found('client-gone', 'client-gone.unnoticed'),
      found('response-headers', 'headers.not-of-a-stream', { cacheControlChanged: true }),
    ],
    known: {
      'client-gone.unnoticed': ['varnish.cacheable-fetch', 'beresp.uncacheable = true'],
      'headers.not-of-a-stream': ['varnish.cache-control', 'beresp.http.Cache-Control'],
    },
    unknown: {},
  },
  {
    name: 'Varnish 7.1.1 with .max_connections = 20',
    product: 'varnish',
    results: [...flowing, found('capacity', 'capacity.limit', { plateau: 20, othersFate: 'status 503' })],
    known: { 'capacity.limit': ['varnish.max_connections', '.max_connections = 1000'] },
    unknown: {},
  },
  {
    name: 'Varnish 7.1.1 with do_gzip, looked at alone, and unset beresp.http.Set-Cookie',
    product: 'varnish',
    results: [
      found('timing', 'buffer.until-end', { bursts: 1 }),
      passed('headers-first'),
      found('response-headers', 'headers.not-of-a-stream', { allows: 'compression' }),
      found('status', 'headers.lost', { answerHeaderLost: 'Set-Cookie' }),
    ],
    known: {
      'headers.not-of-a-stream': ['varnish.do_gzip', 'beresp.uncacheable = true'],
      'headers.lost': ['varnish.unset-answer', '!~ "text/event-stream"'],
    },
    unknown: {},
  },
  {
    name: 'Varnish with do_gzip',
    product: 'varnish',
    results: [
      found('threshold', 'buffer.threshold', { modalBurstBytes: 32_768 }),
      passed('xab', XAB_PASSED),
      found('client-gone', 'client-gone.unnoticed'),
    ],
    known: {
      'buffer.threshold': ['varnish.do_gzip', 'beresp.uncacheable = true'],
      'client-gone.unnoticed': ['varnish.do_gzip', 'beresp.uncacheable = true'],
    },
    unknown: { 'buffer.threshold': ['varnish.do_gzip', 'beresp.uncacheable = true'] },
  },
  {
    name: 'Squid 5.7 as an accelerator',
    product: 'squid',
    results: [
      ...flowing,
      found('share', 'cache.shared-when-public'),
      found('request', 'request.header-lost', { headerLost: 'Authorization' }),
    ],
    known: {
      'cache.shared-when-public': ['squid.cache', 'not: public'],
      'request.header-lost': ['squid.accel-login', 'login=PASS'],
    },
    unknown: { 'request.header-lost': ['squid.accel-login', 'login=PASS'] },
  },
  {
    name: 'lighttpd 1.4.69',
    product: 'lighttpd',
    version: '1.4.69',
    results: [
      found('timing', 'buffer.until-end', { framing: 'length' }),
      found('headers-first', 'buffer.headers'),
      passed('xab', XAB_PASSED),
      found('client-gone', 'client-gone.unnoticed'),
      found('truncation', 'truncation.masked', { masked: 'http1Fin' }),
    ],
    known: {
      'buffer.until-end': ['lighttpd.stream-response-body', 'server.stream-response-body = 2'],
      'buffer.headers': ['lighttpd.stream-response-body', 'server.stream-response-body = 2'],
      'client-gone.unnoticed': ['lighttpd.stream-response-body', 'server.stream-response-body = 2'],
      'truncation.masked': ['lighttpd.stream-response-body', 'server.stream-response-body = 2'],
    },
    unknown: { 'buffer.until-end': [undefined, 'server.stream-response-body = 2'] },
  },
  {
    name: 'h2o 2.2.5',
    product: 'h2o',
    results: [
      ...flowing,
      found('headers-first', 'buffer.headers'),
      found('idle', 'idle.cut', { idleLimitMs: 30_010, headlessStatus: 502 }),
      found('truncation', 'truncation.masked', { masked: 'http1Fin' }),
    ],
    known: {
      'buffer.headers': ['h2o.late-head', 'a comment at once'],
      'idle.cut': ['h2o.proxy-timeout-io', 'proxy.timeout.io'],
      'truncation.masked': ['h2o.end', 'event: done'],
    },
    unknown: {
      'buffer.headers': [undefined, 'a comment at once'],
      'idle.cut': [undefined, 'a comment every 15 s'],
    },
  },
  {
    name: 'nghttpx 1.52',
    product: 'nghttpx',
    results: [...flowing, found('idle', 'idle.cut', { idleLimitMs: 60_010, headlessStatus: 504 })],
    known: { 'idle.cut': ['nghttpx.backend-read-timeout', '--backend-read-timeout=1h'] },
    unknown: { 'idle.cut': [undefined, 'a comment every 15 s'] },
  },
  {
    name: 'Apache Traffic Server 9.2.9',
    product: 'ats',
    results: [
      ...flowing,
      found('idle', 'idle.cut', { idleLimitMs: 31_000, headlessStatus: 504 }),
      found('retry', 'retry.repeated', { getHits: 4, postHits: 1 }),
      found('client-gone', 'client-gone.on-next-write'),
      found('share', 'cache.shared-when-public', { copied: 'Cache-Control: public, no cookie' }),
    ],
    known: {
      'cache.shared-when-public': ['ats.cache', 'proxy.config.http.cache.http=0'],
      'idle.cut': ['ats.transaction_no_activity_timeout', 'transaction_no_activity_timeout_out INT 3600'],
      'retry.repeated': ['ats.connect_attempts', 'connect_attempts_max_retries INT 0'],
      'client-gone.on-next-write': ['ats.client-watch', 'a comment every 15 s'],
    },
    unknown: { 'idle.cut': [undefined, 'a comment every 15 s'] },
  },
  {
    name: 'tinyproxy 1.11.1 with Timeout 4 and MaxClients 10',
    product: 'tinyproxy',
    results: [
      ...flowing,
      found('idle', 'idle.cut', { idleLimitMs: 4006, headlessLimitMs: 4108 }),
      found('capacity', 'capacity.limit', { plateau: 20, othersFate: 'waits' }),
    ],
    known: {
      'idle.cut': ['tinyproxy.timeout', 'Timeout 3600'],
      'capacity.limit': ['tinyproxy.maxclients', 'MaxClients 2000'],
    },
    unknown: { 'idle.cut': [undefined, 'a comment every 2 s'] },
  },
  {
    name: 'Privoxy 3.0.34 with socket-timeout 4 and max-client-connections 10',
    product: 'privoxy',
    results: [
      ...flowing,
      found('idle', 'idle.cut', { idleLimitMs: 4014, headlessLimitMs: 3995, headlessStatus: 504 }),
      found('capacity', 'capacity.limit', { plateau: 10, othersFate: 'status 503' }),
      found('post', 'buffer.request-body'),
    ],
    known: {
      'buffer.request-body': ['privoxy.request-body', 'send what is large first'],
      'idle.cut': ['privoxy.socket-timeout', 'socket-timeout 3600'],
      'capacity.limit': ['privoxy.max-client-connections', 'max-client-connections 2000'],
    },
    unknown: { 'idle.cut': [undefined, 'a comment every'] },
  },
  {
    name: 'nginx 1.22.1 that is loaded anew with worker_shutdown_timeout',
    product: 'nginx',
    version: '1.22.1',
    results: [...flowing, found('lifetime', 'lifetime.cut', { cutTogether: true })],
    known: { 'lifetime.cut': ['nginx.worker_shutdown', 'worker_shutdown_timeout 1h'] },
    unknown: { 'lifetime.cut': [undefined, 'worker_shutdown_timeout 1h'] },
  },
  {
    name: 'mitmproxy 8.1.1',
    product: 'tls-inspection',
    results: [
      found('timing', 'buffer.until-end'),
      found('headers-first', 'buffer.headers'),
      passed('xab', XAB_PASSED),
    ],
    known: { 'buffer.until-end': ['tls-inspection.whole-answer', 'stream_large_bodies=1'] },
    unknown: { 'buffer.until-end': [undefined, 'from inspection'] },
  },
  {
    name: 'express-rate-limit 8.7.4 before http-proxy-3',
    product: 'node',
    results: [...flowing, found('reach', 'origin.not-asked', { notAskedFate: 'status 429' })],
    known: { 'origin.not-asked': ['express-rate-limit.limit', 'skip: (req) =>'] },
    unknown: {},
  },
  {
    name: 'http-proxy 1.18.1',
    product: 'http-proxy',
    results: [
      ...flowing,
      found('headers-first', 'buffer.headers'),
      found('client-gone', 'client-gone.unnoticed'),
      found('truncation', 'truncation.hangs', { hangs: 'http1Fin' }),
    ],
    known: {
      'buffer.headers': ['http-proxy.late-head', 'a comment at once'],
      'client-gone.unnoticed': ['http-proxy.client-gone', 'http-proxy-3'],
      'truncation.hangs': ['http-proxy.truncation', 'res.destroy()'],
    },
    unknown: {
      'client-gone.unnoticed': ['http-proxy.client-gone', 'http-proxy-3'],
      'truncation.hangs': ['http-proxy.truncation', 'res.destroy()'],
    },
  },
  {
    name: 'a proxy that asks by fetch, and takes in the answer by text()',
    product: 'fetch',
    results: [
      found('timing', 'buffer.until-end', { bursts: 1 }),
      found('headers-first', 'buffer.headers', { headLateMs: 1_500, xabCuresHead: false }),
      found('bytes', 'bytes.changed', { changedPart: 'byte order mark' }),
      found('slow-client', 'buffer.unbounded'),
      found('status', 'status.changed', { followsRedirects: true }),
    ],
    known: {
      'buffer.until-end': ['fetch.whole-body', 'await answer.text()'],
      'buffer.headers': ['fetch.whole-body', 'await answer.text()'],
      'bytes.changed': ['fetch.whole-body', 'await answer.text()'],
      'buffer.unbounded': ['fetch.whole-body', 'await answer.text()'],
    },
    unknown: {},
  },
  {
    name: 'a proxy that asks by fetch, writes in a loop, and hands Transfer-Encoding on',
    product: 'node',
    results: [
      ...flowing,
      found('slow-client', 'buffer.unbounded'),
      found('post', 'buffer.request-body', { status: 500 }),
      found('status', 'status.changed', { followsRedirects: true }),
    ],
    known: {
      'buffer.unbounded': ['fetch.unpaced', 'pipeline('],
      'buffer.request-body': ['fetch.request-headers', "'transfer-encoding'"],
    },
    unknown: {},
  },
  {
    name: 'the middleware compression 1.8.2',
    product: 'compression',
    results: [
      ...flowing,
      found('encoding', 'compression.holds-events', {
        stallsOnlyWhenCompressed: true,
        noTransformCures: true,
        stalledEncodings: 'gzip, br',
        stalledSizesBytes: '60, 2048',
      }),
    ],
    known: { 'compression.holds-events': ['compression.filter', 'no-transform'] },
    unknown: { 'compression.holds-events': [undefined, 'no-transform'] },
  },
  {
    name: 'Next 16 rewrites',
    product: 'next',
    results: [
      ...flowing,
      found('encoding', 'compression.holds-events', {
        stallsOnlyWhenCompressed: true,
        noTransformCures: true,
        stalledEncodings: 'gzip',
        stalledSizesBytes: '60, 2048',
      }),
      found('idle', 'idle.cut', { idleLimitMs: 30_020 }),
      found('truncation', 'truncation.masked', { masked: 'http1Reset', appendedBytes: 21 }),
    ],
    known: {
      'compression.holds-events': ['next.compress', 'compress: false'],
      'idle.cut': ['next.proxy-timeout', 'proxyTimeout: 3600000'],
      'truncation.masked': ['next.truncation', 'event: done'],
    },
    unknown: { 'compression.holds-events': [undefined, 'no-transform'] },
  },
];
