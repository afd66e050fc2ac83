import { BenchCommand, type BenchOrder, type BenchRun } from './bench-command.ts';
import type { Repertoire, Script, ServedAttempt } from './script.ts';
import { type ScriptedServer, startScriptedServer } from './scripted-server.ts';

export interface Observed extends BenchRun {
  /** What the server did, in the order of the requests. */
  served: readonly ServedAttempt[];
}

export interface Meanwhile {
  server: ScriptedServer;
  bench: BenchCommand;
}

/**
 * Runs bench against a server that follows a script, and has the stamps of one beside the figures of the other.
 *
 * @param does a script alone is that of all streams, over plain HTTP/1.1
 */
export async function against(
  does: Script | Repertoire,
  order: Omit<BenchOrder, 'url'>,
  meanwhile: (running: Meanwhile) => Promise<void> = async () => {},
): Promise<Observed> {
  const repertoire = 'scripts' in does ? does : { scripts: [does], transport: 'http' as const };
  const scheme = repertoire.transport === 'http' ? 'http' : 'https';
  const server = await startScriptedServer(repertoire);
  try {
    const bench = new BenchCommand({ ...order, url: `${scheme}://127.0.0.1:${server.port}/` });
    // A run that fails never comes to what is to be done meanwhile.
    await Promise.race([meanwhile({ server, bench }), bench.ended]);
    const run = await bench.ended;
    return { ...run, served: await server.told() };
  } finally {
    server.stop();
  }
}
