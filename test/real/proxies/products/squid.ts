import type { ProxyConfig, ProxyProduct } from '../proxy-product.ts';

export const squid: ProxyProduct = {
  name: 'Squid',
  program: 'squid',
  args: ({ configPath }) => ['-N', '-d', '1', '-f', configPath],
  configs: {
    default: accelerator(),
    // Else it keeps Authorization to itself.
    fixed: accelerator('login=PASSTHRU'),
  },
};

/** In front of one origin, whose line has these words besides. */
function accelerator(...words: readonly string[]): ProxyConfig {
  return {
    delivers: 'at once',
    text: ({ folder, port, originPort }) => `
http_port 127.0.0.1:${port} accel defaultsite=localhost no-vhost
cache_peer 127.0.0.1 parent ${originPort} 0 no-query originserver ${words.join(' ')}
http_access allow all
cache_mem 16 MB
access_log none
cache_log ${folder}/cache.log
coredump_dir ${folder}
pid_filename ${folder}/squid.pid
pinger_enable off
shutdown_lifetime 0 seconds
visible_hostname localhost
`,
  };
}
