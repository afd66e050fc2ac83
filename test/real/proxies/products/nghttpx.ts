import type { ProxyConfig, ProxyProduct } from '../proxy-product.ts';

export const nghttpx: ProxyProduct = {
  name: 'nghttpx',
  program: 'nghttpx',
  args: ({ configPath }) => [`--conf=${configPath}`],
  configs: {
    default: options(),
    fixed: options('backend-read-timeout=1h'),
    'HTTP/2': { ...options(), http: '2-prior-knowledge' },
    'HTTP/2 over TLS': overTls(options('backend-read-timeout=1h')),
    impatient: options('backend-read-timeout=2s'),
  },
};

/** A frontend without TLS, with these lines besides. */
function options(...lines: readonly string[]): ProxyConfig {
  return {
    delivers: 'at once',
    text: ({ port, originPort }) => `
frontend=127.0.0.1,${port};no-tls
backend=127.0.0.1,${originPort}
workers=1
${lines.join('\n')}
`,
  };
}

function overTls(config: ProxyConfig): ProxyConfig {
  const text: ProxyConfig['text'] = (place) => {
    const pem = `${place.folder}/tls.pem`;
    return `${config.text(place).replace(';no-tls', '')}certificate-file=${pem}\nprivate-key-file=${pem}\n`;
  };
  return { ...config, text, isTls: true };
}
