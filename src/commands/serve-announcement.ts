import { isIP } from 'node:net';
import type { CommandIo } from './io.ts';
import type { ServeOptions } from './serve-options.ts';
import type { Serving } from './serving.ts';

/** Says where it is ready, a line an address, and what its user should know. */
export function announce(
  urls: readonly string[],
  { seed, notes }: Pick<Serving, 'seed' | 'notes'>,
  { format, silent, config }: ServeOptions,
  io: Pick<CommandIo, 'stdout' | 'stderr'>,
): void {
  for (const url of urls) {
    io.stdout.write(readyLine(url, format));
  }
  if (silent) return;
  io.stderr.write(`seed ${seed}\n`);
  if (!config.fixed && !isLoopback(config.host)) {
    io.stderr.write(
      `warning: ${config.host} can be reached from the network, and whoever reaches it can ask for faults ` +
        `(?fault=freeze=60s); --fixed turns that off\n`,
    );
  }
  for (const note of notes) io.stderr.write(`note: ${note}\n`);
}

export function readyLine(url: string, format: 'pretty' | 'ndjson'): string {
  return format === 'ndjson' ? `${JSON.stringify({ type: 'ready', url })}\n` : `ready ${url}\n`;
}

export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}
