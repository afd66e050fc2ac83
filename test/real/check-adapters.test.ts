import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as fields from '../../src/mock/conformance/cases/fields.ts';
import { lastEventId } from '../../src/mock/conformance/cases/last-event-id.ts';
import { cr, lf } from '../../src/mock/conformance/cases/line-ends.ts';
import { cleanEnd } from '../../src/mock/conformance/cases/reconnect.ts';
import { stop204 } from '../../src/mock/conformance/cases/stops.ts';
import { serveSuite } from '../mock/conformance/served-suite.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(join(root, 'docs/check-clients.md'), 'utf8');

/** The adapter that the documentation shows in a language. */
function adapterOf(language: string): string {
  const code = page.match(new RegExp(`\`\`\`${language}\\n(// node|# python3|// go)[^]*?\`\`\``))?.[0];
  assert.ok(code !== undefined, `docs/check-clients.md shows no adapter in ${language}`);
  return code.split('\n').slice(1, -1).join('\n');
}

/** Why a language's adapter can't be run here, `false` where it can. */
function missing(program: string, versionFlag: string): string | false {
  if (spawnSync(program, [versionFlag]).status === 0) return false;
  const reason = `${program} is not on this machine`;
  if (process.env.SSEKIT_REQUIRE_REAL) throw new Error(`${reason}, and SSEKIT_REQUIRE_REAL is set`);
  return reason;
}

/** Cases of every sort: coming back, ids, formats, an answer to stop at. */
const CASES = [cleanEnd, lastEventId, lf, cr, fields.multiLine, fields.spaces, stop204];

/** Runs an adapter against the cases, until the suite is over; its rows by id. */
async function run(context: TestContext, language: string, file: string, command: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'ssekit-adapter-'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, file), adapterOf(language));
  const { url, suite } = await serveSuite(context, CASES);
  const [program = '', ...words] = command;
  const child = spawn(program, [...words, join(folder, file), url], { cwd: folder, stdio: 'pipe' });
  const errors = collectErrors(child);
  context.after(() => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  // One that fails to start asks for nothing.
  void gone.then(() => suite.end('left'));
  const { rows, ended, client } = await suite.over;
  assert.equal(ended, 'complete', errors());
  return { client, outcomes: Object.fromEntries(rows.map(({ id, outcome }) => [id, outcome])) };
}

function collectErrors(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  return () => text;
}

describe('the adapters of docs/check-clients.md', { concurrency: true }, () => {
  test('run the suite from Node', async (context) => {
    const { client, outcomes } = await run(context, 'js', 'adapter.mjs', [process.execPath]);
    assert.equal(client.name, 'eventsource');
    assert.deepEqual(new Set(Object.values(outcomes)), new Set(['pass']));
  });

  test('run the suite from Python', { skip: missing('python3', '--version') }, async (context) => {
    const { client, outcomes } = await run(context, 'python', 'adapter.py', ['python3']);
    assert.equal(client.name, 'urllib');
    const { cr: ofCr, ...others } = outcomes;
    // Lines that end in CR alone are none to urllib.
    assert.equal(ofCr, 'fail');
    assert.deepEqual(new Set(Object.values(others)), new Set(['pass']));
  });

  test('run the suite from Go', { skip: missing('go', 'version') }, async (context) => {
    const { client, outcomes } = await run(context, 'go', 'adapter.go', ['go', 'run']);
    assert.equal(client.name, 'bufio.Scanner');
    assert.deepEqual(outcomes, {
      accept: 'pass',
      'cache-control': 'note',
      'reconnect-end': 'fail',
      'last-event-id': 'not-measured',
      lf: 'pass',
      cr: 'fail',
      'multi-line': 'pass',
      spaces: 'pass',
      'stop-204': 'not-measured',
    });
  });
});
