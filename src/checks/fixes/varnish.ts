import type { Product } from './cause-kind.ts';
import * as sign from './signs.ts';

const PASS = 'sub vcl_recv { if (req.http.Accept ~ "text/event-stream") { return (pass); } }';
const PIPE = 'sub vcl_recv { if (req.http.Accept ~ "text/event-stream") { return (pipe); } }';
const PIPED = 'VCL no longer sees the answer, and the connection serves nothing else';

/** Varnish: 7.1 was watched. */
export const varnish: Product = {
  id: 'varnish',
  name: 'Varnish',
  reload: 'varnishreload',
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
        { where: 'VCL', line: PASS, basis: 'measured' },
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
          where: 'VCL',
          line: PIPE,
          basis: 'measured',
          caution: `it goes in place of return (pass), which does not help here: ${PIPED}`,
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
      id: 'varnish.between_bytes_timeout',
      faults: ['idle.cut', 'idle.cut-before-headers'],
      what: 'between_bytes_timeout and first_byte_timeout of the backend are 60 s',
      signs: [sign.silenceCutAfter(61, 3), sign.statusForNoHead(503, 5)],
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
      id: 'varnish.do_gzip',
      faults: ['buffer.threshold', 'buffer.until-end', 'compression.holds-events', 'buffer.headers'],
      what: 'beresp.do_gzip compresses streams, in blocks of 32 KB',
      weight: 0.3,
      signs: [
        sign.burstsOf(32_768, 40),
        sign.xabCures(0),
        { probe: 'encoding', figure: 'appliedEncodings', is: 'gzip', times: 8, otherwise: 0.05 },
      ],
      fixes: [
        { where: 'VCL', line: `${PASS}   # and no beresp.do_gzip for text/event-stream`, basis: 'measured' },
      ],
    },
    {
      id: 'varnish.do_stream',
      faults: ['buffer.until-end', 'buffer.headers', 'client-gone.unnoticed'],
      what: 'beresp.do_stream is false: the whole answer is taken in first',
      weight: 0.3,
      signs: [sign.lengthGiven(8), sign.xabCures(0)],
      fixes: [
        { where: 'VCL, vcl_backend_response', line: 'set beresp.do_stream = true;', basis: 'measured' },
      ],
    },
    {
      id: 'varnish.client-watch',
      faults: ['client-gone.on-next-write'],
      what: 'a client that leaves is noticed only when something is written to it, unless the request is piped',
      fixes: [
        {
          where: 'VCL',
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
