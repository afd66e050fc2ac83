import type { CauseKind } from './cause-kind.ts';
import * as sign from './signs.ts';

/** What lets no more streams through nginx, or no more requests. */
export const NGINX_LIMITS: readonly CauseKind[] = [
  {
    id: 'nginx.limit_conn',
    faults: ['capacity.limit'],
    what: 'limit_conn lets one client, or all of them, have only so many connections',
    signs: [sign.beyondLimit(['status 503', 'status 429'], 10, 0)],
    fixes: [
      {
        line: '# more at limit_conn, or none for streams: limit_conn ZONE 1000;',
        basis: 'measured',
        source: 'https://nginx.org/en/docs/http/ngx_http_limit_conn_module.html#limit_conn',
      },
    ],
  },
  {
    id: 'nginx.max_conns',
    faults: ['capacity.limit'],
    what: 'max_conns of the servers in the upstream is reached',
    weight: 0.5,
    // It has no server left to ask.
    signs: [sign.beyondLimit('status 502', 10, 0)],
    fixes: [
      {
        where: 'nginx, the upstream { }',
        line: '# more at max_conns of each server, or none, as it is unless it is set: max_conns=1000',
        basis: 'measured',
        source: 'https://nginx.org/en/docs/http/ngx_http_upstream_module.html#max_conns',
      },
    ],
  },
  {
    id: 'nginx.limit_req',
    faults: ['origin.not-asked'],
    what: 'limit_req lets one client ask only so often',
    signs: [sign.notAskedBy(['status 503', 'status 429'], 10, 0.02)],
    fixes: [
      {
        line: '# more at limit_req, or none for streams: limit_req zone=ZONE burst=100 nodelay;',
        basis: 'measured',
        source: 'https://nginx.org/en/docs/http/ngx_http_limit_req_module.html#limit_req',
      },
    ],
  },
  {
    id: 'nginx.worker_connections',
    faults: ['capacity.limit'],
    what: 'worker_connections are used up: a stream takes two',
    weight: 0.5,
    // It takes the connection, and closes it.
    signs: [sign.beyondLimit(['protocol', 'reset', 'eof', 'connect_error'], 5, 0.02)],
    fixes: [
      {
        where: 'nginx, outside of http',
        line: 'worker_rlimit_nofile 65536;\nevents { worker_connections 32768; }',
        basis: 'measured',
        source: 'https://nginx.org/en/docs/ngx_core_module.html#worker_connections',
      },
    ],
  },
];
