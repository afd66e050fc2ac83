/** What every failure becomes: a stable code to match on, the exit code it leads to, and a hint that helps. */
export class SseKitError extends Error {
  override readonly name = 'SseKitError';
  /** Stable, upper case: Node's own (`ECONNREFUSED`) where there is one, else ours (`HTTP_STATUS`). */
  readonly code: string;
  readonly exitCode: number;
  /** What to do about it, one sentence; empty where nothing helpful is known. */
  readonly hint: string;
  /** Where a file is wrong in several places: a line each, `file:line:column: …`, which the message has joined. */
  readonly places: readonly string[];

  constructor(
    code: string,
    exitCode: number,
    message: string,
    details: { hint?: string | undefined; cause?: unknown; places?: readonly string[] } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.exitCode = exitCode;
    this.hint = details.hint ?? '';
    this.places = details.places ?? [];
  }
}

/** A wrong flag, value or combination: exit code 2. */
export function usageError(message: string, hint?: string): SseKitError {
  return new SseKitError('USAGE', 2, message, { hint });
}
