import type { FaultId } from '../faults/fault.ts';
import type { Product } from './cause-kind.ts';
import { NO_TRANSFORM } from './origin-lines.ts';
import * as sign from './signs.ts';

/** Whoever asks, by whatever Accept: what comes is never stored, never compressed and never taken in as a whole. */
const UNCACHED =
  'sub vcl_backend_response { if (beresp.http.Content-Type ~ "^text/event-stream") { set beresp.uncacheable = true; return (deliver); } }';
/** What returns first counts. */
const FIRST = 'VCL, above every other sub vcl_recv and vcl_backend_response';
const PIPE = 'sub vcl_recv { if (req.http.Accept ~ "text/event-stream") { return (pipe); } }';
const PIPED =
  'who asks by another Accept, */* say, is not piped; VCL no longer sees the answer, the connection serves nothing else, and silence is cut by pipe_timeout, which is 60 s unless varnishd is started with -p pipe_timeout=3600';
/** Nothing of it comes before its end. */
const HELD = [sign.passed('timing', 0), sign.passed('headers-first', 0)];

/** What a compressor that is never flushed does to events. */
const DO_GZIP_HOLDS: readonly FaultId[] = [
  'buffer.threshold',
  'buffer.until-end',
  'compression.holds-events',
  'buffer.headers',
  'client-gone.unnoticed',
];

