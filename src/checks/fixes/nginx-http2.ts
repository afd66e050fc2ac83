import type { CauseKind } from './cause-kind.ts';
import { HEAD_AT_ONCE } from './origin-lines.ts';
import * as sign from './signs.ts';

/** What nginx does where clients speak HTTP/2 to it. */
export const NGINX_HTTP2: readonly CauseKind[] = [
  {
    id: 'nginx.http2-head',
    faults: ['buffer.headers'],
    what: 'over TLS and HTTP/2 the head waits for the first bytes of the body, whatever proxy_buffering is (seen with 1.22.1)',
    signs: [
      sign.clientHttp('2', 30, 0),
      sign.besides('buffer.until-end', 0.1),
      sign.besides('buffer.threshold', 0.1),
      sign.xabCuresHead(0.05, 20),
    ],
    fixes: [
      {
        where: 'origin',
        line: HEAD_AT_ONCE,
        basis: 'measured',
      },
    ],
  },
  {
    id: 'nginx.http2_max_concurrent_streams',
    faults: ['h2.few-streams'],
    what: 'http2_max_concurrent_streams is lower than the 128 that it is unless it is set',
    fixes: [
      {
        where: 'nginx, inside the server { } that your streams come through',
        line: 'http2_max_concurrent_streams 128;',
        basis: 'measured',
        source: 'https://nginx.org/en/docs/http/ngx_http_v2_module.html#http2_max_concurrent_streams',
      },
    ],
  },
];
