import { type OnReadOpts, Socket, type SocketConstructorOpts } from 'node:net';

/** What is read is used up before anything else is: one buffer serves all connections. */
const READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024);

type Reader = (bytes: Buffer) => void;

/**
 * A TCP connection whose reads go straight to their reader, in a buffer that the next read of any connection
 * overwrites. Without a stream's queue of buffers a connection that is quiet takes a fraction of the memory.
 * It stays half-open when the peer ends its side.
 */
export class DirectSocket extends Socket {
  readonly #delivery: { to: Reader | undefined };

  constructor() {
    const delivery: { to: Reader | undefined } = { to: undefined };
    const onread: OnReadOpts = {
      buffer: READ_BUFFER,
      callback: (length) => {
        delivery.to?.(READ_BUFFER.subarray(0, length));
        return true;
      },
    };
    const options: SocketConstructorOpts & { onread: OnReadOpts } = { allowHalfOpen: true, onread };
    super(options);
    this.#delivery = delivery;
  }

  /** Sets who gets the reads: to be called before the first one, in the turn that tells of the connection. */
  deliverTo(reader: Reader): void {
    this.#delivery.to = reader;
  }
}
