import type { CommandIo } from './io.ts';
import { announce } from './serve-announcement.ts';
import type { ServeOptions } from './serve-options.ts';
import { accessLog, createHub, startServing } from './serving.ts';
import { untilStopped } from './until-stopped.ts';

/** Serves until it is told to end; resolves with the exit code. */
export async function startServe(options: ServeOptions, io: CommandIo): Promise<number> {
  const log = await accessLog(options, io);
  const hub = await createHub(options, log);
  const serving = await startServing(options, {
    io,
    log,
    hub,
    async liveLines() {
      const { LinePublisher } = await import('../mock/lines/publisher.ts');
      return new LinePublisher(io.stdin, { hub, warn: (message) => log?.warned(message) });
    },
  });
  const stopped = untilStopped();
  announce([serving.url], serving, options, io);
  const code = await stopped;
  await serving.close();
  return code;
}
