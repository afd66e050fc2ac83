import { SseKitError } from '../../../client/errors.ts';
import { Guardian } from '../../../shell/guardian.ts';
import { GRACE_MS, groupLives, signalGroup } from '../../../shell/process-group.ts';
import { type ShellCommand, startShellCommand } from '../../../shell/shell-command.ts';
import type { Outgoing, Outlet } from './outlet.ts';

/** Longest value of a variable: Linux takes 128 KB for one. Standard input has the text whatever its length. */
const LONGEST_VALUE_BYTES = 64 * 1024;

/** Runs a command for each event: its text on standard input and in `SSE_DATA`, its number in `SSE_N`. */
export class ExecOutlet implements Outlet {
  readonly mostAtOnce = 16;
  readonly #command: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #running = new Set<ShellCommand>();
  readonly #guardian = new Guardian();

  constructor(command: string, env: NodeJS.ProcessEnv) {
    this.#command = command;
    this.#env = env;
  }

  async publish({ n, render }: Outgoing): Promise<void> {
    this.#guardian.begin();
    const text = render();
    const fits = Buffer.byteLength(text) <= LONGEST_VALUE_BYTES && !text.includes('\0');
    const command = startShellCommand(this.#command, {
      env: { ...this.#env, SSE_N: String(n), SSE_DATA: fits ? text : undefined },
      input: text,
      output: 'ignore',
    });
    this.#running.add(command);
    this.#guard();
    const failure = await command.ended;
    this.#running.delete(command);
    this.#guard();
    if (failure !== undefined)
      throw new SseKitError('PUBLISH_EXEC', 1, `the command of --publish ${failure}`);
  }

  async close(): Promise<void> {
    const groups = this.#groups();
    for (const each of groups) signalGroup(each, 'SIGTERM');
    const kill = setTimeout(() => {
      for (const each of groups) signalGroup(each, 'SIGKILL');
    }, GRACE_MS);
    await Promise.all([...this.#running].map(({ ended }) => ended));
    clearTimeout(kill);
    // What a command has left behind in its group is ended by the guardian.
    this.#guardian.watch(groups.filter(groupLives), true);
    this.#guardian.close();
  }

  #guard(): void {
    this.#guardian.watch(this.#groups(), false);
  }

  #groups(): number[] {
    return [...this.#running].flatMap(({ pid }) => pid ?? []);
  }
}
