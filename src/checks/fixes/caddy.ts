import type { Product } from './cause-kind.ts';
import { HEAD_AT_ONCE } from './origin-lines.ts';
import * as sign from './signs.ts';

/** Caddy: 2.6.2, 2.7.6, 2.8.4, 2.9.1 and 2.10.2 were watched. */
export const caddy: Product = {
  id: 'caddy',
  name: 'Caddy',
  place: 'the site { } of the Caddyfile',
  reload: 'caddy reload',
  commonness: 5,
  causes: [
    {
      id: 'caddy.encode',
      faults: ['compression.holds-events'],
      what: 'before 2.9 encode compresses event streams without flushing, and holds events until it has enough',
      signs: [
        sign.onlyWhenCompressed(4, 0.2),
        sign.xabCures(0.05),
        { probe: 'encoding', figure: 'stalledSizesBytes', is: '2048', times: 8 },
      ],
      fixes: [
        {
          twice: 'both',
          line: 'encode {\n  gzip\n  match {\n    header Content-Type text/html*\n    header Content-Type application/json*\n  }\n}',
          basis: 'measured',
          source: 'https://caddyserver.com/docs/caddyfile/directives/encode',
        },
        {
          below: '2.9',
          line: 'upgrade to Caddy 2.9 or later',
          basis: 'measured',
        },
        {
          from: '2.6.3',
          where: 'origin',
          line: 'Cache-Control: no-cache, no-transform',
          basis: 'measured',
          needs: 'Caddy 2.6.3 or later',
        },
      ],
    },
    {
      id: 'caddy.reverse_proxy-end',
      faults: ['truncation.masked'],
      what: 'before 2.7.6 an answer that broke off is ended in order',
      signs: [
        sign.originHttp('1.0', 0.05),
        sign.besides('truncation.hangs', 0),
        sign.masks('http1Reset', 3, 0.3),
      ],
      fixes: [
        {
          below: '2.7.6',
          // What holds compressed events is mended from there on, too.
          line: 'upgrade to Caddy 2.9 or later',
          basis: 'measured',
          source: 'https://github.com/caddyserver/caddy/issues/5951',
        },
      ],
    },
    {
      id: 'caddy.flush_interval',
      faults: ['client-gone.on-next-write'],
      what: 'before 2.9, with flush_interval -1, the request to the origin goes on when the client has left',
      weight: 0.8,
      fixes: [
        {
          line: '# remove: flush_interval -1   (event streams are flushed at once without it)',
          basis: 'measured',
          source: 'https://github.com/caddyserver/caddy/pull/4952',
        },
      ],
    },
    {
      id: 'caddy.response_buffers',
      faults: ['buffer.until-end', 'buffer.threshold', 'buffer.headers', 'buffer.unbounded'],
      what: 'response_buffers (buffer_responses until 2.6) has reverse_proxy take in so much of an answer before it passes any of it on',
      weight: 0.3,
      signs: [
        sign.xabCures(0.05),
        sign.passed('timing', 0),
        // The head waits with the events.
        sign.passed('headers-first', 0),
        { ...sign.besides('buffer.until-end', 5), of: 'buffer.headers' },
        // It gives no length to what it has taken in.
        sign.lengthGiven(0.05),
      ],
      fixes: [
        {
          where: 'Caddy, reverse_proxy { } of the Caddyfile',
          line: '# remove: response_buffers, buffer_responses   (nothing is held unless it is set)',
          basis: 'measured',
          source: 'https://caddyserver.com/docs/caddyfile/directives/reverse_proxy#streaming',
        },
      ],
    },
    {
      id: 'caddy.templates',
      faults: ['buffer.until-end', 'buffer.unbounded', 'special-case.type-or-method'],
      what: 'templates takes in each answer of the types in its mime as a whole: HTML, Markdown and plain text, unless it is set',
      weight: 0.3,
      signs: [
        sign.besides('special-case.type-or-method', 10),
        // What has no type in its mime runs.
        sign.passed('type-method', 0),
        { figure: 'heldVariant', is: ['usual', 'textPlain'], times: 1, otherwise: 0 },
        {
          ...{ figure: 'heldVariant', is: 'usual', times: 1, otherwise: 0 },
          of: ['buffer.until-end', 'buffer.unbounded'],
        },
        sign.xabCures(0.05),
      ],
      fixes: [
        {
          where: 'Caddy, templates { } of the Caddyfile',
          line: 'mime text/html text/markdown   # and no type that streams have',
          basis: 'measured',
          source: 'https://caddyserver.com/docs/caddyfile/directives/templates',
        },
      ],
    },
    {
      id: 'caddy.read_timeout',
      faults: ['idle.cut', 'idle.cut-before-headers'],
      what: 'read_timeout of the transport ends silence, and response_header_timeout what has no head yet',
      weight: 0.5,
      // It has none as it comes: these are those of who may stand behind it.
      signs: [
        sign.statusForNoHead(504, 2),
        sign.silenceCutAfter(60, 0.05, 1),
        sign.silenceCutAfter(50, 0.2, 1),
      ],
      fixes: [
        {
          where: 'Caddy, reverse_proxy { transport http { } } of the Caddyfile',
          line: '# remove: read_timeout, response_header_timeout   (they are none unless they are set)',
          basis: 'measured',
          source: 'https://caddyserver.com/docs/caddyfile/directives/reverse_proxy#the-http-transport',
        },
      ],
    },
    {
      id: 'caddy.max_conns_per_host',
      faults: ['capacity.limit'],
      what: 'max_conns_per_host of the transport is reached; what is beyond it waits',
      weight: 0.5,
      signs: [sign.beyondLimit('waits', 3, 0.02), sign.plateauAt(150, 0.1)],
      fixes: [
        {
          where: 'Caddy, reverse_proxy { transport http { } } of the Caddyfile',
          line: '# remove: max_conns_per_host   (it is none unless it is set)',
          basis: 'measured',
          source: 'https://caddyserver.com/docs/caddyfile/directives/reverse_proxy#the-http-transport',
        },
      ],
    },
    {
      id: 'caddy.write-timeout',
      faults: ['lifetime.cut'],
      what: 'timeouts { write } of servers counts from the request on, and ends every answer that takes longer, busy or not',
      weight: 2,
      fixes: [
        {
          where: 'the global options of the Caddyfile, servers { timeouts { } }',
          line: '# remove: write DURATION   (it is none unless it is set; idle and read_header do no harm)',
          basis: 'measured',
          source: 'https://caddyserver.com/docs/caddyfile/options#timeouts',
        },
      ],
    },
    {
      id: 'caddy.lb_try_duration',
      faults: ['retry.repeated'],
      what: 'lb_try_duration has a GET that failed repeated, every 250 ms, until that time is over',
      fixes: [
        {
          line: '# remove: lb_try_duration   (or keep it for the paths that have no streams)',
          basis: 'measured',
          source: 'https://caddyserver.com/docs/caddyfile/directives/reverse_proxy#load-balancing',
        },
      ],
    },
    {
      id: 'caddy.header_down',
      faults: ['headers.not-of-a-stream', 'headers.lost'],
      what: 'header_down changes what the origin said, or takes it out',
      weight: 2,
      signs: [{ ...sign.headAllows('caches', 1, 0), of: 'headers.not-of-a-stream' }],
      fixes: [
        {
          faults: ['headers.not-of-a-stream'],
          line: '# remove: header_down of Cache-Control, in reverse_proxy',
          basis: 'measured',
          source: 'https://caddyserver.com/docs/caddyfile/directives/reverse_proxy#headers',
        },
        {
          faults: ['headers.lost'],
          line: '# remove: header_down of whichever header is lost, in reverse_proxy',
          basis: 'measured',
          source: 'https://caddyserver.com/docs/caddyfile/directives/reverse_proxy#headers',
        },
      ],
    },
    {
      id: 'caddy.header',
      faults: ['headers.cors-twice'],
      what: 'header Access-Control-Allow-Origin is written before the answer of the application comes, and its own is added to it',
      weight: 2,
      fixes: [
        {
          line: '# in reverse_proxy { }: header_down -Access-Control-Allow-Origin',
          basis: 'measured',
          source: 'https://caddyserver.com/docs/caddyfile/directives/reverse_proxy#headers',
          caution: 'what header says is then all that is said',
        },
      ],
    },
    {
      id: 'caddy.header_up',
      faults: ['request.header-lost'],
      what: 'header_up takes the header out, or request_header does',
      fixes: [
        {
          line: '# remove: header_up -NAME of whichever header is lost   (also: request_header -NAME)',
          basis: 'measured',
          source: 'https://caddyserver.com/docs/caddyfile/directives/reverse_proxy#headers',
        },
      ],
    },
    {
      id: 'caddy.late-head',
      faults: ['buffer.headers'],
      what: 'behind encode the head waits for the first bytes of the body, whatever it compresses, where the client accepts compression',
      weight: 0.5,
      signs: [sign.besides('buffer.threshold', 0.1), sign.besides('buffer.until-end', 0.1)],
      fixes: [
        {
          where: 'origin',
          line: HEAD_AT_ONCE,
          basis: 'measured',
          source: 'https://github.com/caddyserver/caddy/pull/4318',
        },
      ],
    },
  ],
};
