import { Readable, Writable } from 'node:stream';
import { SseKitError } from '../../../src/client/errors.ts';
import { dispatch } from '../../../src/commands/dispatch.ts';
import { errorNdjson, errorText } from '../../../src/report/error-line.ts';
import { type Outcome, runCli } from './cli.ts';

export interface CommandOptions {
  /** What standard input carries; absent: it is at its end. */
  stdin?: string | Buffer;
}

/** Past it the test fails. */
const DEADLINE_MS = 20_000;

/** Kinds of command line that were given to the built command in this process. */
const known = new Set<string>();

/**
 * Runs a command line to its end: the built command where a test file comes to this kind of line first, and the
 * same code in this process where it does so again, which takes a tenth of the time. Lines are of one kind that
 * have the same flags and named values, whatever their URLs, times and numbers.
 *
 * Not for what belongs to a process: signals, file descriptors, its environment, its memory, its start.
 */
export function runCommand(args: readonly string[], options: CommandOptions = {}): Promise<Outcome> {
  const kind = args.filter((word) => /^-|^[a-z][a-z-]*$/.test(word)).join(' ');
  if (known.has(kind)) return runHere(args, options);
  known.add(kind);
  const { stdin } = options;
  return runCli(args, stdin === undefined ? {} : { stdin: Readable.from([stdin], { objectMode: false }) });
}

/** `ssekit listen` with these words, to its end. */
export function tail(...words: string[]): Promise<Outcome> {
  return runCommand(['listen', ...words]);
}

async function runHere(args: readonly string[], { stdin = '' }: CommandOptions): Promise<Outcome> {
  const stdout = new Collected();
  const stderr = new Collected();
  const io = {
    stdin: Readable.from([Buffer.from(stdin)], { objectMode: false }),
    stdout,
    stderr,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, LANG: 'C.UTF-8' },
  };
  const code = await inTime(
    dispatch(args, io).catch((error: unknown) => {
      if (!(error instanceof SseKitError)) throw error;
      stderr.write(args.includes('ndjson') ? errorNdjson(error) : errorText(error));
      return error.exitCode;
    }),
    () => `${args.join(' ')}: still running after ${DEADLINE_MS} ms; stdout: ${stdout}, stderr: ${stderr}`,
  );
  return { code, stdout: stdout.toString(), stderr: stderr.toString() };
}

/** What was written, as text. */
class Collected extends Writable {
  readonly #parts: Buffer[] = [];

  override _write(part: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#parts.push(part);
    done();
  }

  override toString(): string {
    return Buffer.concat(this.#parts).toString();
  }
}

async function inTime<T>(work: Promise<T>, say: () => string): Promise<T> {
  let deadline: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    deadline = setTimeout(() => reject(new Error(say())), DEADLINE_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(deadline));
}
