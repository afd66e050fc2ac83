/**
 * What `npm test` runs: finds the test files, compiles them, and has `test-run.ts` run the explicit list. (Node 20
 * given a folder or an unexpanded glob runs nothing and exits 0.) The command that is tested, its page and the
 * processes that are started of it are what was built last.
 *
 *     node --import tsx scripts/test.ts [--dir FOLDER] [--timeout SECONDS] [--another-node] [PART-OF-A-PATH]...
 *
 * `SSEKIT_PROPERTY_SEED=1` has the property tests draw the same cases in every run.
 *
 * `--another-node` is for a version of Node that isn't the first one they run on: it runs `LIES_ON_NODE` alone.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { compile } from './compile-tests.ts';

const RUNNER = 'scripts/test-run.ts';

/**
 * What lies on Node itself, and is proven on each version of it: sockets, TLS, HTTP/2, compression, files, processes,
 * clocks, and what V8 makes of text. All else comes out the same, so that one version proves it.
 */
const LIES_ON_NODE = [
  'bench/',
  'checks/raw/',
  'cli.test.ts',
  'client/',
  'e2e/bench/',
  'e2e/listen/answers',
  'e2e/listen/endings',
  'e2e/listen/interrupting',
  'e2e/listen/stopping',
  'e2e/reconnect/',
  'e2e/serve-mock/compress',
  'e2e/serve-mock/endings',
  'e2e/serve-mock/http2',
  'e2e/serve-mock/large-events',
  'e2e/serve-mock/tls',
  'e2e/serve-mock/workers',
  'listen/',
  'mock/http/',
  'mock/server.test.ts',
  'mock/wire/',
  'notation/',
  'recording/',
  'sse/',
];

/**
 * Files that take longest, nearly all of it in waiting: for the standard's reconnection times, for a browser, for
 * a heartbeat that doesn't come. Started last, they would keep all of the run waiting.
 */
const LONG_WAITS = [
  'real/proxies/limits',
  'real/proxies/looked-at',
  'real/proxies/stacked',
  'real/proxies/verdicts',
  'mock/conformance/clients',
  'e2e/serve-mock/check',
  'e2e/listen/expect/runs',
  'real/check-',
  'real/page-',
  'e2e/hostile/waits',
  'e2e/listen/findings/timed',
  'e2e/serve-mock/scenario-files',
  'real/redis-outage',
  'truth/',
];

const { values, positionals } = parseArgs({
  options: {
    dir: { type: 'string', default: 'test' },
    // Longest that a file may take with all of its tests.
    timeout: { type: 'string', default: '180' },
    'another-node': { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const files = testFiles(resolve(values.dir), positionals);
if (files.length === 0) {
  const matching = positionals.length > 0 ? ` matches ${positionals.join(' or ')}` : '';
  console.error(`npm test: no test file in ${values.dir}${matching}`);
  process.exitCode = 1;
} else process.exitCode = await runFiles(files);

function testFiles(root: string, parts: readonly string[]): string[] {
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts'))
    .filter((path) => parts.length === 0 || parts.some((part) => path.includes(part)))
    .filter((path) => !values['another-node'] || startsWithAny(path, LIES_ON_NODE))
    .sort();
  return waitsSpread(paths).map((path) => join(root, path));
}

/** The files that wait, one in three from the start: beside each, others keep the processor busy. */
function waitsSpread(paths: readonly string[]): string[] {
  const waiting = paths.filter((path) => startsWithAny(path, LONG_WAITS));
  const busy = paths.filter((path) => !startsWithAny(path, LONG_WAITS));
  const spread = waiting.flatMap((path) => [path, ...busy.splice(0, 2)]);
  return [...spread, ...busy];
}

function startsWithAny(path: string, beginnings: readonly string[]): boolean {
  return beginnings.some((beginning) => path.startsWith(beginning));
}

/** In a process that starts, as those of the files do, without what compiles. Resolves with the exit code. */
async function runFiles(list: readonly string[]): Promise<number> {
  const { folder, programs } = await compile([RUNNER, ...list]);
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const [runner = '', ...rest] = programs;
  const words = ['--enable-source-maps', runner, values.timeout, folder, ...rest];
  const child = spawn(process.execPath, words, { stdio: 'inherit' });
  // A terminal interrupts all of the group, anybody else just this process; both wait until the tests have ended.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}
