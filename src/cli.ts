import { SseKitError } from './client/errors.ts';
import { dispatch } from './commands/dispatch.ts';
import type { CommandIo } from './commands/io.ts';

/** What a shell reports of a program that wrote into a closed pipe. */
const BROKEN_PIPE = 141;
const CANNOT_WRITE = 23;

/** So long a command that hears of a failed output may take to end in order: it may have files to finish. */
const ORDERLY_END_MS = 5_000;

const argv = process.argv.slice(2);
const io: CommandIo = {
  // A getter: merely looking at process.stdin opens it.
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
};

/** Set once standard output has failed; beats the command's own exit code. */
let outputFailure: number | undefined;
process.stdout.on('error', (error) => {
  const exitCode = writeFailure(error);
  outputFailure = exitCode;
  // Whatever a command does that doesn't listen too, nobody will see it.
  if (process.stdout.listenerCount('error') === 1) void end(exitCode);
  else setTimeout(() => void end(exitCode), ORDERLY_END_MS);
});
// Nobody is left to tell.
process.stderr.on('error', () => {});
process.on('uncaughtException', (error) => void fail(error).then(end));

dispatch(argv, io).catch(fail).then(end);

// Nothing is left to wait for, and the command has not ended: its promise was lost on the way.
process.once('beforeExit', () => void fail(new Error('the command stopped without a result')).then(end));

/** Says what went wrong, and which exit code that makes. */
async function fail(error: unknown): Promise<number> {
  if (!(error instanceof SseKitError)) {
    const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(
      `ssekit: unexpected error: ${trace}\n  This is a fault of ssekit's own: please report it with these lines and the command.\n`,
    );
    return 1;
  }
  const { errorNdjson, errorText } = await import('./report/error-line.ts');
  const { programOf } = await import('./commands/program.ts');
  const { columnsOf } = await import('./commands/terminal.ts');
  const text = () =>
    errorText(error, { columns: columnsOf(process.stderr)(), program: programOf(process.env) });
  process.stderr.write(wantsNdjson() ? errorNdjson(error) : text());
  return error.exitCode;
}

/** Read from the raw arguments: the error may be that they can't be parsed. */
function wantsNdjson(): boolean {
  return argv.some(
    (word, index) => word === '--format=ndjson' || (word === 'ndjson' && argv[index - 1] === '--format'),
  );
}

/** The reader of a pipe may leave without a word; any other failure to write is news. */
function writeFailure(error: NodeJS.ErrnoException): number {
  if (error.code === 'EPIPE') return BROKEN_PIPE;
  process.stderr.write(`ssekit: could not write standard output: ${error.message}\n`);
  return CANNOT_WRITE;
}

/** On a pipe both outputs are written behind our back: ending before they drained would lose the last lines. */
async function end(exitCode: number): Promise<void> {
  await Promise.all([drained(process.stdout), drained(process.stderr)]);
  process.exit(outputFailure ?? exitCode);
}

/** A failed output counts as drained only after its `error` event, which brings the exit code. */
function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.errored !== null) setImmediate(resolve);
    else if (stream.destroyed || stream.writableLength === 0) resolve();
    else stream.write('', () => setImmediate(resolve));
  });
}
