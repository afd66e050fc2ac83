import type { Socket } from 'node:net';

/** How a client opens HTTP/2 when it knows without asking (RFC 9113, section 3.4). */
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');

export interface PrefaceEvents {
  http1(socket: Socket): void;
  http2(socket: Socket): void;
}

/** Tells from its first bytes which version of HTTP a connection in the clear speaks, and hands it on with them. */
export class PrefaceReader {
  readonly #timeoutMs: number;
  readonly #events: PrefaceEvents;
  readonly #undecided = new Set<Socket>();

  /** @param timeoutMs after which a connection that has not said enough is cut */
  constructor(timeoutMs: number, events: PrefaceEvents) {
    this.#timeoutMs = timeoutMs;
    this.#events = events;
  }

  accept(socket: Socket): void {
    this.#undecided.add(socket);
    let read: Buffer = Buffer.alloc(0);
    const onData = (bytes: Buffer) => {
      read = read.length === 0 ? bytes : Buffer.concat([read, bytes]);
      const length = Math.min(read.length, PREFACE.length);
      if (!read.subarray(0, length).equals(PREFACE.subarray(0, length))) decided('http1');
      else if (length === PREFACE.length) decided('http2');
    };
    const give = () => socket.destroy();
    const forget = () => {
      clearTimeout(timer);
      this.#undecided.delete(socket);
    };
    const decided = (version: 'http1' | 'http2') => {
      forget();
      socket.off('data', onData).off('end', give).off('error', give).off('close', forget);
      // Paused, or what is put back would come at once, with nobody there to take it.
      socket.pause();
      socket.unshift(read);
      this.#events[version](socket);
      // HTTP/2 fetches it by itself.
      if (version === 'http1') socket.resume();
    };
    const timer = setTimeout(give, this.#timeoutMs);
    socket.on('data', onData).on('end', give).on('error', give).on('close', forget);
  }

  /** Ends connections that have not said enough. */
  closeAll(): void {
    for (const socket of this.#undecided) socket.destroy();
  }
}
