import { once } from 'node:events';
import { forkBeside } from './fork-beside.ts';

/** A server that this program brings along, in a process of its own. */
export interface EmbeddedServer {
  /** With a closing slash. */
  readonly url: string;
  /** Lets the process end what it has open; resolves when it is gone. */
  close(): Promise<void>;
}

/** What its process tells first. */
export type EmbeddedServerMessage = { url: string } | { error: string };

const CLOSE_TIMEOUT_MS = 2_000;

/**
 * Starts a server in a process of its own, so that it shares no event loop with the client that is measured. The process
 * ends with this one, however this one ends, and does not keep it alive.
 *
 * @param name what an error calls it
 * @param module `import.meta.url` of the module that its program lies beside, see `forkBeside`
 * @throws Error where the process can't listen
 */
export async function startEmbeddedServer(
  name: string,
  module: string,
  program: string,
  args: readonly string[] = [],
): Promise<EmbeddedServer> {
  const child = forkBeside(module, program, args, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const exited = once(child, 'exit');

  const message = await Promise.race([
    once(child, 'message').then(([first]) => first as EmbeddedServerMessage),
    exited.then(([code]): EmbeddedServerMessage => ({ error: `its process ended with code ${code}` })),
  ]);
  if ('error' in message) {
    child.kill('SIGKILL');
    throw new Error(`${name} could not start: ${message.error}`);
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
