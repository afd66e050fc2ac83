import type { EmbeddedServerMessage } from './embedded-server.ts';

/** What the process of an embedded server says of itself, to whoever started it. */
export function tellParent(message: EmbeddedServerMessage): void {
  // A parent that has just gone makes this fail; 'disconnect' follows and ends the process.
  process.send?.(message, () => {});
}
