import type { Writable } from 'node:stream';

/** What a terminal had when it was made of glass. */
const UNKNOWN_COLUMNS = 80;

export function isTerminal(stream: Writable): boolean {
  return (stream as Partial<NodeJS.WriteStream>).isTTY === true;
}

/** Whether text for this stream is coloured. */
export function isColored(when: 'auto' | 'always' | 'never', stream: Writable): boolean {
  return when === 'always' || (when === 'auto' && isTerminal(stream));
}

/** What tells a terminal's width at any time: its window may be resized. One that doesn't know its width says 0. */
export function columnsOf(stream: Writable): () => number | undefined {
  if (!isTerminal(stream)) return () => undefined;
  const terminal = stream as Partial<NodeJS.WriteStream>;
  return () => terminal.columns || UNKNOWN_COLUMNS;
}
