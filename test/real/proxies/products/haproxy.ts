import type { Delivery, ProxyConfig, ProxyProduct } from '../proxy-product.ts';

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
    fixed: defaults('at once', 'option http-no-delay', 'timeout client 1h', 'timeout server 1h'),
    'inspecting answers': {
      delivers: 'at once',
      text: (place) =>
        `${defaults('at once', 'option http-no-delay', 'timeout client 1h', 'timeout server 1h').text(place)}
  tcp-response inspect-delay 300ms
  tcp-response content accept if WAIT_END
`,
    },
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
