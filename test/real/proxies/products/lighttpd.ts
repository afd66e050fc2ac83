import type { Delivery, ProxyConfig, ProxyProduct } from '../proxy-product.ts';

const STREAMING = ['server.stream-response-body = 2', 'server.stream-request-body = 2'];

export const lighttpd: ProxyProduct = {
  name: 'lighttpd',
  program: 'lighttpd',
  args: ({ configPath }) => ['-D', '-f', configPath],
  configs: {
    default: server('at the end'),
    fixed: server('at once', ...STREAMING),
    'HTTP/2': { ...server('at once', ...STREAMING), http: '2-prior-knowledge' },
  },
};

/** A server that sends everything to the origin, with these lines besides. */
function server(delivers: Delivery, ...lines: readonly string[]): ProxyConfig {
  return {
    delivers,
    text: ({ folder, port, originPort }) => `
server.modules = ("mod_proxy")
server.document-root = "${folder}"
server.upload-dirs = ("${folder}")
server.bind = "127.0.0.1"
server.port = ${port}
proxy.server = ("" => (("host" => "127.0.0.1", "port" => ${originPort})))
${lines.join('\n')}
`,
  };
}
