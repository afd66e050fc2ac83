import type { Frame } from './frame.ts';

/** The body of one response, down to the connection. All of its methods are harmless once it has closed. */
export interface Wire {
  /** One write. Never waits: what the kernel doesn't take is held, see {@link heldBytes}. */
  write(frame: Frame): void;
  /** Bytes in user space that the kernel has not taken. */
  readonly heldBytes: number;
  /** Of {@link heldBytes}: what a compressor has yet to take, so that no reader could. Absent: there is none. */
  readonly uncompressedBytes?: number;
  /** Calls back once when the compressor has taken all; never where the wire closes before. */
  onceCompressed?(callback: () => void): void;
  /** Body bytes handed over, before compression. */
  readonly sentBytes: number;
  readonly closed: boolean;
  /** Calls back once when {@link heldBytes} is next 0 (now, if it is), or never where the wire closes before. */
  onceDrained(callback: () => void): void;
  /** Called once, when the connection or its stream is gone, whoever ended it. */
  onClose: (() => void) | undefined;
  /** Completes the transfer; the connection may serve on. */
  end(): void;
  /** Ends the connection in order and leaves the transfer unfinished, after everything written. */
  cut(): void;
  /** RST on TCP and under TLS; RST_STREAM on HTTP/2. What the kernel has not sent is lost. */
  reset(): void;
}
