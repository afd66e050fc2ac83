import { spawn } from 'node:child_process';

/**
 * Whether a command gets a process group of its own, so that whatever it starts ends with it. On Windows a process that
 * is detached opens a window; there the tree below it is looked up when it is ended.
 */
export const OWN_GROUP = process.platform !== 'win32';

/** How long what is asked to end may take to do so. */
export const GRACE_MS = 2_000;

/** Whether anything is left of what a command has started, itself included. */
export function groupLives(pid: number): boolean {
  if (!OWN_GROUP) return false;
  try {
    return process.kill(-pid, 0);
  } catch (error) {
    // Something is there that is not ours to signal.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Sends a signal to a command and all that it has started. One that has gone already is left alone. */
export function signalGroup(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (!OWN_GROUP) {
    const taskkill = spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' });
    // Without it nothing more can be done: the command ends by itself, or never.
    taskkill.on('error', () => {});
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
