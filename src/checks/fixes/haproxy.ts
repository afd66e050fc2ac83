import type { Product } from './cause-kind.ts';
import * as sign from './signs.ts';

/** HAProxy: 2.6.12 of Debian and 3.5-dev5 were watched. */
export const haproxy: Product = {
  id: 'haproxy',
  name: 'HAProxy',
  reload: 'systemctl reload haproxy',
  twice: 'last',
  commonness: 6,
  causes: [
    {
      id: 'haproxy.http-no-delay',
      faults: ['buffer.timer', 'buffer.headers'],
      what: 'the kernel is told that more is to come, and holds small writes of HTTP/1.1 for some 200 ms',
      weight: 3,
      signs: [
        sign.batchesEvery({ from: 150, to: 260 }, 40),
        sign.xabCures(0),
        sign.clientHttp('2', 0.05),
        { ...sign.passed('timing', 0.02), of: 'buffer.timer' },
        { ...sign.timerUnder(400), of: 'buffer.timer' },
        { ...sign.headLate({ from: 180, to: 260 }, 4), of: 'buffer.timer' },
        { ...sign.headLate({ from: 180, to: 260 }, 20, 0.02), of: 'buffer.headers' },
      ],
      fixes: [
        {
          where: 'HAProxy, defaults',
          line: 'option http-no-delay',
          basis: 'measured',
          caution: 'more and smaller packets',
        },
      ],
    },
    {
      id: 'haproxy.wait-for-body',
      faults: ['buffer.until-end', 'lifetime.cut'],
      what: 'http-response wait-for-body has the answer wait for its end or 16 KB of it, and gives it up with 504 when the time is over',
      signs: [
        sign.givenUpWith(504, 40, 0.05),
        sign.xabCures(0),
        { probe: 'lifetime', figure: 'cutSeenAs', is: 'status', times: 4, otherwise: 0, of: 'lifetime.cut' },
        { probe: 'idle', figure: 'cutSeenAs', is: 'status', times: 4, otherwise: 0, of: 'lifetime.cut' },
      ],
      fixes: [
        {
          where: 'HAProxy, frontend or backend',
          line: '# remove: http-response wait-for-body',
          basis: 'measured',
          source: 'https://docs.haproxy.org/2.6/configuration.html#4.2-http-response%20wait-for-body',
        },
      ],
    },
    {
      id: 'haproxy.inspect-delay',
      faults: ['headers.late'],
      what: 'tcp-response inspect-delay has each answer wait for a rule that is met only when the time is over',
      fixes: [
        {
          where: 'HAProxy, backend',
          line: '# remove: tcp-response inspect-delay',
          basis: 'measured',
          source: 'https://docs.haproxy.org/2.6/configuration.html#4.2-tcp-response%20inspect-delay',
        },
      ],
    },
    {
      id: 'haproxy.timeout',
      faults: ['idle.cut', 'idle.cut-before-headers'],
      what: 'timeout client or timeout server ends silence: 50 s as Debian ships it',
      signs: [
        // It has no timeout of its own: somebody has set each.
        sign.silenceCutAfter(50, 8, 0.8),
        sign.statusForNoHead(504, 2),
      ],
      fixes: [
        {
          where: 'HAProxy, defaults',
          line: 'timeout client 1h\ntimeout server 1h',
          basis: 'measured',
          caution: 'timeout tunnel is of no use here: a stream is no tunnel',
        },
      ],
    },
    {
      id: 'haproxy.abortonclose',
      faults: ['client-gone.on-next-write'],
      what: 'before 3.3, a client that leaves is noticed only when something is written to it',
      fixes: [
        {
          below: '3.3',
          where: 'HAProxy, defaults',
          line: 'option abortonclose',
          basis: 'measured',
          source: 'https://github.com/haproxy/haproxy/issues/2344',
          caution: 'in the backend alone it has no effect',
        },
      ],
    },
    {
      id: 'haproxy.h2-end',
      faults: ['truncation.masked'],
      what: 'old versions end the HTTP/2 stream in order when the origin breaks off',
      weight: 0.5,
      signs: [sign.masks('http1Fin', 0, 5), sign.masks('http2Fin', 4, 0)],
      fixes: [{ below: '3.5', line: 'upgrade: 2.6.12 does so, 3.5 does not', basis: 'measured' }],
    },
    {
      id: 'haproxy.tune-h2',
      faults: ['h2.few-streams'],
      what: 'tune.h2.max-concurrent-streams (since 2.8 also tune.h2.fe.max-concurrent-streams) is lower than the 100 that it is unless it is set',
      fixes: [
        {
          where: 'HAProxy, global',
          line: 'tune.h2.max-concurrent-streams 100',
          basis: 'measured',
          source: 'https://docs.haproxy.org/2.6/configuration.html#3.2-tune.h2.max-concurrent-streams',
          caution: 'where tune.h2.fe.max-concurrent-streams is set (2.8 and later), that one counts',
        },
      ],
    },
    {
      id: 'haproxy.maxconn',
      faults: ['capacity.limit'],
      what: 'maxconn of the process, the frontend or the server is reached; what is beyond it waits in a queue',
      signs: [sign.beyondLimit(['waits', 'status 503'], 2, 0.02)],
      fixes: [
        {
          where: 'HAProxy, global, and wherever else maxconn is set',
          line: 'maxconn 4000',
          // "'maxconn' already specified. Continuing.", with the first one of global.
          twice: 'first',
          basis: 'measured',
          source: 'https://docs.haproxy.org/2.6/configuration.html#3.2-maxconn',
          needs:
            'more than twice as many open files for its process (LimitNOFILE), or HAProxy does not start',
        },
      ],
    },
    {
      id: 'haproxy.conn-cur',
      faults: ['capacity.limit'],
      what: 'a rule turns away who has too many connections open, as a stick-table has counted them: tcp-request connection reject, silent-drop, http-request deny',
      signs: [
        sign.beyondLimit(['connect_error', 'reset', 'eof', 'protocol', 'status 429', 'status 403'], 2, 0.02),
      ],
      fixes: [
        {
          where: 'HAProxy, frontend or backend',
          line: '# a higher number in the rule that counts connections: if { sc0_conn_cur gt 1000 }   (http-request deny: or a condition more, !{ path_beg /events })',
          basis: 'measured',
          source: 'https://docs.haproxy.org/2.6/configuration.html#7.3.3-sc_conn_cur',
          caution: 'who stands behind one address, as an office does, is counted as one client',
        },
      ],
    },
    {
      id: 'haproxy.set-content-type',
      faults: ['headers.type-changed'],
      what: 'http-response set-header, replace-header or del-header changes Content-Type',
      fixes: [
        {
          where: 'HAProxy, frontend or backend',
          line: '# behind each http-response line that changes Content-Type: unless { res.hdr(Content-Type) -m beg text/event-stream }',
          basis: 'measured',
          source: 'https://docs.haproxy.org/2.6/configuration.html#4.2-http-response%20set-header',
        },
      ],
    },
    {
      id: 'haproxy.set-header',
      faults: ['headers.not-of-a-stream', 'headers.lost'],
      what: 'http-response set-header, replace-header or del-header changes what the origin said',
      weight: 2,
      signs: [{ ...sign.headAllows('caches', 1, 0), of: 'headers.not-of-a-stream' }],
      fixes: [
        {
          faults: ['headers.not-of-a-stream'],
          where: 'HAProxy, frontend or backend',
          line: '# behind each http-response line that changes Cache-Control: unless { res.hdr(Content-Type) -m beg text/event-stream }',
          basis: 'measured',
          source: 'https://docs.haproxy.org/2.6/configuration.html#4.2-http-response%20set-header',
        },
        {
          faults: ['headers.lost'],
          where: 'HAProxy, frontend or backend',
          line: '# behind each http-response line that changes the header which is lost: unless { res.hdr(Content-Type) -m beg text/event-stream }',
          basis: 'measured',
          source: 'https://docs.haproxy.org/2.6/configuration.html#4.2-http-response%20del-header',
        },
      ],
    },
    {
      id: 'haproxy.add-header',
      faults: ['headers.cors-twice'],
      what: 'http-response add-header adds Access-Control-Allow-Origin, whatever the application says',
      weight: 2,
      fixes: [
        {
          where: 'HAProxy, frontend or backend',
          line: '# in place of add-header: http-response set-header Access-Control-Allow-Origin …',
          basis: 'measured',
          source: 'https://docs.haproxy.org/2.6/configuration.html#4.2-http-response%20set-header',
        },
      ],
    },
    {
      id: 'haproxy.http-request-deny',
      faults: ['origin.not-asked'],
      what: 'http-request deny refuses a client that asks too often, by what a stick-table has counted',
      signs: [sign.notAskedBy(['status 429', 'status 503', 'status 403'], 10, 0.02)],
      fixes: [
        {
          where: 'HAProxy, frontend or backend',
          line: '# a higher number there, or a condition more for the streams: http-request deny if { … } !{ path_beg /events }',
          basis: 'measured',
          source: 'https://docs.haproxy.org/2.6/configuration.html#4.2-http-request%20deny',
        },
      ],
    },
    {
      id: 'haproxy.del-header',
      faults: ['request.header-lost'],
      what: 'http-request del-header takes the header out',
      fixes: [
        {
          where: 'HAProxy, frontend or backend',
          line: '# remove: http-request del-header NAME of whichever header is lost',
          basis: 'measured',
          source: 'https://docs.haproxy.org/2.6/configuration.html#4.2-http-request%20del-header',
        },
      ],
    },
    {
      id: 'haproxy.http-buffer-request',
      faults: ['buffer.request-body'],
      what: 'option http-buffer-request waits for the body, as far as it goes into a buffer (16 KB)',
      fixes: [
        {
          where: 'HAProxy, frontend or backend',
          line: '# remove: option http-buffer-request',
          basis: 'measured',
          source: 'https://docs.haproxy.org/2.6/configuration.html#4.2-option%20http-buffer-request',
        },
      ],
    },
    {
      id: 'haproxy.wait-for-request-body',
      faults: ['buffer.request-body'],
      what: 'http-request wait-for-body waits for the body, and answers with 408 when the time is over',
      weight: 0.5,
      signs: [{ probe: 'post', figure: 'status', is: 408, times: 10, otherwise: 0.5 }],
      fixes: [
        {
          where: 'HAProxy, frontend or backend',
          line: '# remove: http-request wait-for-body',
          basis: 'measured',
          source: 'https://docs.haproxy.org/2.6/configuration.html#4.2-http-request%20wait-for-body',
        },
      ],
    },
    {
      id: 'haproxy.compression',
      faults: ['compression.holds-events'],
      what: 'compression type contains text/event-stream, or no type is given',
      weight: 0.4,
      signs: [
        sign.onlyWhenCompressed(4, 0.2),
        sign.noTransformCures(6, 0.05),
        sign.xabCures(0),
        sign.compressedSoon(4, 0.1),
      ],
      fixes: [
        {
          where: 'HAProxy, defaults or backend',
          line: 'compression type text/html text/css application/javascript',
          twice: 'both',
          basis: 'measured',
          source: 'https://docs.haproxy.org/2.6/configuration.html#4.2',
        },
        { where: 'origin', line: 'Cache-Control: no-cache, no-transform', basis: 'measured' },
      ],
    },
    {
      id: 'haproxy.retry-on',
      faults: ['retry.repeated'],
      what: 'retry-on also repeats requests that had been sent (unless it is set, only those that could not be)',
      weight: 0.6,
      // retries is 3 unless it is set.
      signs: [{ probe: 'retry', figure: 'getHits', is: 4, times: 5, otherwise: 0.5 }],
      fixes: [
        {
          where: 'HAProxy, defaults or backend',
          line: 'retry-on conn-failure',
          basis: 'measured',
          source: 'https://docs.haproxy.org/2.6/configuration.html#4.2-retry-on',
        },
      ],
    },
  ],
};
