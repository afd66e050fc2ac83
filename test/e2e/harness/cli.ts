import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const command = fileURLToPath(new URL('../../../bin/ssekit.js', import.meta.url));

export interface CliOptions {
  /** Added to a small environment without proxies, colours or Node options of the test's own. */
  env?: Record<string, string>;
  cwd?: string;
  /** What standard input carries; absent: it is closed. A readable one is copied as it comes. */
  stdin?: string | Readable;
  /** Past it the command is killed and the test fails. */
  deadlineMs?: number;
  /** File descriptor that standard output goes to instead of a pipe. */
  stdout?: number;
}

export interface Outcome {
  /** What a shell reports: the exit code, or 128 and the number of the signal that ended it. */
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the built command to its end. */
export function runCli(args: readonly string[], options: CliOptions = {}): Promise<Outcome> {
  return startCli(args, options).ended;
}

/** Runs the built command under the test's control. */
export function startCli(args: readonly string[], options: CliOptions = {}): RunningCli {
  return new RunningCli(args, options);
}

export class RunningCli {
  /** What came so far. */
  stdout = '';
  stderr = '';
  readonly pid: number | undefined;
  /** Resolves when the process has gone and both outputs are closed; rejects when the deadline passed. */
  readonly ended: Promise<Outcome>;
  /** Resolves to what a shell reports when the process has gone, whatever is still unread of its outputs. */
  readonly gone: Promise<number>;
  readonly #child: ChildProcess;

  constructor(args: readonly string[], options: CliOptions) {
    const { env = {}, cwd = root, stdin, deadlineMs = 20_000, stdout = 'pipe' } = options;
    this.#child = spawn(process.execPath, [command, ...args], {
      cwd,
      env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', LANG: 'C.UTF-8', ...env },
      stdio: [stdin === undefined ? 'ignore' : 'pipe', stdout, 'pipe'],
    });
    this.pid = this.#child.pid;
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    // A command that leaves early makes this fail, which is no concern of the test.
    this.#child.stdin?.on('error', () => {});
    if (typeof stdin === 'string') this.#child.stdin?.end(stdin);
    else if (this.#child.stdin !== null) stdin?.pipe(this.#child.stdin);
    this.ended = this.#end(['ssekit', ...args].join(' '), deadlineMs);
    // Looked at later, or never: a test may fail before.
    this.ended.catch(() => {});
    this.gone = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => resolve(shellCode(code, signal)));
    });
    running.add(this);
    this.#child.once('exit', () => running.delete(this));
  }

  /** Waits until standard output matches. */
  async printed(pattern: RegExp): Promise<void> {
    await this.#matched('stdout', pattern);
  }

  /** Waits until standard error matches. */
  async logged(pattern: RegExp): Promise<void> {
    await this.#matched('stderr', pattern);
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Closes the reading end of its standard output, as `| head -1` does. */
  closeStdout(): void {
    this.#child.stdout?.destroy();
  }

  /** Stops reading its standard output, as a slow `| less` does. */
  stopReading(): void {
    this.#child.stdout?.pause();
  }

  keepReading(): void {
    this.#child.stdout?.resume();
  }

  async #matched(output: 'stdout' | 'stderr', pattern: RegExp): Promise<void> {
    const gone = () => this.#child.exitCode !== null || this.#child.signalCode !== null;
    const what = () => `${pattern} on ${output}; ${this.#soFar()}`;
    await until(() => pattern.test(this[output]) || gone(), what);
    if (!pattern.test(this[output])) await this.ended;
    if (!pattern.test(this[output])) throw new Error(`ended without ${what()}`);
  }

  #end(line: string, deadlineMs: number): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        this.#child.kill('SIGKILL');
        reject(new Error(`${line}: still running after ${deadlineMs} ms; ${this.#soFar()}`));
      }, deadlineMs);
      this.#child.once('error', reject).once('close', (code, signal) => {
        clearTimeout(deadline);
        resolve({ code: shellCode(code, signal), stdout: this.stdout, stderr: this.stderr });
      });
    });
  }

  #soFar(): string {
    return `stdout: ${JSON.stringify(this.stdout.slice(-2_000))}, stderr: ${JSON.stringify(this.stderr.slice(-2_000))}`;
  }
}

function shellCode(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

const running = new Set<RunningCli>();
process.once('exit', () => {
  for (const cli of running) cli.signal('SIGKILL');
});
