import type { Readable, Writable } from 'node:stream';

/** What a command may touch of its process. */
export interface CommandIo {
  stdin: Readable;
  stdout: Writable;
  stderr: Writable;
  env: NodeJS.ProcessEnv;
}
