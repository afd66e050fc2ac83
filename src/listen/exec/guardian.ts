import { type ChildProcess, spawn } from 'node:child_process';
import { OWN_GROUP } from './process-group.ts';

/** Reads which process groups run, a line for each change; when nobody is left to say so, ends the last ones named. */
const SCRIPT = [
  'while read -r line; do groups=$line; done',
  '[ -n "$groups" ] || exit 0',
  'for group in $groups; do kill -s TERM -- "-$group"; done',
  'sleep 2',
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

  /** Tells which process groups run now. */
  watch(groups: readonly number[]): void {
    if (!this.#closed) this.#shell?.stdin?.write(`${groups.join(' ')}\n`);
  }

  /** Nothing is left to guard, or to be ended by it. */
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
