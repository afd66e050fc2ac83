import type { Delivery, ProxyConfig, ProxyProduct } from '../proxy-product.ts';

const PASS = `sub vcl_recv {
  if (req.http.Accept ~ "text/event-stream") { return (pass); }
}`;
const PATIENT = '.between_bytes_timeout = 1h; .first_byte_timeout = 1h;';

export const varnish: ProxyProduct = {
  name: 'Varnish',
  program: 'varnishd',
  args: ({ folder, configPath, port }) => [
    ...['-F', '-n', `${folder}/run`, '-a', `127.0.0.1:${port}`, '-f', configPath, '-s', 'malloc,64m'],
    // Each worker thread waits with a stack of its own: a test needs few.
    ...['-p', 'thread_pools=1', '-p', 'thread_pool_min=10'],
  ],
  configs: {
    default: vcl('at once'),
    fixed: vcl('at once', { backend: PATIENT, subs: PASS }),
    piping: vcl('at once', { backend: PATIENT, subs: PASS.replace('pass', 'pipe') }),
    impatient: vcl('at once', {
      backend: '.between_bytes_timeout = 2s; .first_byte_timeout = 2s;',
      subs: PASS,
    }),
    compressing: vcl('at the end', { subs: 'sub vcl_backend_response { set beresp.do_gzip = true; }' }),
    retrying: vcl('at once', {
      subs: 'sub vcl_backend_error { if (bereq.retries < 2) { return (retry); } }',
    }),
    'not streaming': vcl('at the end', {
      subs: 'sub vcl_backend_response { set beresp.do_stream = false; }',
    }),
    'looking for ESI': vcl('at the end', {
      subs: 'sub vcl_backend_response { set beresp.do_esi = true; }',
    }),
    'letting streams into the cache': vcl('at once', {
      subs: 'sub vcl_backend_response { set beresp.ttl = 0s; set beresp.grace = 0s; return (deliver); }',
    }),
    'changing Cache-Control': vcl('at once', {
      subs: 'sub vcl_deliver { unset resp.http.Cache-Control; }',
    }),
  },
};

/** One backend with these properties besides its address, and these subroutines. */
function vcl(delivers: Delivery, { backend = '', subs = '' } = {}): ProxyConfig {
  return {
    delivers,
    text: ({ originPort }) => `vcl 4.1;
backend origin { .host = "127.0.0.1"; .port = "${originPort}"; ${backend} }
${subs}
`,
  };
}
