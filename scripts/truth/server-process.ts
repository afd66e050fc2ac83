import { type ChildProcess, fork } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { compileOwn } from '../compile-tests.ts';

/**
 * What is collected while a case runs makes stamps late: little is, in a young generation of so many megabytes. More than
 * one thread of it would take the core of whoever makes the load.
 */
const FEW_COLLECTIONS = ['--max-semi-space-size=64', '--min-semi-space-size=64', '--single-threaded-gc'];

/** What a server says: where it is, that the first request came, and, asked to `tell`, what it did. */
export type FromServer<Told> = { port: number } | { asked: true } | { told: Told };
/** That it is to tell, or to begin anew as though nobody had come yet. */
export type ToServer = 'tell' | 'forget';

/** Each program once, for all of its starts. */
const compiledPrograms = new Map<string, Promise<string[]>>();

async function compiled({ href }: URL): Promise<string> {
  const programs = compiledPrograms.get(href) ?? compileOwn([fileURLToPath(href)]);
  compiledPrograms.set(href, programs);
  const [path = ''] = await programs;
  return path;
}

/** A server of a case, in a process of its own. */
export class ServerProcess<Told> {
  readonly port: number;
  /** Resolves with the first request. */
  readonly asked: Promise<void>;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
    this.asked = heard<Told, { asked: true }>(child, (message) => 'asked' in message).then(() => {});
    // It ends unasked where the run failed.
    this.asked.catch(() => {});
  }

  /**
   * @param order what it is to do: JSON, as its only argument
   */
  static async start<Told>(program: URL, order: unknown): Promise<ServerProcess<Told>> {
    const execArgv = FEW_COLLECTIONS;
    const child = fork(await compiled(program), [JSON.stringify(order)], { execArgv });
    const { port } = await heard<Told, { port: number }>(child, (message) => 'port' in message);
    return new ServerProcess(child, port);
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  /** What was done so far. */
  async told(): Promise<Told> {
    const answer = heard<Told, { told: Told }>(this.#child, (message) => 'told' in message);
    this.#child.send('tell' satisfies ToServer);
    return (await answer).told;
  }

  forget(): void {
    this.#child.send('forget' satisfies ToServer);
  }

  /** From now on whoever else wants its core has it first. */
  giveWay(): void {
    setPriority(this.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }
}

/** The first message of a kind; rejects when the process ends without it. */
function heard<Told, M extends FromServer<Told>>(
  child: ChildProcess,
  is: (message: FromServer<Told>) => message is M,
): Promise<M> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: FromServer<Told>) => {
      if (!is(message)) return;
      child.off('message', onMessage).off('exit', onExit);
      resolve(message);
    };
    const onExit = () => reject(new Error('the server of the case ended'));
    child.on('message', onMessage).once('exit', onExit);
  });
}
