import { statSync } from 'node:fs';
import { usageError } from '../client/errors.ts';

/**
 * A recording that is replayed must not be written over while it is read.
 *
 * @throws SseKitError exit 2 where both paths lead to one file
 */
export function refuseSameFile(from: string, record: string): void {
  const [a, b] = [from, record].map(fileOf);
  if (a === undefined || b === undefined || !a.isFile() || a.dev !== b.dev || a.ino !== b.ino) return;
  throw usageError(`--record ${record}: this is the file of --from`, 'Give the new recording another name.');
}

function fileOf(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // What is wrong with the path is said by whoever opens it.
    return undefined;
  }
}
