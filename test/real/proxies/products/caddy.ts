import type { ProxyConfig, ProxyProduct } from '../proxy-product.ts';

export const caddy: ProxyProduct = {
  name: 'Caddy',
  program: 'caddy',
  args: ({ configPath }) => ['run', '--config', configPath, '--adapter', 'caddyfile'],
  configs: {
    default: site('reverse_proxy $origin'),
    // Copied from one answer on the web to the next: cancelling no longer gets through.
    'flush_interval -1': site('reverse_proxy $origin {', '  flush_interval -1', '}'),
    encoding: site('encode zstd gzip', 'reverse_proxy $origin'),
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
`.replace('$origin', `127.0.0.1:${originPort}`),
  };
}
