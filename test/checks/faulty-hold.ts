/** How a proxy holds the bytes of a body back; of several, the first counts. */
export interface Hold {
  bufferUntilEnd?: boolean;
  /** Until there are so many, or the end. */
  bufferBytes?: number;
  /** Passes on what it has, so often. */
  flushEveryMs?: number;
  /** Passes on what came before the last read. */
  oneBehind?: boolean;
}

interface Held {
  write(chunk: Buffer): void;
  end(): void;
  /** To be cleared when the answer closes. */
  timers: readonly NodeJS.Timeout[];
}

export function holdOf(
  { bufferUntilEnd, bufferBytes, flushEveryMs, oneBehind }: Hold,
  write: (chunk: Buffer) => void,
  end: () => void,
): Held {
  let held = Buffer.alloc(0);
  const take = (bytes: number) => {
    if (bytes > 0) write(held.subarray(0, bytes));
    held = held.subarray(bytes);
  };
  const keep = (chunk: Buffer) => {
    held = Buffer.concat([held, chunk]);
  };
  const timers: NodeJS.Timeout[] = [];
  const flushed = () => {
    take(held.length);
    for (const timer of timers) clearTimeout(timer);
    end();
  };
  if (bufferUntilEnd === true) return { write: keep, end: flushed, timers };
  if (bufferBytes !== undefined) {
    const fill = (chunk: Buffer) => {
      keep(chunk);
      while (held.length >= bufferBytes) take(bufferBytes);
    };
    return { write: fill, end: flushed, timers };
  }
  if (flushEveryMs !== undefined) {
    timers.push(setInterval(() => take(held.length), flushEveryMs));
    return { write: keep, end: flushed, timers };
  }
  if (oneBehind === true) {
    const pass = (chunk: Buffer) => {
      take(held.length);
      keep(chunk);
    };
    return { write: pass, end: flushed, timers };
  }
  return { write, end, timers };
}
