import { spawn } from 'node:child_process';

/**
 * Whether a command gets a process group of its own, so that whatever it starts ends with it. On Windows a process that
 * is detached opens a window; there the tree below it is looked up when it is ended.
 */
export const OWN_GROUP = process.platform !== 'win32';

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
