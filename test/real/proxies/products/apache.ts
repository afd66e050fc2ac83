import type { ProxyConfig, ProxyProduct } from '../proxy-product.ts';

export const apache: ProxyProduct = {
  name: 'Apache',
  program: 'apache2',
  args: ({ configPath }) => ['-DFOREGROUND', '-f', configPath],
  configs: {
    default: host(),
    fixed: host('ProxyTimeout 3600'),
    impatient: host('ProxyTimeout 2'),
    compressing: host('LoadModule deflate_module $modules/mod_deflate.so', 'SetOutputFilter DEFLATE'),
    // HTTP/2 by prior knowledge, with as many streams a connection as it announces, and as few as it starts.
    'HTTP/2': {
      ...host('LoadModule http2_module $modules/mod_http2.so', 'Protocols h2c http/1.1'),
      http: '2-prior-knowledge',
    },
    'with two workers': host('ServerLimit 1', 'ThreadsPerChild 2', 'MaxRequestWorkers 2'),
  },
};

/** A server that sends everything to the origin, with these lines besides. */
function host(...lines: readonly string[]): ProxyConfig {
  return {
    delivers: 'at once',
    text: ({ folder, port, originPort }) =>
      `
Listen 127.0.0.1:${port}
ServerName localhost
DefaultRuntimeDir ${folder}
PidFile ${folder}/apache.pid
Mutex fcntl:${folder}
ErrorLog /dev/stderr
User www-data
Group www-data
LoadModule mpm_event_module $modules/mod_mpm_event.so
LoadModule authz_core_module $modules/mod_authz_core.so
LoadModule proxy_module $modules/mod_proxy.so
LoadModule proxy_http_module $modules/mod_proxy_http.so
${lines.join('\n')}
ProxyPass / http://127.0.0.1:${originPort}/
`.replaceAll('$modules', '/usr/lib/apache2/modules'),
  };
}
