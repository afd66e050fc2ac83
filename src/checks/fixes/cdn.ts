import type { Product } from './cause-kind.ts';
import { BARE_TYPE, HEAD_AT_ONCE, HEARTBEAT } from './origin-lines.ts';
import * as sign from './signs.ts';

/** Networks that bring answers to clients from nearby. All of it is from their documentation. */
export const CDN: readonly Product[] = [
  {
    id: 'cloudflare',
    name: 'Cloudflare',
    commonness: 6,
    causes: [
      {
        id: 'cloudflare.compression',
        faults: ['compression.holds-events'],
        what: 'answers are compressed at the edge: text/plain, JSON and others as it comes, event streams by a Compression Rule',
        signs: [sign.onlyWhenCompressed(3, 0.2), sign.noTransformCures(5, 0.05), sign.xabCures(0.1)],
        fixes: [
          {
            where: 'origin',
            line: 'Cache-Control: no-cache, no-transform',
            basis: 'documented',
            source: 'https://developers.cloudflare.com/speed/optimization/content/compression/',
          },
        ],
      },
      {
        id: 'cloudflare.read-timeout',
        faults: ['idle.cut', 'idle.cut-before-headers'],
        what: 'the Proxy Read Timeout ends silence after 120 s (100 s in earlier years, 125 s by other accounts); only Enterprise can change it',
        signs: [sign.silenceCutBetween(100, 125, 4), sign.statusForNoHead(524, 50)],
        fixes: [
          {
            where: 'origin',
            line: HEARTBEAT,
            basis: 'documented',
            source: 'https://developers.cloudflare.com/fundamentals/reference/connection-limits/',
          },
        ],
      },
      {
        id: 'cloudflare.tunnel-type',
        // An event stream by that name was never held: what is held as such is another's.
        faults: ['special-case.type-or-method'],
        what: 'a cloudflared from before the middle of 2025 passes on at once only what is text/event-stream or gRPC',
        weight: 0.2,
        fixes: [
          {
            where: 'origin',
            line: BARE_TYPE,
            basis: 'documented',
            source: 'https://github.com/cloudflare/cloudflared/issues/199',
          },
          {
            where: 'where cloudflared runs',
            line: 'upgrade cloudflared',
            basis: 'documented',
            source: 'https://github.com/cloudflare/cloudflared/issues/1404',
          },
        ],
      },
      {
        id: 'cloudflare.quick-tunnel',
        faults: ['special-case.type-or-method', 'buffer.until-end', 'buffer.headers'],
        what: 'a Quick Tunnel (trycloudflare.com) holds the event stream that answers a GET until it ends',
        weight: 0.2,
        signs: [
          sign.besides('special-case.type-or-method', 5, 0.2),
          sign.xabCures(0),
          sign.burstsOf(4096, 0),
        ],
        fixes: [
          {
            where: 'where cloudflared is started',
            line: 'cloudflared tunnel run NAME   (a named tunnel, in place of cloudflared tunnel --url)',
            basis: 'documented',
            source:
              'https://developers.cloudflare.com/cloudflare-one/networks/connectors/cloudflare-tunnel/do-more-with-tunnels/trycloudflare/',
          },
        ],
      },
    ],
  },
  {
    id: 'cloudfront',
    name: 'Amazon CloudFront',
    commonness: 3,
    causes: [
      {
        id: 'cloudfront.read-timeout',
        faults: ['idle.cut', 'idle.cut-before-headers'],
        what: 'the origin response timeout is 30 s unless it is set',
        signs: [sign.silenceCutAfter(30, 5), sign.statusForNoHead(504, 2)],
        fixes: [
          {
            where: 'CloudFront origin',
            line: 'Response timeout: 120 seconds',
            basis: 'documented',
            source:
              'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html#DownloadDistValuesOriginResponseTimeout',
            caution: 'more than 120 s only by a higher quota; heartbeats are needed beyond it',
          },
        ],
      },
    ],
  },
  {
    id: 'fastly',
    name: 'Fastly',
    commonness: 2,
    causes: [
      {
        id: 'fastly.between-bytes',
        faults: ['idle.cut', 'idle.cut-before-headers'],
        what: 'the first byte must come within 15 s and each next one within 10 s, unless the origin is set up otherwise; between its own servers within 60 s',
        signs: [
          sign.silenceCutAfter(10, 3, 0.7),
          sign.silenceCutAfter(60, 2, 0.7),
          sign.statusForNoHead(503, 3),
        ],
        fixes: [
          {
            where: 'Fastly VCL, vcl_recv',
            line: 'if (req.http.Accept ~ "text/event-stream") { return(pass); }',
            basis: 'documented',
            source:
              'https://www.fastly.com/documentation/reference/vcl/variables/backend-connection/bereq-first-byte-timeout',
            caution:
              'each client then has a request of its own at the origin; without it a request goes through a second server of Fastly, which waits 60 s at most, and with shielding it does so all the same',
          },
          {
            where: 'Fastly VCL, vcl_pass',
            line: 'if (req.backend.is_origin) { set bereq.first_byte_timeout = 600s; set bereq.between_bytes_timeout = 600s; }',
            basis: 'documented',
            source:
              'https://www.fastly.com/documentation/reference/vcl/variables/backend-connection/bereq-first-byte-timeout',
            caution: '600 s is the most for the first byte',
          },
        ],
      },
      {
        id: 'fastly.do_stream',
        faults: ['buffer.until-end', 'buffer.headers'],
        what: 'streaming miss (beresp.do_stream) is off: the whole answer is taken in first',
        weight: 0.5,
        signs: [sign.xabCures(0), sign.burstsOf(4096, 0)],
        fixes: [
          {
            where: 'Fastly VCL, vcl_fetch',
            line: 'if (beresp.http.Content-Type ~ "text/event-stream") { set beresp.do_stream = true; }',
            basis: 'documented',
            source:
              'https://www.fastly.com/documentation/reference/vcl/variables/backend-response/beresp-do-stream',
          },
        ],
      },
      {
        id: 'fastly.collapsing',
        faults: ['cache.shared', 'cache.waits-for-first', 'cache.shared-when-public'],
        what: 'requests for one URL are collapsed into one',
        fixes: [
          {
            where: 'Fastly VCL, vcl_recv',
            line: 'if (req.http.Accept ~ "text/event-stream") { return(pass); }',
            basis: 'documented',
            source:
              'https://www.fastly.com/documentation/reference/vcl/variables/client-request/req-hash-always-miss',
            caution: 'each client then has a request of its own at the origin',
          },
        ],
      },
    ],
  },
  {
    id: 'bunny',
    name: 'bunny.net',
    commonness: 1,
    causes: [
      {
        id: 'bunny.cache',
        faults: ['cache.shared', 'cache.shared-when-public'],
        what: 'an answer without Cache-Control is stored for a month',
        fixes: [
          {
            where: 'origin',
            line: 'Cache-Control: no-cache, no-transform   (and not: public)',
            basis: 'documented',
            source: 'https://bunny.net/docs/cdn/server-sent-events',
            caution:
              'an Edge Rule "Override Cache Time" for the path stores the stream all the same; with "Ignore Query Strings" one stream is kept for all queries',
          },
        ],
      },
      {
        id: 'bunny.request-coalescing',
        faults: ['cache.shared'],
        what: 'Request Coalescing joins requests for one URL that come at the same time into one',
        weight: 0.5,
        fixes: [
          {
            where: 'bunny.net, the pull zone',
            line: '# turn Request Coalescing off, or give each client a URL of its own',
            basis: 'documented',
            source: 'https://bunny.net/docs/cdn/server-sent-events',
          },
        ],
      },
      {
        id: 'bunny.idle',
        faults: ['idle.cut'],
        what: 'the edge closes a connection that carries nothing for a while',
        fixes: [
          {
            where: 'origin',
            line: HEARTBEAT,
            basis: 'documented',
            source: 'https://bunny.net/docs/cdn/server-sent-events',
          },
        ],
      },
      {
        id: 'bunny.response-start',
        faults: ['idle.cut-before-headers'],
        what: 'an answer must begin within 60 s',
        signs: [sign.silenceCutAfter(60, 3), sign.statusForNoHead(504, 2)],
        fixes: [
          {
            where: 'origin',
            line: HEAD_AT_ONCE,
            basis: 'documented',
            source: 'https://bunny.net/docs/scripting/server-sent-events',
          },
        ],
      },
    ],
  },
];
