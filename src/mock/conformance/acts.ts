import type { StreamAct, Write } from './case.ts';

/** The reconnection time of cases that are about something else: short, so that the suite is. */
export const RETRY_MS = 100;

/** A line for the first block of a stream. A block of its own would be a case of its own: one without data. */
export const RETRY_LINE = `retry: ${RETRY_MS}\n`;

/** The data of the event that closes a case. */
export const CLOSING_DATA = 'end of this case';

/** Understood by every client that understands anything. */
export const CLOSING_EVENT = Buffer.from(`data: ${CLOSING_DATA}\n\n`);

/** A reset takes with it what the client has not read yet: this long it may read. */
const BEFORE_RESET_MS = 100;

/** A stream of one write, ended in order. */
export function stream(body: string | Uint8Array, more: Partial<StreamAct> = {}): StreamAct {
  return { kind: 'stream', writes: [write(body)], ending: 'eof', ...more };
}

/** A stream that ends out of order. */
export function broken(body: string, ending: 'cut' | 'reset'): StreamAct {
  return stream(body, { ending, closing: false });
}

export function write(body: string | Uint8Array, afterMs = 0): Write {
  return { bytes: Buffer.from(body as string), afterMs };
}

/** Every byte its own write. */
export function bytewise(body: string, gapMs: number): Write[] {
  return [...Buffer.from(body)].map((byte, index) => ({
    bytes: Buffer.of(byte),
    afterMs: index === 0 ? 0 : gapMs,
  }));
}

/** How long after its last write a stream ends. */
export function endAfterMs(ending: StreamAct['ending']): number {
  return ending === 'reset' ? BEFORE_RESET_MS : 0;
}
