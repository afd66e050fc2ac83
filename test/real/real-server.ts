import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { until } from '../e2e/harness/until.ts';

/** A server program written with the means that its language's users have. */
export interface ServerKind {
  name: string;
  /** What must be on the machine. */
  runtime: string;
  /** How a body's end is known. */
  framing: 'chunked' | 'close';
  /** The program and its arguments, made ready on first use; the port is added. */
  command(): string[];
}

const source = (name: string) => fileURLToPath(new URL(`servers/${name}`, import.meta.url));

export const serverKinds: readonly ServerKind[] = [
  {
    name: 'Express',
    runtime: process.execPath,
    framing: 'chunked',
    command: () => [process.execPath, '--import', 'tsx', source('express.ts')],
  },
  {
    name: "Python's http.server",
    runtime: 'python3',
    framing: 'close',
    command: () => ['python3', source('python.py')],
  },
  {
    name: "Go's net/http",
    runtime: 'go',
    framing: 'chunked',
    command: () => [goProgram()],
  },
];

/**
 * Why a server can't be run here, `false` where it can: what `skip` of a test takes.
 *
 * @throws Error instead of a reason where SSEKIT_REQUIRE_REAL is set: nothing may be skipped then
 */
export function missingRuntime(kind: ServerKind): string | false {
  const versionFlag = kind.runtime === 'go' ? 'version' : '--version';
  if (spawnSync(kind.runtime, [versionFlag]).status === 0) return false;
  const reason = `${kind.runtime} is not on this machine: ${kind.name} is not tested`;
  if (process.env.SSEKIT_REQUIRE_REAL) throw new Error(`${reason}, and SSEKIT_REQUIRE_REAL is set`);
  return reason;
}

export interface RealServer {
  readonly url: string;
  readonly port: number;
  /** Ends it as a crash or the out-of-memory killer does. */
  kill(): Promise<void>;
}

/** Starts the server and resolves when it listens; it ends with the test. */
export async function startServer(test: TestContext, kind: ServerKind, port = 0): Promise<RealServer> {
  const [program = '', ...args] = kind.command();
  const child = spawn(program, [...args, String(port)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = collect(child);
  const gone = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGKILL');
    await gone;
  };
  test.after(kill);
  await until(
    () => output.stdout.includes('\n') || child.exitCode !== null,
    () => `${kind.name} to listen`,
  );
  if (child.exitCode !== null) throw new Error(`${kind.name} did not start: ${output.stderr}`);
  const url = output.stdout.trim();
  return { url, port: Number(new URL(url).port), kill };
}

function collect(child: ChildProcess): { stdout: string; stderr: string } {
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  return output;
}

let built: string | undefined;

/** Built rather than run by `go run`, which puts a process of its own in front of the server. */
function goProgram(): string {
  if (built !== undefined) return built;
  const folder = mkdtempSync(join(tmpdir(), 'ssekit-go-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  built = join(folder, 'server');
  const { status, stderr } = spawnSync('go', ['build', '-o', built, source('server.go')], {
    encoding: 'utf8',
    env: { ...process.env, CGO_ENABLED: '0' },
  });
  if (status !== 0) throw new Error(`go build failed: ${stderr}`);
  return built;
}
