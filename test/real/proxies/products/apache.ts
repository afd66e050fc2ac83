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
    'HTTP/2 over TLS': {
      ...host(
        'ProxyTimeout 3600',
        'LoadModule ssl_module $modules/mod_ssl.so',
        'LoadModule http2_module $modules/mod_http2.so',
        'Protocols h2 http/1.1',
        'SSLEngine on',
        'SSLCertificateFile $folder/tls.pem',
        'SSLSessionCache none',
      ),
      isTls: true,
    },
    'in production': host(
      'ProxyTimeout 3600',
      'ProxyPreserveHost On',
      'LoadModule env_module $modules/mod_env.so',
      'LoadModule headers_module $modules/mod_headers.so',
      'LoadModule reqtimeout_module $modules/mod_reqtimeout.so',
      'LoadModule filter_module $modules/mod_filter.so',
      'LoadModule deflate_module $modules/mod_deflate.so',
      'SetEnv proxy-prefetch-nonblocking 1',
      'RequestReadTimeout header=20-40,minrate=500 body=20,minrate=500',
      'RequestHeader set X-Forwarded-Proto http',
      'Header always set Strict-Transport-Security max-age=31536000',
      'AddOutputFilterByType DEFLATE text/html text/css application/javascript application/json',
    ),
    'changing Cache-Control': host(
      'LoadModule headers_module $modules/mod_headers.so',
      'Header set Cache-Control max-age=3600',
    ),
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
`
        .replaceAll('$modules', '/usr/lib/apache2/modules')
        .replaceAll('$folder', folder),
  };
}