/** Varnish: 7.1 was watched. */
export const varnish: Product = {
  id: 'varnish',
  name: 'Varnish',
  reload: 'varnishreload',
  restart: 'systemctl restart varnish',
  addsUp: true,
  commonness: 3,
  causes: [
    {
      id: 'varnish.cacheable',
      faults: ['cache.shared', 'cache.shared-when-public', 'cache.waits-for-first'],
      what: 'a GET without a cookie whose answer has no Cache-Control is stored, and given to whoever asks',
      weight: 2,
      signs: [sign.sharesUnmarked(6, 0.3)],
      fixes: [
        {
          where: FIRST,
          line: UNCACHED,
          basis: 'measured',
          source: 'https://varnish-cache.org/docs/7.1/reference/vcl-var.html',
        },
        {
          where: 'origin',
          line: 'Cache-Control: no-store',
          basis: 'measured',
          source: 'https://varnish-cache.org/docs/7.1/users-guide/vcl-built-in-code.html',
        },
      ],
    },
    {
      id: 'varnish.fetch',
      faults: ['buffer.unbounded'],
      what: 'the origin is read as fast as it sends, whatever the client reads; passed on uncached, too (seen with 7.1)',
      weight: 2,
      fixes: [
        {
          where: FIRST,
          line: PIPE,
          basis: 'measured',
          caution: `return (pass) does not help here; ${PIPED}`,
        },
      ],
    },
    {
      id: 'varnish.unset',
      faults: ['request.header-lost'],
      what: 'the VCL unsets the header, in vcl_recv or vcl_backend_fetch',
      fixes: [
        {
          where: 'VCL',
          line: '# remove: unset req.http.NAME; unset bereq.http.NAME; of whichever header is lost',
          basis: 'measured',
        },
      ],
    },
    {
      id: 'varnish.unset-answer',
      faults: ['headers.lost'],
      what: 'the VCL unsets a header of answers, in vcl_backend_response or vcl_deliver: Set-Cookie, so that they can be stored',
      fixes: [
        {
          where: 'VCL',
          line: '# around whatever unsets beresp.http.NAME of the header which is lost: if (beresp.http.Content-Type !~ "text/event-stream") { … }   (in vcl_deliver: resp. in place of beresp.)',
          basis: 'measured',
        },
      ],
    },
    {
      id: 'varnish.cache-control',
      faults: ['headers.not-of-a-stream'],
      what: 'the VCL sets or unsets Cache-Control of answers, in vcl_backend_response or vcl_deliver',
      weight: 2,
      signs: [sign.headAllows('caches', 1, 0)],
      fixes: [
        {
          where: 'VCL',
          line: '# around whatever changes beresp.http.Cache-Control: if (beresp.http.Content-Type !~ "text/event-stream") { … }   (in vcl_deliver: resp. in place of beresp.)',
          basis: 'measured',
        },
      ],
    },
    {
      id: 'varnish.between_bytes_timeout',
      faults: ['idle.cut', 'idle.cut-before-headers'],
      what: 'between_bytes_timeout and first_byte_timeout of the backend are 60 s',
      signs: [
        sign.silenceCutAfter(61, 3),
        sign.statusForNoHead(503, 5),
        // Who is not piped is watched only when something is written.
        sign.passed('client-gone', 0.05),
      ],
      fixes: [
        {
          where: 'VCL, backend',
          line: '.between_bytes_timeout = 1h;\n.first_byte_timeout = 1h;',
          basis: 'measured',
          caution: '0s does not turn them off',
        },
      ],
    },
    {
      id: 'varnish.pipe_timeout',
      faults: ['idle.cut', 'idle.cut-before-headers'],
      what: 'pipe_timeout, 60 s unless it is set, ends a silence of what is piped, whatever the backend has for timeouts',
      signs: [
        sign.silenceCutAfter(60, 3),
        sign.noAnswerForNoHead(4, 0.02),
        { ...sign.passed('client-gone', 3), otherwise: 0.05 },
      ],
      fixes: [
        {
          where: 'varnishd command line',
          line: '-p pipe_timeout=3600',
          basis: 'measured',
          source: 'https://varnish-cache.org/docs/7.1/reference/varnishd.html#pipe-timeout',
          caution: 'varnishadm param.set pipe_timeout 3600 does until the next start',
          restart: true,
        },
      ],
    },
    {
      id: 'varnish.max_connections',
      faults: ['capacity.limit'],
      what: 'max_connections of the backend is reached; what is beyond it is answered with 503',
      signs: [sign.beyondLimit('status 503', 10, 0.02)],
      fixes: [
        {
          where: 'VCL, backend',
          line: '.max_connections = 1000;',
          basis: 'measured',
          source: 'https://varnish-cache.org/docs/7.1/reference/vcl-backend.html#attribute-max-connections',
          caution: 'it goes in place of such a line; without one there is no limit',
        },
      ],
    },
    {
      id: 'varnish.do_gzip',
      faults: [...DO_GZIP_HOLDS, 'headers.not-of-a-stream'],
      what: 'beresp.do_gzip compresses streams, in blocks of 32 KB',
      weight: 0.3,
      signs: [
        { ...sign.burstsOf(32_768, 40), of: DO_GZIP_HOLDS },
        { ...sign.lengthGiven(0.2), of: DO_GZIP_HOLDS },
        { ...sign.headAllows('compression', 4, 0), of: 'headers.not-of-a-stream' },
        { ...sign.headAllows('caches', 0.2), of: 'headers.not-of-a-stream' },
        { ...sign.cacheControlChanged(0), of: 'headers.not-of-a-stream' },
        sign.xabCures(0),
        ...HELD.map((each) => ({ ...each, of: 'client-gone.unnoticed' as const })),
        { probe: 'encoding', figure: 'appliedEncodings', is: 'gzip', times: 8, otherwise: 0.05 },
      ],
      inVainAtOrigin: [NO_TRANSFORM],
      fixes: [{ where: FIRST, line: UNCACHED, basis: 'measured' }],
    },
    {
      id: 'varnish.do_stream',
      faults: ['buffer.until-end', 'buffer.headers', 'client-gone.unnoticed'],
      what: 'beresp.do_stream is false, or beresp.do_esi true, which has the same effect: the whole answer is taken in first',
      weight: 0.3,
      signs: [{ ...sign.lengthGiven(8), otherwise: 0.2 }, sign.xabCures(0), ...HELD],
      fixes: [
        {
          where: FIRST,
          line: UNCACHED,
          basis: 'measured',
          source: 'https://varnish-cache.org/docs/7.1/reference/vcl-var.html',
        },
      ],
    },
    {
      id: 'varnish.cacheable-fetch',
      faults: ['client-gone.unnoticed'],
      what: 'the VCL lets the answer into the cache (return (deliver) in vcl_backend_response, whatever its head says): it is then fetched to its end, whoever has left',
      signs: [
        { ...sign.passed('timing', 1), otherwise: 0.1 },
        { ...sign.passed('headers-first', 1), otherwise: 0.1 },
      ],
      fixes: [
        {
          where: FIRST,
          line: UNCACHED,
          basis: 'measured',
          source: 'https://varnish-cache.org/docs/7.1/users-guide/vcl-built-in-code.html',
          caution: 'a client that leaves is then noticed when something is written to it',
        },
      ],
    },
    {
      id: 'varnish.client-watch',
      faults: ['client-gone.on-next-write'],
      what: 'a client that leaves is noticed only when something is written to it, unless the request is piped',
      fixes: [
        {
          where: FIRST,
          line: PIPE,
          basis: 'measured',
          caution: PIPED,
        },
      ],
    },
    {
      id: 'varnish.retry',
      faults: ['retry.repeated'],
      what: 'the VCL has return (retry), which asks the origin again for a GET that it did not answer',
      signs: [
        { probe: 'retry', figure: 'getHits', is: { from: 2, to: 5 }, times: 2, otherwise: 0.1 },
        { probe: 'retry', figure: 'postHits', is: 1, times: 2, otherwise: 0.1 },
        { probe: 'retry', figure: 'repeatedOnReused', is: true, times: 0.1 },
      ],
      fixes: [
        {
          where: 'VCL',
          line: '# no return (retry) in vcl_backend_error and vcl_backend_response',
          basis: 'measured',
          caution: 'an origin that fails for a moment is no longer made up for',
        },
      ],
    },
    {
      id: 'varnish.interim',
      faults: ['early-hints.broken'],
      what: 'an interim response is taken for a broken answer: 503',
      signs: [sign.answersHintsWith(503, 10, 0.05)],
      fixes: [{ where: 'origin', line: 'send no 103 Early Hints', basis: 'measured' }],
    },
  ],
};
