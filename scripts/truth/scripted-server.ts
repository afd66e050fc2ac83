import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { FromServer, Repertoire, ServedAttempt, ToServer } from './script.ts';

/** What is collected while a case runs makes stamps late: little is, in a young generation of so many megabytes. */
const FEW_COLLECTIONS = ['--max-semi-space-size=64', '--min-semi-space-size=64'];

/** A server that does what a script says, in a process of its own. */
export class ScriptedServer {
  /** `http://127.0.0.1:PORT/`, or https; a stream's number follows. */
  readonly url: string;
  /** Resolves with the first request. */
  readonly asked: Promise<void>;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
    this.asked = heard(child, (message) => 'asked' in message).then(() => {});
    // It ends unasked where the run failed.
    this.asked.catch(() => {});
  }

  static async start(repertoire: Repertoire): Promise<ScriptedServer> {
    const program = fileURLToPath(new URL('./scripted-server-process.ts', import.meta.url));
    const child = fork(program, [JSON.stringify(repertoire)], {
      execArgv: [...FEW_COLLECTIONS, '--import', 'tsx'],
    });
    const { port } = await heard(child, (message) => 'port' in message);
    const scheme = repertoire.transport === 'http' ? 'http' : 'https';
    return new ScriptedServer(child, `${scheme}://127.0.0.1:${port}/`);
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  /** What was done so far, in the order of the requests. */
  async served(): Promise<readonly ServedAttempt[]> {
    const answer = heard(this.#child, (message) => 'served' in message);
    this.#child.send('tell' satisfies ToServer);
    return (await answer).served;
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }
}

/** Stops processes for a time, as a machine does that has none for them. */
export async function freeze(pids: readonly number[], ms: number): Promise<void> {
  if (pids.length === 0) throw new Error('there is no process to stop');
  const goOn = () => {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  };
  // Whoever is interrupted in between leaves nothing behind that stands still.
  process.once('exit', goOn);
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  await sleep(ms);
  process.off('exit', goOn);
  goOn();
}

/** The first message of a kind; rejects when the process ends without it. */
function heard<M extends FromServer>(
  child: ChildProcess,
  is: (message: FromServer) => message is M,
): Promise<M> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: FromServer) => {
      if (!is(message)) return;
      child.off('message', onMessage).off('exit', onExit);
      resolve(message);
    };
    const onExit = () => reject(new Error('the server of the case ended'));
    child.on('message', onMessage).once('exit', onExit);
  });
}
