import type { Repertoire, ServedAttempt } from './script.ts';
import { ServerProcess } from './server-process.ts';

/** It tells what it did, in the order of the requests. */
export type ScriptedServer = ServerProcess<readonly ServedAttempt[]>;

/** Starts a server that does what scripts say. */
export function startScriptedServer(repertoire: Repertoire): Promise<ScriptedServer> {
  return ServerProcess.start(new URL('./scripted-server-process.ts', import.meta.url), repertoire);
}
