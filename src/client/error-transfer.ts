import { SseKitError } from './errors.ts';

/** An error on its way to another process. */
export interface Failure {
  message: string;
  /** Of an error that has words for its user; absent: a fault of the program. */
  known?: { code: string; exitCode: number; hint: string; places: readonly string[] };
  stack?: string | undefined;
}

/** What goes to the other process of an error. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { message: String(error) };
  const { message, stack } = error;
  if (!(error instanceof SseKitError)) return { message, stack };
  const { code, exitCode, hint, places } = error;
  return { message, known: { code, exitCode, hint, places } };
}

/** The error that another process had. */
export function errorOf({ message, known, stack }: Failure): Error {
  if (known !== undefined) {
    const { code, exitCode, hint, places } = known;
    return new SseKitError(code, exitCode, message, { hint, places });
  }
  const error = new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
