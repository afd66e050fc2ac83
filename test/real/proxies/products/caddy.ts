import type { ProxyConfig, ProxyProduct } from '../proxy-product.ts';

export const caddy: ProxyProduct = {
  name: 'Caddy',
  program: 'caddy',
  args: ({ configPath }) => ['run', '--config', configPath, '--adapter', 'caddyfile'],
  configs: {
    default: site('reverse_proxy $origin'),
    // Copied from one answer on the web to the next: cancelling no longer gets through.
    'flush_interval -1': site('reverse_proxy $origin {', '  flush_interval -1', '}'),
    'changing Cache-Control': site('reverse_proxy $origin {', '  header_down -Cache-Control', '}'),
    encoding: site('encode zstd gzip', 'reverse_proxy $origin'),
    'ending answers': {
      ...site('reverse_proxy $origin'),
      text: (place) => timedOut(site('reverse_proxy $origin').text(place)),
    },
    'trying again': site('reverse_proxy $origin {', '  lb_try_duration 2s', '}'),
    'HTTP/2 over TLS': overTls(site('tls $folder/tls.pem $folder/tls.pem', 'reverse_proxy $origin')),
    'in production': site(
      'header Strict-Transport-Security max-age=31536000',
      '@pages not header Accept *text/event-stream*',
      'encode @pages zstd gzip',
      'reverse_proxy $origin $origin {',
      '  lb_policy least_conn',
      '  header_up X-Real-IP {remote_host}',
      '  transport http {',
      '    dial_timeout 2s',
      '    keepalive 2m',
      '    keepalive_idle_conns_per_host 32',
      '  }',
      '}',
    ),
  },
};

/** A site with these lines. */
function site(...lines: readonly string[]): ProxyConfig {
  return {
    delivers: 'at once',
    text: ({ folder, port, originPort }) =>
      `
{
  admin off
  auto_https off
  storage file_system ${folder}
}
http://127.0.0.1:${port} {
  bind 127.0.0.1
  ${lines.join('\n  ')}
}
`
        .replaceAll('$origin', `127.0.0.1:${originPort}`)
        .replaceAll('$folder', folder),
  };
}

function overTls(config: ProxyConfig): ProxyConfig {
  const text: ProxyConfig['text'] = (place) => config.text(place).replace('http://', 'https://');
  return { ...config, text, isTls: true };
}

/** No answer takes longer than 2 s. */
function timedOut(text: string): string {
  return text.replace('  admin off', '  servers {\n    timeouts {\n      write 2s\n    }\n  }\n  admin off');
}
