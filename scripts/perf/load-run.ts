import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { BenchResult } from '../../src/results/bench/result.ts';
import { SSEKIT } from './checkout.ts';

/** `ssekit bench`, as its users start it; resolves with what it found, however that was judged. */
export async function benchRun(...args: string[]): Promise<BenchResult> {
  const child = spawn(process.execPath, [SSEKIT, 'bench', '--format', 'json', '--silent', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  try {
    return JSON.parse(out) as BenchResult;
  } catch {
    throw new Error(`ssekit bench ${args.join(' ')} printed no result: ${errors.trim()}`);
  }
}

/** What `bench` prints in the end, of a result. */
export async function closingScreen(result: BenchResult): Promise<string> {
  const child = spawn(process.execPath, [SSEKIT, 'report', '-'], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(result));
  return text(child.stdout);
}

/** `VALID`, or why not. */
export function verdictText({ verdict }: BenchResult): string {
  return [verdict.status, ...verdict.reasons.map(({ code }) => code)].join(' ');
}
