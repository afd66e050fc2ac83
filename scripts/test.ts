/**
 * What `npm test` runs: finds the test files, hands Node the explicit list, and believes a green run only
 * when every listed file ran at least one test. (Node 20 given a folder or an unexpanded glob runs nothing
 * and exits 0, and a file that exits early passes as a test of its own.)
 *
 *     node --import tsx scripts/test.ts [--dir FOLDER] [--timeout SECONDS] [PART-OF-A-PATH]...
 */
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { parseArgs } from 'node:util';

/** Many tests wait most of their time: for a client that reconnects, a heartbeat, a browser. */
const FILES_AT_ONCE = 2 * availableParallelism();

const { values, positionals } = parseArgs({
  options: {
    dir: { type: 'string', default: 'test' },
    // Longest that a file may take with all of its tests.
    timeout: { type: 'string', default: '180' },
  },
  allowPositionals: true,
});
const files = testFiles(resolve(values.dir), positionals);
const matching = positionals.length > 0 ? ` matches ${positionals.join(' or ')}` : '';
const problems = files.length > 0 ? await runFiles(files) : [`no test file in ${values.dir}${matching}`];
for (const problem of problems) console.error(`npm test: ${problem}`);
process.exitCode = problems.length > 0 ? 1 : 0;

function testFiles(root: string, parts: readonly string[]): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => parts.length === 0 || parts.some((part) => relative(root, file).includes(part)))
    .sort();
}

/** Runs the files, prints as Node does, and says what is wrong with the run; nothing: it can be believed. */
async function runFiles(list: string[]): Promise<string[]> {
  // Set by a test run around this one: with it, Node would report there and run no file.
  delete process.env.NODE_TEST_CONTEXT;
  const timeout = Number(values.timeout) * 1e3;
  // Node 20 and 22 apply the timeout to a file as a whole, Node 24 to each test, and then waits for ever for
  // a process that a test left busy: so silence is watched here too.
  const silence = new AbortController();
  const watch = setTimeout(() => silence.abort(), 2 * timeout);
  const events = run({ files: list, concurrency: FILES_AT_ONCE, timeout, signal: silence.signal });
  events.on('data', () => watch.refresh());

  // Tests name the file that they were written in, which may be one that the listed file imports. So a file
  // counts as run when its own process is over, unless it is then reported as a test itself: that is what Node
  // makes of a file that registers no test, exits before its tests or can't be loaded.
  const ran = new Set<string>();
  const withoutTests = new Set<string>();
  let executed = 0;
  let failed = 0;
  events.on('test:complete', ({ name }) => {
    ran.add(resolve(name));
  });
  for (const type of ['test:pass', 'test:fail'] as const) {
    events.on(type, ({ name, skip, details }) => {
      if (type === 'test:fail') failed += 1;
      if (list.includes(resolve(name))) withoutTests.add(resolve(name));
      else if (details.type !== 'suite' && (skip === undefined || skip === false)) executed += 1;
    });
  }

  const report = events.compose(new spec());
  report.pipe(process.stdout);
  await finished(report);
  clearTimeout(watch);

  const found = list
    .filter((file) => withoutTests.has(file) || !ran.has(file))
    .map((file) => `${relative('', file)} ran no test`);
  if (silence.signal.aborted) found.push('stopped: no test ended for too long');
  if (executed === 0) found.push('no test was executed');
  if (failed > 0) found.push(`${failed} failed, suites included`);
  return found;
}
