import { constants } from 'node:os';
import { monotonicMs } from '../client/clock.ts';
import { SseKitError } from '../client/errors.ts';
import { onFirstSignal } from '../listen/signals.ts';
import { createMemoryHub } from '../mock/channels/memory-hub.ts';
import type { ConformanceResult } from '../mock/conformance/result.ts';
import { conformanceSite } from '../mock/conformance/routes.ts';
import { ConformanceSuite } from '../mock/conformance/suite.ts';
import { startMockServer } from '../mock/server.ts';
import { formatDuration } from '../notation/duration.ts';
import {
  conformanceJson,
  conformanceRowNdjson,
  conformanceSummaryNdjson,
} from '../report/conformance-json.ts';
import { conformanceJunit } from '../report/conformance-junit.ts';
import { progressLine } from '../report/conformance-progress.ts';
import { conformanceText } from '../report/conformance-text.ts';
import { loadPalette } from '../report/palette.ts';
import type { CheckOptions } from './check-options.ts';
import type { CheckOutput } from './flags/check-flags.ts';
import type { CommandIo } from './io.ts';
import { checkWritable, writeResult } from './result-file.ts';
import { columnsOf, isTerminal } from './terminal.ts';
import { VERSION } from './version.ts';

const FAILED = 10;
const TIMED_OUT = 28;

const WRITERS: Record<CheckOutput['format'], (result: ConformanceResult) => string> = {
  json: conformanceJson,
  junit: conformanceJunit,
};

/**
 * Runs the conformance suite with the client that comes, and reports.
 *
 * @returns the exit code
 * @throws SseKitError exit 23 where a result can't be written; 28 where no client came, or it left before the end
 */
export async function startCheck(options: CheckOptions, io: CommandIo): Promise<number> {
  const { config, format, silent, forMs, outputs } = options;
  for (const { path } of outputs) checkWritable('--output', path);
  const progress = silent || !isTerminal(io.stderr) ? undefined : progressLine(columnsOf(io.stderr));
  const suite = new ConformanceSuite({
    now: monotonicMs,
    version: VERSION,
    onRow(row) {
      if (format === 'ndjson') io.stdout.write(conformanceRowNdjson(row));
      if (progress !== undefined) io.stderr.write(progress.next(row));
    },
  });
  const hub = createMemoryHub();
  const site = conformanceSite({ suite, now: monotonicMs });
  const server = await startMockServer({ ...config, site, hub });
  const ended = endedFromOutside(suite, forMs);
  announce(server.url, options, io);

  const result = await suite.over;
  ended.forget();
  const closed = server.close();
  if (progress !== undefined) io.stderr.write(progress.clear());
  const failure = ended.signal === undefined ? failureOf(result, server.url, forMs) : undefined;
  const exit = exitOf(result, ended.signal, failure);
  await print(result, exit, options, io);
  await Promise.all(outputs.map((output) => write(output, result)));
  await closed;
  await hub.close();
  if (failure !== undefined) throw failure;
  return exit;
}

function announce(url: string, { format, silent }: CheckOptions, io: CommandIo): void {
  if (format === 'ndjson') io.stdout.write(`${JSON.stringify({ type: 'ready', url })}\n`);
  // The result is to be the only JSON on standard output.
  else (format === 'json' ? io.stderr : io.stdout).write(`ready ${url}\n`);
  if (silent) return;
  io.stderr.write(
    `a browser: open ${url}check/browser\nan adapter: GET ${url}check/next\na client alone: ${url} (less can be told)\n`,
  );
}

/** Ends the suite at the first Ctrl-C, and after `--for`. */
function endedFromOutside(suite: ConformanceSuite, forMs: number | undefined) {
  const ended: { signal: NodeJS.Signals | undefined; forget(): void } = {
    signal: undefined,
    forget() {
      clearTimeout(timer);
      removeHandlers();
    },
  };
  const removeHandlers = onFirstSignal((signal) => {
    ended.signal = signal;
    suite.end('stopped');
  });
  const timer = forMs === undefined ? undefined : setTimeout(() => suite.end('stopped'), forMs);
  return ended;
}

function exitOf(
  { counts }: ConformanceResult,
  signal: NodeJS.Signals | undefined,
  failure: SseKitError | undefined,
): number {
  if (signal !== undefined) return 128 + constants.signals[signal];
  if (failure !== undefined) return failure.exitCode;
  return counts.fail > 0 ? FAILED : 0;
}

/** Why a result without a failed row is no success; nothing where it is one. */
function failureOf(
  { ended, counts }: ConformanceResult,
  url: string,
  forMs: number | undefined,
): SseKitError | undefined {
  if (counts.fail > 0) return undefined;
  const within = forMs === undefined ? '' : ` within ${formatDuration(forMs)}`;
  const timedOut = (code: string, message: string, hint: string) =>
    new SseKitError(code, TIMED_OUT, message, { hint });
  switch (ended) {
    case 'no-client':
      return timedOut(
        'NO_CLIENT',
        `no client came${within}`,
        `Point one at ${url}, or open ${url}check/browser.`,
      );
    case 'stopped':
      return timedOut('SUITE_UNFINISHED', `the suite was not over${within}`, 'Give it more time: --for 2m.');
    case 'left':
      return timedOut(
        'CLIENT_LEFT',
        'the client went away before the suite was over',
        'The rows that are not measured say where.',
      );
    case 'complete':
      return counts.pass > 0
        ? undefined
        : timedOut('NOTHING_MEASURED', 'nothing of the client could be measured', 'The rows say why.');
  }
}

async function print(
  result: ConformanceResult,
  exit: number,
  { format, color }: CheckOptions,
  io: CommandIo,
): Promise<void> {
  if (format === 'ndjson') io.stdout.write(conformanceSummaryNdjson(result, exit));
  else if (format === 'json') io.stdout.write(conformanceJson(result));
  else if (result.ended !== 'no-client') {
    const colored = color === 'always' || (color === 'auto' && isTerminal(io.stdout));
    const palette = await loadPalette(colored);
    io.stdout.write(conformanceText(result, { columns: columnsOf(io.stdout)(), palette }));
  }
}

function write({ path, format }: CheckOutput, result: ConformanceResult): Promise<void> {
  return writeResult('--output', path, WRITERS[format](result));
}
