/**
 * Runs the programs that test files were compiled to, prints as Node does, and believes a green run only when
 * every file ran at least one test. (Node given a file that exits early calls that a test which passed.)
 *
 *     node test-run.mjs TIMEOUT-SECONDS FOLDER-OF-PROGRAMS PROGRAM...
 */
import { availableParallelism } from 'node:os';
import { relative, resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

/**
 * One more than keep the processors busy: some wait most of their time, for a client that reconnects, a heartbeat, a
 * browser. With more, all of them only take longer, and so do those whose times are measured.
 */
const FILES_AT_ONCE = availableParallelism() + 1;

const [timeoutSeconds, folder = '', ...programs] = process.argv.slice(2);
const problems = await runFiles(programs, Number(timeoutSeconds) * 1e3);
for (const problem of problems) console.error(`npm test: ${problem}`);
process.exitCode = problems.length > 0 ? 1 : 0;

/** What is wrong with the run; nothing: it can be believed. */
async function runFiles(files: string[], timeout: number): Promise<string[]> {
  // Set by a test run around this one: with it, Node would report there and run no file.
  delete process.env.NODE_TEST_CONTEXT;
  // Node 20 and 22 apply the timeout to a file as a whole, Node 24 to each test, and then waits for ever for
  // a process that a test left busy: so silence is watched here too.
  const silence = new AbortController();
  const watch = setTimeout(() => silence.abort(), 2 * timeout);
  const events = run({ files, concurrency: FILES_AT_ONCE, timeout, signal: silence.signal });
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
      if (files.includes(resolve(name))) withoutTests.add(resolve(name));
      else if (details.type !== 'suite' && (skip === undefined || skip === false)) executed += 1;
    });
  }

  const report = events.compose(new spec());
  report.pipe(process.stdout);
  await finished(report);
  clearTimeout(watch);

  const found = files
    .filter((file) => withoutTests.has(file) || !ran.has(file))
    .map((file) => `${relative(folder, file).replace(/\.mjs$/, '.ts')} ran no test`);
  if (silence.signal.aborted) found.push('stopped: no test ended for too long');
  if (executed === 0) found.push('no test was executed');
  if (failed > 0) found.push(`${failed} failed, suites included`);
  return found;
}
