/** A file that can't be read as a recording: where it is wrong, how, and what is accepted. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
  readonly code = 'RECORDING_INVALID';
  /** The line that is wrong, from 1; absent where the file as a whole is. */
  readonly line: number | undefined;
  /** What is accepted, or what to do. */
  readonly hint: string;

  constructor(message: string, details: { line?: number; hint?: string; cause?: unknown } = {}) {
    const { line, hint = '', cause } = details;
    super(line === undefined ? message : `line ${line}: ${message}`, cause === undefined ? {} : { cause });
    this.line = line;
    this.hint = hint;
  }
}
