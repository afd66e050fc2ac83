import type { Delivery, ProxyConfig, ProxyProduct } from '../proxy-product.ts';

/** Upstream as HTTP/1.1, whose bodies come in chunks. */
const HTTP_1_1 = ['proxy_http_version 1.1;', 'proxy_set_header Connection "";'];
const STREAMED = ['proxy_buffering off;', ...HTTP_1_1];
const PATIENT = 'proxy_read_timeout 1h;';
const FIXED = [...STREAMED, 'proxy_request_buffering off;', PATIENT];

export const nginx: ProxyProduct = {
  name: 'nginx',
  program: 'nginx',
  args: ({ folder, configPath }) => ['-p', folder, '-c', configPath, '-e', 'stderr'],
  configs: {
    default: location('at the end'),
    fixed: location('at once', ...FIXED),
    'HTTP/2 over TLS': overTls(location('at once', ...FIXED)),
    'limiting with room': location(
      'at once',
      ...FIXED,
      'limit_conn many 500;',
      'limit_req zone=seldom burst=500 nodelay;',
    ),
    'in production': pooled(
      location(
        'at once',
        ...FIXED,
        'proxy_set_header Host $host;',
        'proxy_set_header X-Real-IP $remote_addr;',
        'proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;',
        'proxy_set_header X-Forwarded-Proto $scheme;',
        'proxy_next_upstream error timeout;',
        'proxy_socket_keepalive on;',
        'proxy_cache streams;',
        'proxy_cache_use_stale error timeout updating;',
        'client_max_body_size 0;',
        'sendfile on;',
        'tcp_nopush on;',
        'server_tokens off;',
        'gzip on;',
        'gzip_vary on;',
        'gzip_proxied any;',
        'gzip_types text/plain text/css application/javascript application/json;',
        'add_header Strict-Transport-Security "max-age=31536000" always;',
        'add_header X-Content-Type-Options nosniff always;',
      ),
    ),
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
    // In every collection of snippets.
    'letting pages read': location('at once', ...STREAMED, 'add_header Access-Control-Allow-Origin *;'),
    'letting pages read, alone': location(
      'at once',
      ...STREAMED,
      'add_header Access-Control-Allow-Origin *;',
      'proxy_hide_header Access-Control-Allow-Origin;',
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
  limit_req_zone $binary_remote_addr zone=seldom:1m rate=100r/s;
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

/** It keeps connections to the origin for the next request. */
function pooled(config: ProxyConfig): ProxyConfig {
  const text: ProxyConfig['text'] = (place) =>
    config
      .text(place)
      .replace(/proxy_pass [^;]+/, 'proxy_pass http://origin')
      .replace(
        '  server {',
        `  upstream origin { server 127.0.0.1:${place.originPort}; keepalive 16; }\n  server {`,
      );
  return { ...config, text };
}

function overTls(config: ProxyConfig): ProxyConfig {
  const tls = 'ssl http2; ssl_certificate tls.pem; ssl_certificate_key tls.pem';
  const text: ProxyConfig['text'] = (place) =>
    config.text(place).replace(/listen [^;]+/, (listen) => `${listen} ${tls}`);
  return { ...config, text, isTls: true };
}
