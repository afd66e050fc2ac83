import type { Writable } from 'node:stream';
import { Output } from './output.ts';
import type { Printed } from './printer.ts';

export interface OutputOptions {
  /**
   * Both outputs go to a terminal, taken to be the same one: what is printed appears there in the order it was said.
   * Where they go apart, nobody sees the order, and each is written once per turn.
   */
  oneTerminal: boolean;
  /** `-s`: no log. */
  silent: boolean;
}

/** Standard output for data and standard error for the log, seen as one by whoever prints. */
export class Outputs {
  readonly stdout: Writable;
  private readonly data: Output;
  private readonly log: Output;
  private readonly options: OutputOptions;
  /** The one that was written to last. */
  private latest: Output;
  /** The reader has left. */
  private silenced = false;

  /** `onFull` and `onDrained`: a reader of either is slow, or has caught up. */
  constructor(
    io: { stdout: Writable; stderr: Writable },
    options: OutputOptions,
    onFull: () => void,
    onDrained: () => void,
  ) {
    const drained = () => {
      if (!this.full) onDrained();
    };
    this.data = new Output(io.stdout, onFull, drained);
    this.log = new Output(io.stderr, onFull, drained);
    this.latest = this.data;
    this.options = options;
    this.stdout = io.stdout;
  }

  /** Whether more would pile up. */
  get full(): boolean {
    return this.data.full || this.log.full;
  }

  print({ data, log }: Printed): void {
    if (this.silenced) return;
    if (data !== undefined) this.turnTo(this.data).write(data);
    if (log !== undefined && !this.options.silent) this.turnTo(this.log).write(log);
  }

  /** Nothing is printed from now on but errors: whoever read it has left. */
  silence(): void {
    this.silenced = true;
  }

  /** For log that `-s` does not silence. */
  printError({ log }: Printed): void {
    if (log !== undefined) this.turnTo(this.log).write(log);
  }

  /** For bytes of the body that pass through untouched. */
  writeBytes(bytes: Uint8Array): void {
    if (!this.silenced) this.turnTo(this.data).writeBytes(bytes);
  }

  /** Calls back when all data so far has left the process; with `false` where it could not. */
  whenDataWritten(done: (written: boolean) => void): void {
    this.data.whenWritten(done);
  }

  flush(): void {
    this.data.flush();
    this.log.flush();
  }

  private turnTo(output: Output): Output {
    if (output !== this.latest) {
      if (this.options.oneTerminal) this.latest.flush();
      this.latest = output;
    }
    return output;
  }
}
