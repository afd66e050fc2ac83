import { type ChildProcess, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Works until whoever started it is gone, however that ended. */
const LOOP = 'const { ppid } = process; while (process.ppid === ppid);';

/** Keeps every processor busy until the function that it returns is called. */
export function keepBusy(): () => void {
  const loops: ChildProcess[] = Array.from({ length: availableParallelism() }, () =>
    spawn(process.execPath, ['-e', LOOP], { stdio: 'ignore' }),
  );
  return () => {
    for (const loop of loops) loop.kill('SIGKILL');
  };
}
