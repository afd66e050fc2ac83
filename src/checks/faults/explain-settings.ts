/** What prints the settings that are in force, and which of them to read. */
export type ShowsSettings = {
  command: string;
  /** What it prints, and where in it to look; without a full stop. */
  what: string;
} & ({ basis: 'measured' } | { basis: 'documented'; source: `https://${string}` });

const OF_NODE: readonly ShowsSettings[] = [
  {
    command: 'npm ls http-proxy http-proxy-middleware compression next',
    what: 'which of them the application brings: each changes streams where it is used, and so does every middleware around it',
    basis: 'measured',
  },
];

/** By the id of the product. Those that are missing have settings in a console, or in their own code. */
export const SHOWS_SETTINGS: Readonly<Record<string, readonly ShowsSettings[]>> = {
  nginx: [
    {
      command: 'nginx -T',
      what: 'every file of the configuration, with what it includes: the server { } and location { } of this URL, what stands above them, and load_module',
      basis: 'measured',
    },
    { command: 'nginx -V', what: 'the modules that are built in', basis: 'measured' },
  ],
  'ingress-nginx': [
    {
      command: 'kubectl ingress-nginx conf',
      what: 'the nginx.conf that the controller has made of annotations and its ConfigMap',
      basis: 'documented',
      source: 'https://kubernetes.github.io/ingress-nginx/kubectl-plugin/',
    },
  ],
  haproxy: [
    {
      command: 'haproxy -c -V -dD -f /etc/haproxy/haproxy.cfg',
      what: 'whether it is valid, and what in it is suspicious: it prints no configuration, so read defaults, frontend and backend of this URL, and filter lines',
      basis: 'measured',
    },
    {
      command: 'haproxy -c -dL -f /etc/haproxy/haproxy.cfg',
      what: 'the object files that it loads, such as those of WAFs',
      basis: 'measured',
    },
  ],
  apache: [
    {
      command: 'apachectl -S',
      what: 'which virtual host answers for this name, and the file and line where it stands',
      basis: 'measured',
    },
    {
      command: 'apachectl -M',
      what: 'the modules: filters of answers (substitute, deflate, security2) act wherever a directive lets them',
      basis: 'measured',
    },
    { command: 'apachectl -t -D DUMP_INCLUDES', what: 'every file that is read', basis: 'measured' },
    {
      command: "apachectl -C 'LoadModule info_module /usr/lib/apache2/modules/mod_info.so' -t -D DUMP_CONFIG",
      what: 'every directive, with its file and line; without -C where mod_info is loaded anyhow',
      basis: 'measured',
    },
  ],
  caddy: [
    {
      command: 'caddy adapt --pretty --config /etc/caddy/Caddyfile',
      what: 'the whole configuration as JSON, with what the Caddyfile leaves unsaid: the handlers of the route of this URL',
      basis: 'measured',
    },
    {
      command: 'curl -s http://localhost:2019/config/',
      what: 'the one that runs, where its admin endpoint is on',
      basis: 'measured',
    },
  ],
  traefik: [
    {
      command: 'curl -s http://localhost:8080/api/rawdata',
      what: 'routers, middlewares and services from all providers, where its API is on: the middlewares of the router of this URL',
      basis: 'documented',
      source: 'https://doc.traefik.io/traefik/operations/api/',
    },
  ],
  envoy: [
    {
      command: 'curl -s http://localhost:9901/config_dump',
      what: 'the configuration that runs, at the port of its admin interface: the http_filters, the route of this URL and its cluster',
      basis: 'documented',
      source: 'https://www.envoyproxy.io/docs/envoy/latest/operations/admin',
    },
  ],
  varnish: [
    {
      command: 'varnishadm vcl.list',
      what: 'which VCL is active: its name goes into the next line',
      basis: 'measured',
    },
    {
      command: 'varnishadm vcl.show -v NAME',
      what: 'that VCL with what it includes, and with the VCL that is built in',
      basis: 'measured',
    },
    {
      command: 'varnishadm param.show changed',
      what: 'the parameters that are not at their defaults',
      basis: 'measured',
    },
  ],
  squid: [
    {
      command: 'squid -k parse',
      what: 'every line that it reads, from all files, and what is wrong with it',
      basis: 'measured',
    },
  ],
  lighttpd: [
    {
      command: 'lighttpd -p -f /etc/lighttpd/lighttpd.conf',
      what: 'the configuration with what it includes: server.modules, and the condition that this URL meets',
      basis: 'measured',
    },
  ],
  ats: [
    {
      command: 'traffic_ctl config diff',
      what: 'the records that are not at their defaults; remap.config and plugin.config are beside them',
      basis: 'documented',
      source: 'https://docs.trafficserver.apache.org/en/latest/appendices/command-line/traffic_ctl.en.html',
    },
  ],
  node: OF_NODE,
  'http-proxy': OF_NODE,
  compression: OF_NODE,
  next: OF_NODE,
  somebody: [
    {
      command: 'curl -sSi -N -m 5 URL',
      what: 'the head of an answer: Server, Via, X-Cache and their like name many',
      basis: 'measured',
    },
    {
      command: 'getent hosts HOST; env | grep -i proxy',
      what: 'whose address it is that is asked, and whether a forward proxy stands before it',
      basis: 'measured',
    },
  ],
};
