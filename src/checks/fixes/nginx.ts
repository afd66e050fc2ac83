import type { Product } from './cause-kind.ts';
import { NGINX_HTTP2 } from './nginx-http2.ts';
import { NGINX_LIMITS } from './nginx-limits.ts';
import { NO_TRANSFORM } from './origin-lines.ts';
import * as sign from './signs.ts';

/** From 1.29.7 on the two in the middle say what is so anyhow. */
const BUFFERING_OFF =
  'proxy_buffering off;\nproxy_http_version 1.1;\nproxy_set_header Connection "";\nproxy_read_timeout 1h;';

/** nginx, and what is built of it. Versions: https://nginx.org/en/CHANGES. */
export const nginx: Product = {
  id: 'nginx',
  name: 'nginx',
  place: 'inside the location { } that has proxy_pass',
  reload: 'nginx -t && nginx -s reload',
  twice: 'refused',
  commonness: 10,
  causes: [
    {
      id: 'nginx.proxy_buffering',
      faults: ['buffer.until-end', 'buffer.threshold', 'buffer.headers', 'buffer.unbounded'],
      what: 'proxy_buffering is on, as it is unless it is turned off',
      weight: 2,
      signs: [
        sign.burstsOf(4096, 20),
        sign.burstsOf(65_536, 5),
        { ...sign.passed('threshold', 0.1), of: 'buffer.threshold' },
        // Where it is in vain, buffering is on all the same.
        { ...sign.xabCures(40, 0.005), of: ['buffer.until-end', 'buffer.threshold'] },
        { ...sign.xabFreesHead(40, 0.005), of: 'buffer.headers' },
        // It is in vain, too, where it does not come as far.
        { ...sign.anotherBehind(200), of: ['buffer.until-end', 'buffer.threshold', 'buffer.headers'] },
        sign.lengthGiven(0),
      ],
      fixes: [
        {
          line: BUFFERING_OFF,
          basis: 'measured',
        },
      ],
    },
    {
      id: 'nginx.proxy_ignore_headers',
      faults: ['buffer.until-end', 'buffer.threshold', 'buffer.headers'],
      what: 'proxy_ignore_headers names X-Accel-Buffering, or another nginx behind this one keeps it: the origin cannot turn buffering off',
      weight: 0.1,
      // That it was taken out says no more than that nginx is there: who holds events in vain of it may stand behind.
      signs: [sign.xabFreesHead(0), sign.xabCures(0), sign.xabRemoved(1, 0), sign.burstsOf(4096, 20)],
      fixes: [
        {
          line: 'proxy_buffering off;   # and take X-Accel-Buffering out of proxy_ignore_headers',
          basis: 'measured',
          source: 'https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_ignore_headers',
        },
      ],
    },
    ...NGINX_HTTP2,
    {
      id: 'nginx.proxy_http_version',
      faults: ['truncation.masked'],
      what: 'the origin, or who stands before it, is spoken to in HTTP/1.0, where the end of the connection is the end of the answer',
      weight: 2,
      signs: [
        // Whoever speaks HTTP/1.0 can't tell: nginx is one of them. One who does may stand before one who doesn't.
        sign.originHttp('1.0', 4, 0.01),
        { ...sign.masks('http1Reset', 0.1), given: [sign.originHttp('1.0', 1)] },
        sign.masks('http1Fin', 1, 0.1),
        sign.anotherBehind(20),
      ],
      fixes: [
        {
          line: 'proxy_http_version 1.1;\nproxy_set_header Connection "";',
          basis: 'measured',
        },
      ],
    },
    {
      id: 'nginx.chunked_transfer_encoding',
      faults: ['truncation.masked'],
      what: 'chunked_transfer_encoding is off, so that the client cannot tell an end from a loss',
      weight: 0.2,
      signs: [{ probe: 'truncation', figure: 'framing', is: 'close', times: 20, otherwise: 0.1 }],
      fixes: [{ line: '# remove: chunked_transfer_encoding off;', basis: 'measured' }],
    },
    {
      id: 'nginx.gzip',
      faults: ['compression.holds-events', 'headers.not-of-a-stream'],
      what: 'gzip_types contains text/event-stream, which is compressed whatever Cache-Control says; what proxy_buffering holds, it holds longer',
      signs: [
        { ...sign.onlyWhenCompressed(4, 0.2), of: 'compression.holds-events' },
        { ...sign.noTransformCures(0), of: 'compression.holds-events' },
        {
          ...{ probe: 'encoding', figure: 'stalledEncodings', is: 'gzip', times: 3, otherwise: 0.2 },
          of: 'compression.holds-events',
        },
        { ...sign.headAllows('compression', 4, 0), of: 'headers.not-of-a-stream' },
        { ...sign.headAllows('caches', 0.2), of: 'headers.not-of-a-stream' },
        { ...sign.cacheControlChanged(0), of: 'headers.not-of-a-stream' },
      ],
      inVainAtOrigin: [NO_TRANSFORM],
      fixes: [
        {
          faults: ['compression.holds-events'],
          line: '# take text/event-stream (or *) out of gzip_types',
          basis: 'measured',
        },
        { faults: ['compression.holds-events'], line: 'proxy_buffering off;', basis: 'measured' },
        { faults: ['headers.not-of-a-stream'], line: 'gzip off;', basis: 'measured' },
      ],
    },
    {
      id: 'nginx.proxy_read_timeout',
      faults: ['idle.cut', 'idle.cut-before-headers'],
      what: 'proxy_read_timeout ends silence: after 60 s, unless it is set',
      signs: [sign.silenceCutAfter(60, 3, 0.1), sign.statusForNoHead(504, 2)],
      fixes: [{ line: 'proxy_read_timeout 1h;', basis: 'measured' }],
    },
    {
      id: 'nginx.worker_shutdown',
      faults: ['lifetime.cut'],
      what: 'worker_shutdown_timeout is set: so long after each reload the old workers are ended, and their streams with them',
      weight: 0.3,
      signs: [sign.cutTogether(10)],
      fixes: [
        {
          from: '1.11.11',
          where: 'nginx, outside of http',
          line: 'worker_shutdown_timeout 1h;',
          basis: 'measured',
          source: 'https://nginx.org/en/docs/ngx_core_module.html#worker_shutdown_timeout',
          caution: 'old workers stay for as long as their streams: memory for each reload',
        },
      ],
    },
    {
      id: 'nginx.proxy_request_buffering',
      faults: ['buffer.request-body'],
      what: 'proxy_request_buffering is on, as it is unless it is turned off',
      fixes: [
        {
          line: 'proxy_request_buffering off;\nproxy_http_version 1.1;',
          basis: 'measured',
          caution:
            'a slow upload occupies the origin for as long, and is not sent to another one where that fails',
        },
      ],
    },
    {
      id: 'nginx.mirror',
      faults: ['buffer.request-body'],
      what: 'mirror takes in the whole body before it is sent on, also where proxy_request_buffering is off',
      weight: 0.1,
      fixes: [
        {
          line: 'mirror_request_body off;',
          basis: 'measured',
          source: 'https://nginx.org/en/docs/http/ngx_http_mirror_module.html#mirror_request_body',
          needs: 'proxy_pass_request_body off; and proxy_set_header Content-Length ""; in its own location',
        },
      ],
    },
    {
      id: 'nginx.sub_filter',
      faults: ['bytes.changed'],
      what: 'sub_filter_types contains text/event-stream',
      fixes: [{ line: '# take text/event-stream (or *) out of sub_filter_types', basis: 'measured' }],
    },
    {
      id: 'nginx.limit_rate',
      faults: ['rate.limit'],
      what: 'limit_rate is set: it slows each answer down, streams with them, where proxy_buffering is on',
      fixes: [
        { line: 'limit_rate 0;', basis: 'measured' },
        { line: 'proxy_buffering off;', basis: 'measured' },
      ],
    },
    {
      id: 'nginx.early_hints',
      faults: ['early-hints.broken'],
      what: 'versions before 1.29.0 take an interim response for the answer',
      signs: [sign.answersHintsWith(503, 0.05)],
      fixes: [{ below: '1.29.0', line: 'upgrade to nginx 1.29.0 or later', basis: 'measured' }],
    },
    {
      id: 'nginx.proxy_cache',
      faults: ['cache.shared', 'cache.shared-when-public', 'client-gone.unnoticed', 'origin.not-asked'],
      what: 'proxy_cache stores streams, too',
      weight: 0.5,
      signs: [
        sign.besides('cache.shared', 3, 0.2),
        sign.besides('cache.waits-for-first', 3),
        sign.sharesUnmarked(0.3),
        { ...sign.notAskedBy(['protocol', 'reset', 'connect_error', 'waits'], 0), of: 'origin.not-asked' },
        { ...sign.notAskedBy(['status 200', 'status 404'], 0.05), of: 'origin.not-asked' },
        { ...sign.notAskedBy(['status 502', 'status 503', 'status 504'], 0), of: 'origin.not-asked' },
        { ...sign.notAskedBy('copy', 10), of: 'origin.not-asked' },
      ],
      fixes: [{ line: 'proxy_cache off;', basis: 'measured' }],
    },
    {
      id: 'nginx.proxy_cache-sendfile',
      faults: ['buffer.timer', 'special-case.type-or-method'],
      what: 'proxy_cache stores streams, too, and sends them from the file of its cache: in batches where sendfile and tcp_nopush are on, as Debian ships them',
      weight: 0.1,
      signs: [
        { ...sign.xabCures(100, 0), of: 'buffer.timer' },
        // A beat is another's timer.
        { figure: 'batchEveryMs', is: { from: 0 }, times: 0, of: 'buffer.timer' },
        // It stores no answer to a POST, and any other.
        { ...sign.heldVariant('usual', 20, 0), of: 'special-case.type-or-method' },
        { ...sign.heldVariant('post', 0), of: 'special-case.type-or-method' },
        sign.besides('cache.shared', 5, 0.2),
      ],
      fixes: [{ line: 'proxy_cache off;', basis: 'measured' }],
    },
    {
      id: 'nginx.proxy_cache_lock',
      faults: ['cache.waits-for-first', 'capacity.limit'],
      what: 'proxy_cache_lock lets one request fill the cache while the others wait',
      weight: 3,
      signs: [
        // Of a limit nobody takes it for granted: it is seen in what each client gets.
        { ...sign.passed('share', 0), of: 'capacity.limit' },
        { ...sign.beyondLimit('waits', 0.01, 0), of: 'capacity.limit' },
        { fault: 'cache.waits-for-first', times: 30, of: 'capacity.limit' },
        { fault: 'cache.shared', times: 30, of: 'capacity.limit' },
      ],
      fixes: [{ line: 'proxy_cache off;', basis: 'measured' }],
    },
    {
      id: 'nginx.held-writes',
      faults: ['client-gone.unnoticed'],
      what: 'proxy_buffering is on: who stands before this nginx, and notices a client that left by the next event, gets none',
      signs: [
        sign.passed('timing', 0),
        sign.besides('cache.shared', 0.02),
        sign.besides('cache.waits-for-first', 0.02),
      ],
      fixes: [{ line: BUFFERING_OFF, basis: 'measured' }],
    },
    {
      id: 'nginx.proxy_ignore_client_abort',
      faults: ['client-gone.unnoticed', 'client-gone.on-next-write'],
      what: 'proxy_ignore_client_abort is on',
      weight: 0.1,
      signs: [
        // Nothing else in nginx keeps that from an origin that is silent.
        {
          ...{ probe: 'client-gone', figure: 'writingNoticed', is: true, times: 4 },
          of: 'client-gone.on-next-write',
        },
      ],
      fixes: [{ line: '# remove: proxy_ignore_client_abort on;', basis: 'measured' }],
    },
    {
      id: 'nginx.proxy_next_upstream',
      faults: ['retry.repeated'],
      what: 'proxy_next_upstream tries another server of the upstream when one fails',
      fixes: [
        {
          line: 'proxy_next_upstream off;',
          // Beside another one off is what counts, whichever stands first.
          addsUp: true,
          basis: 'measured',
          source: 'https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_next_upstream',
          caution: 'a server that is down is no longer made up for by another',
        },
      ],
    },
    {
      id: 'nginx.underscores_in_headers',
      faults: ['request.header-lost'],
      what: 'headers with an underscore in their names are dropped',
      weight: 0.3,
      signs: [
        { probe: 'request', figure: 'ssekit_check', is: 'lost', times: 30, otherwise: 0 },
        sign.onlyUnderscoresLost(2, 0),
      ],
      fixes: [
        {
          where: 'nginx, http or default server',
          line: 'underscores_in_headers on;',
          basis: 'measured',
          source: 'https://nginx.org/en/docs/http/ngx_http_core_module.html#underscores_in_headers',
          caution: 'programs that make variables of headers (CGI, WSGI) take my_name for my-name',
        },
        {
          where: 'client',
          line: '# name the header with hyphens: my-name instead of my_name',
          basis: 'measured',
        },
      ],
    },
    {
      id: 'nginx.proxy_hide_header',
      faults: ['headers.type-changed', 'headers.not-of-a-stream', 'headers.lost'],
      what: 'proxy_hide_header takes away what the origin said, and add_header, default_type or expires says something else',
      signs: [{ ...sign.headAllows('caches', 1, 0), of: 'headers.not-of-a-stream' }],
      fixes: [
        {
          faults: ['headers.type-changed'],
          line: '# remove: proxy_hide_header Content-Type; add_header Content-Type …;',
          basis: 'measured',
        },
        {
          faults: ['headers.not-of-a-stream'],
          line: '# remove: proxy_hide_header Cache-Control; add_header Cache-Control …; expires …;',
          basis: 'measured',
        },
        {
          faults: ['headers.lost'],
          line: '# remove: proxy_hide_header of Retry-After, WWW-Authenticate, Set-Cookie and Access-Control-…; and proxy_redirect …',
          basis: 'measured',
          source: 'https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_hide_header',
        },
      ],
    },
    {
      id: 'nginx.add_header',
      faults: ['headers.cors-twice'],
      what: 'add_header adds Access-Control-Allow-Origin, whatever the application says',
      weight: 2,
      fixes: [
        {
          line: 'proxy_hide_header Access-Control-Allow-Origin;',
          addsUp: true,
          basis: 'measured',
          source: 'https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_hide_header',
          caution:
            'what add_header says is then all that is said; the application decides where add_header is taken out instead',
        },
      ],
    },
    ...NGINX_LIMITS,
    {
      id: 'nginx.upstream',
      faults: ['origin.not-asked'],
      what: 'the upstream has other servers besides, which are no origin of ssekit',
      weight: 0.5,
      signs: [
        sign.notAskedBy(['status 503', 'status 429', 'protocol', 'reset', 'copy'], 0.05),
        sign.besides('cache.shared', 0.1),
      ],
      fixes: [
        {
          line: '# for as long as this runs, leave only the origin of ssekit in the upstream { }',
          basis: 'measured',
        },
      ],
    },
    {
      id: 'nginx.proxy_set_header',
      faults: ['request.header-lost'],
      what: 'proxy_set_header sets the header to nothing, or proxy_pass_request_headers is off',
      signs: [sign.onlyUnderscoresLost(0)],
      fixes: [
        {
          line: '# remove: proxy_set_header NAME ""; of whichever header is lost, and proxy_pass_request_headers off;',
          basis: 'measured',
          source: 'https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_set_header',
        },
      ],
    },
    {
      id: 'nginx.proxy_intercept_errors',
      faults: ['status.changed'],
      what: 'proxy_intercept_errors replaces answers by error pages',
      fixes: [
        {
          line: 'proxy_intercept_errors off;',
          basis: 'measured',
          source: 'https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_intercept_errors',
        },
      ],
    },
  ],
};
