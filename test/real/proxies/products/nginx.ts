import type { Delivery, ProxyConfig, ProxyProduct } from '../proxy-product.ts';

/** Upstream as HTTP/1.1, whose bodies come in chunks. */
const HTTP_1_1 = ['proxy_http_version 1.1;', 'proxy_set_header Connection "";'];
const STREAMED = ['proxy_buffering off;', ...HTTP_1_1];
const PATIENT = 'proxy_read_timeout 1h;';

export const nginx: ProxyProduct = {
  name: 'nginx',
  program: 'nginx',
  args: ({ folder, configPath }) => ['-p', folder, '-c', configPath, '-e', 'stderr'],
  configs: {
    default: location('at the end'),
    fixed: location('at once', ...STREAMED, 'proxy_request_buffering off;', PATIENT),
    'HTTP/1.1 to the origin': location('at once', ...HTTP_1_1),
    impatient: location('at once', ...STREAMED, 'proxy_read_timeout 2s;'),
    'compressing streams': location(
      'at once',
      ...HTTP_1_1,
      'gzip on;',
      'gzip_types text/event-stream;',
      'gzip_min_length 0;',
    ),
    'caching what must not be': location(
      'at once',
      ...HTTP_1_1,
      'proxy_cache streams;',
      'proxy_cache_lock on;',
      'proxy_cache_valid 200 1m;',
      'proxy_ignore_headers Cache-Control;',
    ),
    'ignoring that clients leave': location('at once', ...STREAMED, 'proxy_ignore_client_abort on;'),
    'without chunks': location('at once', ...STREAMED, 'chunked_transfer_encoding off;'),
    'with large buffers': location(
      'at the end',
      'proxy_buffer_size 64k;',
      'proxy_buffers 4 64k;',
      'proxy_busy_buffers_size 128k;',
    ),
    'slowing answers down': location('at once', ...HTTP_1_1, 'limit_rate 3k;'),
    rewriting: location(
      'at once',
      ...STREAMED,
      'sub_filter_types text/event-stream;',
      "sub_filter '</head>' '<script></script></head>';",
    ),
    'changing the type': location(
      'at once',
      ...STREAMED,
      'proxy_hide_header Content-Type;',
      'add_header Content-Type text/plain;',
    ),
    'losing what answers say': location(
      'at once',
      ...STREAMED,
      'proxy_hide_header Retry-After;',
      'proxy_hide_header Set-Cookie;',
      'proxy_redirect ~.* /elsewhere;',
      'add_header Access-Control-Allow-Origin *;',
    ),
    'limiting how often': location('at once', ...STREAMED, 'limit_req zone=often burst=3 nodelay;'),
    'limiting how many': location('at once', ...STREAMED, 'limit_conn many 10;'),
  },
};

/** A server with one location, which has these lines besides the address of the origin. */
function location(delivers: Delivery, ...lines: readonly string[]): ProxyConfig {
  return {
    delivers,
    text: ({ port, originPort }) => `
daemon off;
pid nginx.pid;
worker_processes 1;
events { worker_connections 768; }
http {
  access_log off;
  client_body_temp_path client-body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  proxy_cache_path cache keys_zone=streams:1m;
  limit_req_zone $binary_remote_addr zone=often:1m rate=5r/s;
  limit_conn_zone $binary_remote_addr zone=many:1m;
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://127.0.0.1:${originPort};
      ${lines.join('\n      ')}
    }
  }
}
`,
  };
}
