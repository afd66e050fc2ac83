import type { Delivery, ProxyConfig, ProxyProduct } from '../proxy-product.ts';

const STREAMED = ['option http-no-delay', 'timeout client 1h', 'timeout server 1h'];
const FIXED = [...STREAMED, 'option abortonclose'];

export const haproxy: ProxyProduct = {
  name: 'HAProxy',
  program: 'haproxy',
  args: ({ configPath }) => ['-db', '-f', configPath],
  configs: {
    // The timeouts are those of Debian's own configuration.
    default: defaults('behind a timer', 'timeout client 50s', 'timeout server 50s'),
    'HTTP/2': {
      ...defaults('behind a timer', 'timeout client 50s', 'timeout server 50s'),
      http: '2-prior-knowledge',
    },
    fixed: defaults('at once', ...FIXED),
    'HTTP/2 over TLS': overTls(defaults('at once', ...FIXED)),
    'in production': checkedInTwos(
      defaults(
        'at once',
        ...FIXED,
        'timeout http-request 10s',
        'timeout http-keep-alive 15s',
        'timeout queue 5s',
        'timeout client-fin 10s',
        'timeout server-fin 10s',
        'http-reuse always',
        'retries 2',
        'option redispatch',
        'option forwardfor',
        'balance leastconn',
        'compression algo gzip',
        'compression type text/html text/css application/javascript application/json',
      ),
    ),
    'inspecting answers': {
      delivers: 'at once',
      text: (place) =>
        `${defaults('at once', ...STREAMED).text(place)}
  tcp-response inspect-delay 300ms
  tcp-response content accept if WAIT_END
`,
    },
    'waiting for whole answers': {
      delivers: 'at the end',
      // Longer than what is short takes, and shorter than what goes on.
      text: (place) =>
        `${defaults('at the end', ...FIXED).text(place)}  http-response wait-for-body time 1500ms\n`,
    },
    'closing connections': defaults('at once', ...FIXED, 'option httpclose'),
    'closing those to the origin': defaults('at once', ...FIXED, 'option http-server-close'),
    impatient: defaults('at once', 'option http-no-delay', 'timeout client 2s', 'timeout server 2s'),
  },
};

/** One frontend and one backend, whose defaults have these lines. */
function defaults(delivers: Delivery, ...lines: readonly string[]): ProxyConfig {
  return {
    delivers,
    text: ({ port, originPort }) => `
defaults
  mode http
  timeout connect 5s
  ${lines.join('\n  ')}
frontend clients
  bind 127.0.0.1:${port}
  default_backend origin
backend origin
  server origin 127.0.0.1:${originPort}
`,
  };
}

/** Of two servers, which are asked whether they live, the other is there for when the first doesn't; who asks too often is sent away. */
function checkedInTwos(config: ProxyConfig): ProxyConfig {
  const limit = [
    'stick-table type ip size 10k expire 30s store http_req_rate(10s)',
    'http-request track-sc0 src',
    'http-request deny deny_status 429 if { sc_http_req_rate(0) gt 2000 }',
  ];
  const text: ProxyConfig['text'] = (place) =>
    config
      .text(place)
      .replace(/bind .*/, (bind) => [bind, ...limit].join('\n  '))
      .replace(
        /server origin (.*)/,
        'server one $1 check maxconn 500\n  server two $1 check maxconn 500 backup',
      );
  return { ...config, text };
}

function overTls(config: ProxyConfig): ProxyConfig {
  const text: ProxyConfig['text'] = (place) =>
    config
      .text(place)
      .replace(/bind .*/, (bind) => `${bind} ssl crt ${place.folder}/tls.pem alpn h2,http/1.1`);
  return { ...config, text, isTls: true };
}
