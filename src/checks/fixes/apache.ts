import type { Product } from './cause-kind.ts';
import { HEARTBEAT, NO_TRANSFORM } from './origin-lines.ts';
import * as sign from './signs.ts';

/** Apache httpd with mod_proxy_http: 2.4 was watched. `flushpackets=on` changed nothing. */
export const apache: Product = {
  id: 'apache',
  name: 'Apache httpd',
  place: 'the virtual host',
  reload: 'apachectl graceful',
  restart: 'systemctl restart apache2',
  twice: 'last',
  commonness: 5,
  causes: [
    {
      id: 'apache.proxytimeout',
      faults: ['idle.cut', 'idle.cut-before-headers'],
      what: 'timeout= of ProxyPass ends silence, where it has none ProxyTimeout, and Timeout where that is not set: 300 s as Debian ships it',
      signs: [sign.silenceCutAfter(300, 5, 0.6), sign.statusForNoHead(502, 4)],
      fixes: [
        {
          line: 'ProxyTimeout 3600\n# and timeout=3600 in place of a timeout= of ProxyPass, BalancerMember or ProxySet, which goes before it',
          basis: 'measured',
          source: 'https://httpd.apache.org/docs/2.4/mod/mod_proxy.html#proxytimeout',
        },
      ],
    },
    {
      id: 'apache.client-watch',
      faults: ['client-gone.on-next-write'],
      what: 'a client that leaves is noticed only when something is written to it',
      fixes: [
        {
          where: 'origin',
          line: HEARTBEAT,
          basis: 'measured',
        },
      ],
    },
    {
      id: 'apache.maxrequestworkers',
      faults: ['capacity.limit'],
      what: 'each stream takes a thread, with prefork a process: MaxRequestWorkers is 150 as Debian ships it',
      signs: [
        sign.plateauAt(150, 30),
        sign.plateauAt(400, 5),
        // A child process has 25 threads, unless that was changed, too.
        sign.plateauUpTo(24, 0.1),
        sign.beyondLimit('waits', 2, 0.02),
      ],
      fixes: [
        {
          where: 'Apache httpd, outside of virtual hosts',
          line: '<IfModule mpm_prefork_module>\n  ServerLimit 1024\n  MaxRequestWorkers 1024\n</IfModule>\n<IfModule !mpm_prefork_module>\n  ServerLimit 64\n  ThreadsPerChild 64\n  MaxRequestWorkers 4096\n</IfModule>',
          basis: 'measured',
          source: 'https://httpd.apache.org/docs/2.4/mod/mpm_common.html#maxrequestworkers',
          caution:
            'threads take memory, and processes (prefork, which apachectl -V tells of) far more; ServerLimit × ThreadsPerChild must be MaxRequestWorkers or more',
          // AH00501: "changing ServerLimit not allowed during restart", which is what apachectl restart and graceful are.
          restart: true,
        },
      ],
    },
    {
      id: 'apache.proxypass-max',
      faults: ['capacity.limit'],
      what: 'max= of ProxyPass is reached: a child process has no more connections to the origin; what is beyond it waits, or is answered with 503 where there is acquire=',
      signs: [sign.plateauUpTo(24, 4, 0.2), sign.beyondLimit(['waits', 'status 503'], 2, 0.02)],
      fixes: [
        {
          line: '# remove: max= of ProxyPass, BalancerMember and ProxySet: it is ThreadsPerChild then, and keeps nobody waiting',
          basis: 'measured',
          source: 'https://httpd.apache.org/docs/2.4/mod/mod_proxy.html#proxypass',
        },
      ],
    },
    {
      id: 'apache.mod_ratelimit',
      faults: ['rate.limit', 'buffer.timer'],
      what: 'the output filter RATE_LIMIT takes streams, too: as many bytes as rate-limit has, and all of them in batches 200 ms apart',
      signs: [
        { ...sign.batchesEvery({ from: 190, to: 215 }, 20), of: 'buffer.timer' },
        { ...sign.timerUnder(400), of: 'buffer.timer' },
        { ...sign.besides('rate.limit', 3), of: 'buffer.timer' },
        { ...sign.besides('buffer.timer', 3, 0.5), of: 'rate.limit' },
        sign.xabCures(0),
      ],
      fixes: [
        {
          line: '<Location "/events">\n  UnsetEnv rate-limit\n</Location>',
          addsUp: true,
          basis: 'measured',
          source: 'https://httpd.apache.org/docs/2.4/mod/mod_ratelimit.html',
          caution:
            'with the path of your streams in the place of /events; where SetEnvIf sets rate-limit it changes nothing: leave the streams out there',
        },
      ],
    },
    {
      id: 'apache.mod_http2',
      faults: ['h2.stream-limit'],
      what: 'mod_http2 announces 100 streams and starts 6 on a connection, which streams never give back',
      weight: 5,
      signs: [sign.plateauAt(6, 50)],
      fixes: [
        {
          where: 'Apache httpd, the virtual host',
          line: 'Protocols http/1.1',
          twice: 'both',
          basis: 'documented',
          source: 'https://httpd.apache.org/docs/2.4/mod/core.html#protocols',
          caution: 'only for the host that has the streams: a browser then opens 6 connections to it at most',
        },
      ],
    },
    {
      id: 'apache.request-body',
      faults: ['buffer.request-body'],
      what: 'mod_proxy_http waits for the first 16 KB of the body of a request, or its end, before it passes anything on; proxy-sendchunked alone does not change that',
      weight: 0.7,
      fixes: [
        {
          line: 'SetEnv proxy-prefetch-nonblocking 1',
          addsUp: true,
          basis: 'measured',
          needs: 'mod_env (Debian: a2enmod env)',
        },
      ],
    },
    {
      id: 'apache.force-proxy-request-1.0',
      faults: ['truncation.masked'],
      what: 'force-proxy-request-1.0 is set: the origin is spoken to in HTTP/1.0, where the end of the connection is the end of the answer',
      signs: [sign.originHttp('1.0', 4, 0), sign.masks('http1Reset', 0.1)],
      weight: 0.5,
      fixes: [
        {
          line: '# remove: SetEnv force-proxy-request-1.0 1',
          basis: 'measured',
          source: 'https://httpd.apache.org/docs/2.4/mod/mod_proxy.html#envsettings',
        },
      ],
    },
    {
      id: 'apache.requestheader',
      faults: ['request.header-lost'],
      what: 'RequestHeader unset takes the header out',
      fixes: [
        {
          line: '# remove: RequestHeader unset NAME of whichever header is lost',
          basis: 'measured',
          source: 'https://httpd.apache.org/docs/2.4/mod/mod_headers.html#requestheader',
        },
      ],
    },
    {
      id: 'apache.mod_substitute',
      faults: ['bytes.changed'],
      what: 'an output filter (mod_substitute, mod_proxy_html) also takes text/event-stream',
      weight: 0.5,
      fixes: [
        {
          line: '# only: AddOutputFilterByType SUBSTITUTE text/html   (and not SetOutputFilter, which takes every type)',
          basis: 'measured',
          source: 'https://httpd.apache.org/docs/2.4/mod/mod_filter.html#addoutputfilterbytype',
        },
      ],
    },
    {
      id: 'apache.mod_deflate',
      faults: ['headers.not-of-a-stream'],
      what: 'mod_deflate or mod_brotli compresses streams, too, whatever Cache-Control says (SetOutputFilter, or AddOutputFilterByType with text/event-stream); each event is flushed',
      weight: 4,
      signs: [
        sign.headAllows('compression', 1, 0),
        sign.headAllows('caches', 0.2),
        sign.cacheControlChanged(0),
      ],
      inVainAtOrigin: [NO_TRANSFORM],
      fixes: [
        {
          line: 'SetEnvIf Request_URI "^/events" no-gzip no-brotli',
          addsUp: true,
          basis: 'measured',
          source: 'https://httpd.apache.org/docs/2.4/mod/mod_deflate.html#enable',
          needs: 'mod_setenvif (Debian: a2enmod setenvif)',
          caution: 'with the path of your streams in the place of /events',
        },
      ],
    },
    {
      id: 'apache.header-always',
      faults: ['headers.cors-twice'],
      what: 'Header always set, or Header add, adds Access-Control-Allow-Origin to what the application says',
      weight: 2,
      fixes: [
        {
          line: 'Header unset Access-Control-Allow-Origin',
          addsUp: true,
          basis: 'measured',
          source: 'https://httpd.apache.org/docs/2.4/mod/mod_headers.html#header',
          needs: 'mod_headers (Debian: a2enmod headers)',
          caution: 'beside Header always set; where it is Header add, write set in its place instead',
        },
      ],
    },
    {
      id: 'apache.header-cache-control',
      faults: ['headers.not-of-a-stream'],
      what: 'Header set or Header unset changes Cache-Control, whatever the application says',
      weight: 2,
      signs: [sign.headAllows('caches', 1, 0)],
      fixes: [
        {
          line: '# behind each Header line that changes Cache-Control: "expr=%{CONTENT_TYPE} !~ m#^text/event-stream#"',
          basis: 'measured',
          source: 'https://httpd.apache.org/docs/2.4/mod/mod_headers.html#header',
        },
      ],
    },
    {
      id: 'apache.mod_cache',
      faults: ['cache.shared', 'cache.shared-when-public'],
      what: 'CacheEnable of mod_cache stores streams, too, whatever CacheIgnoreCacheControl and CacheIgnoreNoLastMod have it leave aside',
      weight: 0.5,
      fixes: [
        {
          line: 'CacheDisable /events',
          addsUp: true,
          basis: 'measured',
          source: 'https://httpd.apache.org/docs/2.4/mod/mod_cache.html#cachedisable',
          caution: 'with the path of your streams in the place of /events',
        },
      ],
    },
    {
      id: 'apache.errordocument',
      faults: ['status.changed'],
      what: 'ProxyErrorOverride replaces answers by error pages',
      weight: 0.6,
      fixes: [
        {
          line: 'ProxyErrorOverride Off',
          basis: 'measured',
          source: 'https://httpd.apache.org/docs/2.4/mod/mod_proxy.html#proxyerroroverride',
        },
      ],
    },
  ],
};
