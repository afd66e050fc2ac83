import type { Frame } from './frame.ts';

/** What a stream does on its connection. Each waits until those before it are done. */
export type Op =
  | { kind: 'write'; frame: Frame }
  | { kind: 'wait'; ms: number }
  /** On the clock of the timetable; a time that has passed is no wait. */
  | { kind: 'until'; atMs: number }
  /** Until the kernel has all that was written. */
  | { kind: 'drain' }
  /** Ends the transfer and the stream in order. */
  | { kind: 'end' }
  /** FIN, with the transfer unfinished. */
  | { kind: 'cut' }
  /** RST. */
  | { kind: 'reset' }
  /** Nothing more is ever sent; the connection stays. */
  | { kind: 'stall' }
  /** The whole process stands still. */
  | { kind: 'freeze'; ms: number };
