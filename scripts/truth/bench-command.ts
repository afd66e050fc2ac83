import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { BenchResult } from '../../src/results/bench/result.ts';

const COMMAND = fileURLToPath(new URL('../../bin/ssekit.js', import.meta.url));

/** A run that has not ended so long after it began never will. */
const DEADLINE_MS = 90_000;

/** What a run left. */
export interface BenchRun {
  result: BenchResult;
  exitCode: number | null;
  /** The closing text. */
  text: string;
  /** Raw values by metric, each of all workers; only of a run that was to keep them. */
  samples: ReadonlyMap<string, readonly number[]>;
}

export interface BenchOrder {
  /** `http://127.0.0.1:PORT/`; the number of each stream is put behind it. */
  url: string;
  /** Streams that are told apart. */
  streams: number;
  /** The words of the command line that shape the load. */
  load: readonly string[];
  /** Keeps the raw values. */
  samples?: true;
}

/** `ssekit bench`, as built, run as a user does. */
export class BenchCommand {
  readonly ended: Promise<BenchRun>;
  readonly #child: ChildProcess;
  readonly #folder = mkdtempSync(join(tmpdir(), 'ssekit-truth-'));

  constructor(order: BenchOrder) {
    this.#child = spawn(process.execPath, [COMMAND, ...this.#words(order)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    process.once('exit', this.#abandon);
    this.ended = this.#run();
    // Whoever waits for something else first hears of it then.
    this.ended.catch(() => {});
  }

  /** The processes that make the load. */
  get workers(): number[] {
    const { pid } = this.#child;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
    return children.filter((child) => commandOf(child).includes('bench-worker-process')).map(Number);
  }

  #words({ url, streams, load, samples }: BenchOrder): string[] {
    const rows = Array.from({ length: streams }, (_, stream) => `${stream}\n`);
    writeFileSync(this.#path('streams.csv'), `stream\n${rows.join('')}`);
    const words = ['bench', `${url}{{stream}}`, '--users', this.#path('streams.csv'), ...load];
    if (samples) words.push('--samples', this.#path('samples'));
    return [...words, '-o', this.#path('run.json')];
  }

  async #run(): Promise<BenchRun> {
    const child = this.#child;
    const deadline = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS);
    const { stdout, stderr } = child;
    try {
      if (stdout === null || stderr === null) throw new Error('both outputs are pipes');
      const [output, errors, [exitCode]] = await Promise.all([
        text(stdout),
        text(stderr),
        once(child, 'exit') as Promise<[number | null]>,
      ]);
      return {
        result: this.#result(exitCode, output + errors),
        exitCode,
        text: output,
        samples: this.#samples(),
      };
    } finally {
      clearTimeout(deadline);
      process.off('exit', this.#abandon);
      rmSync(this.#folder, { recursive: true });
    }
  }

  /** This process is interrupted. */
  readonly #abandon = (): void => {
    this.#child.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true });
  };

  #result(exitCode: number | null, said: string): BenchResult {
    try {
      return JSON.parse(readFileSync(this.#path('run.json'), 'utf8')) as BenchResult;
    } catch (cause) {
      throw new Error(`bench left no result (exit ${exitCode}): ${said}`, { cause });
    }
  }

  #samples(): Map<string, number[]> {
    const samples = new Map<string, number[]>();
    for (const name of readdirSync(this.#folder).sort()) {
      if (!name.startsWith('samples.')) continue;
      for (const line of readFileSync(this.#path(name), 'utf8').trim().split('\n')) {
        const [metric = '', ms] = line.split(' ');
        const values = samples.get(metric);
        if (values === undefined) samples.set(metric, [Number(ms)]);
        else values.push(Number(ms));
      }
    }
    return samples;
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }
}

/** @returns nothing where the process has just ended */
function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
