import type { ProxyPlace } from './proxy-product.ts';

/** How a product is asked whether it understands a configuration, without running it. */
export interface ConfigurationCheck {
  /** Arguments of its program. */
  args(place: ProxyPlace, line: string): readonly string[];
  /** What it prints where it goes on in spite of something that it does not know. */
  complaint?: RegExp;
  /** By the place that a fix names, the product's name where it names none: the configuration with the line in it. */
  places: Readonly<Record<string, (text: string, line: string) => string>>;
}

/** Where fixes go in the configurations that the tests run; by the id of the product in the catalogue. */
export const CHECKS: Readonly<Record<string, ConfigurationCheck>> = {
  nginx: {
    args: ({ folder, configPath }) => ['-t', '-p', folder, '-c', configPath, '-e', 'stderr'],
    places: {
      nginx: before('proxy_pass '),
      'nginx, http or default server': before('listen '),
      'nginx, inside the server { } that your streams come through': before('listen '),
      'nginx, the upstream { }': (text, line) =>
        text.replace(/^http \{/m, `http {\nupstream others {\n${line}\nserver 127.0.0.1:1;\n}`),
      'nginx, outside of http': (text, line) =>
        `${line}\n${line.includes('events {') ? text.replace(/^events .*$/m, '') : text}`,
    },
  },
  haproxy: {
    args: ({ configPath }) => ['-c', '-f', configPath],
    places: {
      'HAProxy, defaults': before('timeout connect'),
      'HAProxy, defaults or backend': before('timeout connect'),
      'HAProxy, frontend or backend': (text, line) => `${text}\n${line}\n`,
      'HAProxy, backend': before('server origin'),
      'HAProxy, global': (text, line) => `global\n${line}\n${text}`,
      'HAProxy, global, and wherever else maxconn is set': (text, line) => `global\n${line}\n${text}`,
    },
  },
  apache: {
    args: ({ configPath }) => ['-t', '-f', configPath],
    places: {
      'Apache httpd': afterModules,
      'Apache httpd, outside of virtual hosts': afterModules,
      'Apache httpd, the virtual host': (text, line) =>
        `${text}\n<VirtualHost *>\nServerName host\n${line}\n</VirtualHost>\n`,
    },
  },
  caddy: {
    args: ({ configPath }) => ['validate', '--config', configPath, '--adapter', 'caddyfile'],
    places: {
      Caddy: before('reverse_proxy '),
      'Caddy, reverse_proxy { } of the Caddyfile': inReverseProxy((line) => line),
      'Caddy, reverse_proxy { transport http { } } of the Caddyfile': inReverseProxy(
        (line) => `transport http {\n${line}\n}`,
      ),
      'Caddy, templates { } of the Caddyfile': (text, line) =>
        before('reverse_proxy ')(text, `templates {\n${line}\n}`),
      'the global options of the Caddyfile, servers { timeouts { } }': (text, line) =>
        text.replace('  admin off', `  servers {\n    timeouts {\n${line}\n    }\n  }\n  admin off`),
    },
  },
  varnish: {
    args: ({ folder, configPath }, line) => [
      ...(line.startsWith('-p ') ? line.split(' ') : []),
      ...['-C', '-n', `${folder}/run`, '-f', configPath],
    ],
    places: {
      'varnishd command line': (text) => text,
      VCL: (text, line) => `${text}\n${line}\n`,
      'VCL, backend': before('.host'),
      'VCL, above every other sub vcl_recv and vcl_backend_response': (text, line) =>
        text.replace('vcl 4.1;', (first) => `${first}\n${line}`),
    },
  },
  squid: {
    args: ({ configPath }) => ['-k', 'parse', '-f', configPath],
    complaint: /ERROR|FATAL|WARNING|Bungled/,
    places: {
      Squid: (text, line) =>
        line.startsWith('cache_peer')
          ? text.replace(/^cache_peer .*$/m, line.replace('HOST', '127.0.0.1').replace('PORT', '8080'))
          : `${text}\n${line}\n`,
    },
  },
  lighttpd: {
    args: ({ configPath }) => ['-tt', '-f', configPath],
    complaint: /unknown|warning|please/i,
    places: { lighttpd: (text, line) => `${text}\n${line}\n` },
  },
  h2o: {
    args: ({ configPath }) => ['-t', '-c', configPath],
    places: { h2o: (text, line) => `${text.trimEnd()}\n        ${line}\n` },
  },
  nghttpx: {
    // It has no check but to run: it refuses an unknown option before it tells its version.
    args: (_, line) => [line, '--version'],
    places: { 'nghttpx command line': (text) => text },
  },
};

function before(word: string): (text: string, line: string) => string {
  return (text, line) => text.replace(word, () => `${line}\n${word}`);
}

/** In the block of reverse_proxy, which has none as it comes. */
function inReverseProxy(inside: (line: string) => string): (text: string, line: string) => string {
  return (text, line) => text.replace(/^ *reverse_proxy .*$/m, (proxy) => `${proxy} {\n${inside(line)}\n}`);
}

/** Behind the modules that are always there, and others that fixes speak of. */
function afterModules(text: string, line: string): string {
  const folder = /LoadModule proxy_module (.*)\/mod_proxy\.so/.exec(text)?.[1];
  const more = ['env', 'setenvif', 'headers', 'substitute', 'filter', 'cache'].map(
    (name) => `LoadModule ${name}_module ${folder}/mod_${name}.so`,
  );
  return text.replace('ProxyPass /', () => `${more.join('\n')}\n${line}\nProxyPass /`);
}
