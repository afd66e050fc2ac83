import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { DemoMessage } from './demo-process.ts';

export interface Demo {
  /** Any path below it is a stream. */
  readonly url: string;
  /** Ends the streams in order, then the process; resolves when it is gone. */
  close(): Promise<void>;
}

const CLOSE_TIMEOUT_MS = 2_000;

/**
 * Starts the server behind `demo:` in a process of its own, so that it shares no event loop with the client that
 * is measured. The process ends with this one, however this one ends, and does not keep it alive.
 *
 * @throws Error when the process can't listen
 */
export async function startDemo(): Promise<Demo> {
  // From dist it is plain JavaScript; from src the loader that runs this file must run that one too.
  const source = import.meta.url.endsWith('.ts');
  const path = fileURLToPath(new URL(source ? './demo-process.ts' : './demo-process.js', import.meta.url));
  const child = fork(path, {
    execArgv: source ? ['--import', 'tsx'] : [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const exited = once(child, 'exit');

  const message = await Promise.race([
    once(child, 'message').then(([first]) => first as DemoMessage),
    exited.then(([code]): DemoMessage => ({ error: `its process ended with code ${code}` })),
  ]);
  if ('error' in message) {
    child.kill('SIGKILL');
    throw new Error(`the demo server could not start: ${message.error}`);
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
