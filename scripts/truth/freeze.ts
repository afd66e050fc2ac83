import { setTimeout as sleep } from 'node:timers/promises';

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
