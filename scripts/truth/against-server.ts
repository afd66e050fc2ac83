import { BenchCommand, type BenchOrder, type BenchRun } from './bench-command.ts';
import type { Repertoire, Script, ServedAttempt, Transport } from './script.ts';
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
  const server = await startScriptedServer(repertoire);
  try {
    return await runAgainst(server, { ...order, url: urlOf(server, repertoire.transport) }, meanwhile);
  } finally {
    server.stop();
  }
}

/** The same on a server that is there already, and stays. */
export async function runAgainst(
  server: ScriptedServer,
  order: BenchOrder,
  meanwhile: (running: Meanwhile) => Promise<void> = async () => {},
): Promise<Observed> {
  const bench = new BenchCommand(order);
  // A run that fails never comes to what is to be done meanwhile.
  await Promise.race([meanwhile({ server, bench }), bench.ended]);
  const run = await bench.ended;
  return { ...run, served: await server.told() };
}

export function urlOf({ port }: ScriptedServer, transport: Transport): string {
  return `${transport === 'http' ? 'http' : 'https'}://127.0.0.1:${port}/`;
}
