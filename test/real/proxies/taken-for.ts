/** What each product is taken for by what it leaves on an answer, as it is shipped; of what runs on Node nothing but that shows. */
export const TAKEN_FOR: Readonly<Record<string, string>> = {
  nginx: 'nginx',
  HAProxy: 'haproxy',
  Apache: 'apache',
  Caddy: 'caddy',
  Varnish: 'varnish',
  Squid: 'squid',
  lighttpd: 'lighttpd',
  h2o: 'h2o',
  nghttpx: 'nghttpx',
  'http-proxy': 'node',
  'http-proxy-3': 'node',
  'http-proxy-middleware': 'node',
  Vite: 'node',
  'compression before http-proxy-3': 'node',
};
