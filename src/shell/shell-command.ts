import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { inputFile } from './input-file.ts';
import { OWN_GROUP } from './process-group.ts';

export interface ShellCommandStart {
  env: NodeJS.ProcessEnv;
  /** All that its standard input holds. */
  input: string;
  /** File descriptor that both of its outputs go to. */
  output: number | 'ignore';
}

/** A command that runs. */
export interface ShellCommand {
  /** `undefined` where it could not be started. */
  readonly pid: number | undefined;
  /** Resolves when it has gone, to what went wrong: `exited with 3`; to `undefined` where nothing did. */
  readonly ended: Promise<string | undefined>;
}

/** What shells say with these codes (POSIX, Shell Command Language, 2.8.2). */
const MEANINGS: Readonly<Record<number, string>> = {
  126: 'exited with 126 (it can not be executed)',
  127: 'exited with 127 (no such command)',
};

/** Runs a command line through the shell: `/bin/sh -c`, or cmd on Windows. What goes wrong is told by `ended`. */
export function startShellCommand(line: string, start: ShellCommandStart): ShellCommand {
  const file = inputFile(start.input);
  let child: ChildProcess;
  try {
    child = open(line, start, file ?? 'pipe');
  } catch (error) {
    // An argument or environment that the system refuses.
    return { pid: undefined, ended: Promise.resolve(notStarted(error as Error)) };
  } finally {
    if (file !== undefined) closeSync(file);
  }
  // A command need not read what it is given; whether it does is its own affair.
  child.stdin?.on('error', () => {});
  child.stdin?.end(start.input);
  const ended = new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(notStarted(error)));
    child.once('exit', (code, signal) => {
      // What it has started in the background may hold the pipe, and would hold the data here.
      child.stdin?.destroy();
      resolve(failureOf(code, signal));
    });
  });
  return { pid: child.pid, ended };
}

function open(line: string, { env, output }: ShellCommandStart, input: number | 'pipe'): ChildProcess {
  return spawn(line, { shell: true, detached: OWN_GROUP, env, stdio: [input, output, output] });
}

function notStarted(error: Error): string {
  return `could not be started: ${error.message}`;
}

function failureOf(code: number | null, signal: NodeJS.Signals | null): string | undefined {
  if (signal !== null) return `was killed by ${signal}`;
  return code === 0 ? undefined : (MEANINGS[code ?? 0] ?? `exited with ${code}`);
}
