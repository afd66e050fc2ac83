import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { BufferingProxyMessage } from './buffering-proxy-process.ts';

export interface BufferingProxy {
  /** With a closing slash. */
  readonly url: string;
  /** Ends its process, and what it carries with it; resolves when it is gone. */
  close(): Promise<void>;
}

const CLOSE_TIMEOUT_MS = 2_000;

/**
 * Starts the proxy behind `check-proxy demo:` in a process of its own, so that it shares no event loop with the client and
 * the origin that it is measured by. The process ends with this one, and doesn't keep it alive.
 *
 * @param originUrl where it sends requests
 * @throws Error where the process can't listen
 */
export async function startBufferingProxy(originUrl: string): Promise<BufferingProxy> {
  // From dist it is plain JavaScript; from src the loader that runs this file must run that one too.
  const source = import.meta.url.endsWith('.ts');
  const file = source ? './buffering-proxy-process.ts' : './buffering-proxy-process.js';
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [originUrl], {
    execArgv: source ? ['--import', 'tsx'] : [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const exited = once(child, 'exit');
  const message = await Promise.race([
    once(child, 'message').then(([first]) => first as BufferingProxyMessage),
    exited.then(([code]): BufferingProxyMessage => ({ error: `its process ended with code ${code}` })),
  ]);
  if ('error' in message) {
    child.kill('SIGKILL');
    throw new Error(`the embedded proxy could not start: ${message.error}`);
  }
  child.unref();
  child.channel?.unref();
  return {
    url: message.url,
    async close() {
      child.ref();
      if (child.connected) child.disconnect();
      const kill = setTimeout(() => child.kill('SIGKILL'), CLOSE_TIMEOUT_MS);
      await exited;
      clearTimeout(kill);
    },
  };
}
