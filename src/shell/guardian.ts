import { type ChildProcess, spawn } from 'node:child_process';
import { GRACE_MS, OWN_GROUP } from './process-group.ts';

/**
 * Reads which process groups run, a line for each change: the signal that they are to be ended with, then the groups;
 * when nobody is left to say so, ends the last ones named. Signal 0 is none: they have been asked already.
 */
const SCRIPT = [
  'while read -r asking running; do signal=$asking groups=$running; done',
  '[ -n "$groups" ] || exit 0',
  'for group in $groups; do kill -s "$signal" -- "-$group"; done',
  `sleep ${GRACE_MS / 1000}`,
  'for group in $groups; do kill -s KILL -- "-$group"; done',
].join('\n');

/**
 * Ends the commands that still run when this process is gone, however it went: also by SIGKILL, and by the second
 * Ctrl-C, where it can do nothing more itself. A small shell, at the other end of a pipe. None on Windows.
 */
export class Guardian {
  #shell: ChildProcess | undefined;
  #closed = false;

  /** Is there before the first command is. */
  begin(): void {
    if (OWN_GROUP && !this.#closed) this.#shell ??= start();
  }

  /**
   * Tells which process groups run now.
   *
   * @param asked they have been asked to end
   */
  watch(groups: readonly number[], asked: boolean): void {
    if (!this.#closed) this.#shell?.stdin?.write(`${asked ? '0' : 'TERM'} ${groups.join(' ')}\n`);
  }

  /** No more will be told. What was named last is ended, as it is when this process is gone. */
  close(): void {
    this.#closed = true;
    this.#shell?.stdin?.end();
  }
}

function start(): ChildProcess {
  const shell = spawn('/bin/sh', ['-c', SCRIPT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  // A run that can't have one goes on without: what it lacks shows only where it is killed.
  shell.on('error', () => {});
  shell.stdin?.on('error', () => {});
  shell.unref();
  (shell.stdin as { unref?: () => void } | null)?.unref?.();
  return shell;
}
