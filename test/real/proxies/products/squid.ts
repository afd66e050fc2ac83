import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ProxyConfig, ProxyPlace, ProxyProduct } from '../proxy-product.ts';

/** Where the kernel keeps memory that processes share, by a name that starts with that of the service. */
const SHARED_MEMORY = '/dev/shm';

export const squid: ProxyProduct = {
  name: 'Squid',
  program: 'squid',
  // A name of its own, or it takes the memory of any other Squid on the machine for its own.
  args: (place) => ['-N', '-n', serviceName(place), '-d', '1', '-f', place.configPath],
  leaves: (place) =>
    existsSync(SHARED_MEMORY)
      ? readdirSync(SHARED_MEMORY)
          .filter((name) => name.startsWith(`${serviceName(place)}-`))
          .map((name) => join(SHARED_MEMORY, name))
      : [],
  configs: {
    default: accelerator(),
    // Else it keeps Authorization to itself.
    fixed: accelerator('login=PASSTHRU'),
  },
};

/** It takes letters and digits alone. */
function serviceName({ port }: ProxyPlace): string {
  return `ssekit${port}`;
}

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
