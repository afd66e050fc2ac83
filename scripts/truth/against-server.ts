import { BenchCommand, type BenchOrder, type BenchRun } from './bench-command.ts';
import type { Script, ServedAttempt } from './script.ts';
import { ScriptedServer } from './scripted-server.ts';

export interface Observed extends BenchRun {
  /** What the server did, in the order of the requests. */
  served: readonly ServedAttempt[];
}

export interface Meanwhile {
  server: ScriptedServer;
  bench: BenchCommand;
}

/** Runs bench against a server that follows a script, and has the stamps of one beside the figures of the other. */
export async function against(
  script: Script,
  order: Omit<BenchOrder, 'url'>,
  meanwhile: (running: Meanwhile) => Promise<void> = async () => {},
): Promise<Observed> {
  const server = await ScriptedServer.start(script);
  try {
    const bench = new BenchCommand({ ...order, url: server.url });
    // A run that fails never comes to what is to be done meanwhile.
    await Promise.race([meanwhile({ server, bench }), bench.ended]);
    const run = await bench.ended;
    return { ...run, served: await server.served() };
  } finally {
    server.stop();
  }
}
