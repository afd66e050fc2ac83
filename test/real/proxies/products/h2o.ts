import type { ProxyConfig, ProxyProduct } from '../proxy-product.ts';

export const h2o: ProxyProduct = {
  name: 'h2o',
  program: 'h2o',
  args: ({ configPath }) => ['-c', configPath],
  configs: {
    default: path(),
    fixed: path('proxy.timeout.io: 3600000'),
    'HTTP/2': { ...path(), http: '2-prior-knowledge' },
    impatient: path('proxy.timeout.io: 2000'),
  },
};

/** A host with one path, which has these lines besides the address of the origin. */
function path(...lines: readonly string[]): ProxyConfig {
  return {
    delivers: 'at once',
    text: ({ folder, port, originPort }) => `
user: root
num-threads: 1
temp-buffer-path: ${folder}
listen:
  host: 127.0.0.1
  port: ${port}
hosts:
  default:
    paths:
      /:
        proxy.reverse.url: http://127.0.0.1:${originPort}/
        ${lines.join('\n        ')}
`,
  };
}
