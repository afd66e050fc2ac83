import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { EventSource } from 'eventsource';
import type { ConformanceResult } from '../../../src/mock/conformance/result.ts';
import { openEventSource, runAdapter } from '../../mock/conformance/adapter.ts';
import { startCli } from '../harness/cli.ts';
import { runCommand } from '../harness/command.ts';
import { until } from '../harness/until.ts';

async function startCheck(context: TestContext, ...flags: string[]) {
  const cli = startCli(['serve-mock', '--check', '--port', '0', ...flags], { deadlineMs: 150_000 });
  context.after(async () => {
    cli.signal('SIGKILL');
    await cli.gone;
  });
  const url = () => /http:\/\/[\d.:]+\//.exec(cli.stdout + cli.stderr)?.[0];
  await until(() => url() !== undefined || /\S/.test(cli.stderr), 'the ready line');
  return { cli, url: url() ?? '' };
}

function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'ssekit-check-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe('serve-mock --check', { concurrency: true }, () => {
  test('measures a client, prints the table, writes JSON and JUnit, and ends with 10 for a failed row', async (context) => {
    const folder = temporaryFolder(context);
    const [json, xml] = [join(folder, 'result.json'), join(folder, 'result.xml')];
    const { cli, url } = await startCheck(context, '-o', json, '--output', xml);
    await runAdapter(
      url,
      'eventsource',
      openEventSource((at) => new EventSource(at)),
    );
    const { code, stdout, stderr } = await cli.ended;
    assert.equal(code, 10, stderr);
    assert.match(
      stdout,
      /^ready http:\/\/127\.0\.0\.1:\d+\/\nClient conformance of eventsource, node, with an adapter\n/,
    );
    assert.match(
      stdout,
      /^retry +waits before a reconnect as long as retry: asks +PASS +\d+ ms where asked retry: 150, \d,\d{3} ms where asked retry: 1500$/m,
    );
    assert.match(
      stdout,
      /^last-event-id-no-data +.* FAIL +sent Last-Event-ID: "with-data", not "without-data"$/m,
    );
    assert.match(stdout, /\nFAIL: 4[34] passed, 4 failed, .*\n4 rows failed: last-event-id-no-data, /);
    assert.match(stderr, /check\/browser/);
    const result = JSON.parse(readFileSync(json, 'utf8')) as ConformanceResult;
    assert.equal(result.kind, 'client-conformance');
    assert.equal(result.version, 1);
    assert.equal(result.counts.fail, 4);
    assert.equal(result.rows.length, 48);
    assert.equal(readFileSync(xml, 'utf8').match(/<failure /g)?.length, 4);
  });

  test('tells each row as it is judged, and the sum last, as NDJSON; a client alone that stops is a success', async (context) => {
    const { cli, url } = await startCheck(context, '--format', 'ndjson', '-s');
    // Does right what can be told of it; for the rest it has no way to fail.
    const client = startCli(['listen', url, '--follow', '-s'], { deadlineMs: 120_000 });
    const { code, stdout, stderr } = await cli.ended;
    await client.ended;
    const records = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.equal(code, 0, stdout);
    assert.equal(stderr, '');
    assert.deepEqual(records[0], { type: 'ready', url });
    assert.ok(records.slice(1, -1).every(({ type, outcome }) => type === 'row' && outcome !== 'fail'));
    const last = records.at(-1);
    assert.equal(last?.type, 'summary');
    assert.equal(last?.evidence, 'wire');
    assert.equal(last?.ended, 'complete');
    assert.equal(last?.exit, 0);
    assert.equal(last?.rows, undefined);
  });

  test('ends with 28 where no client comes in time, and says where it waited', async () => {
    const { code, stdout, stderr } = await runCommand([
      'serve-mock',
      '--check',
      '--port',
      '0',
      '--for',
      '300ms',
    ]);
    assert.equal(code, 28);
    assert.match(stdout, /^ready \S+\n$/);
    assert.match(stderr, /ssekit: no client came within 300ms\n {2}Point one at http/);
  });

  test('ends with 28 where the time is over before the suite, and calls that no success', async (context) => {
    const { cli, url } = await startCheck(context, '--for', '4s');
    // Comes back once, which is right, and no more.
    for (let n = 0; n < 2; n += 1) await (await fetch(url)).text();
    const { code, stdout, stderr } = await cli.ended;
    assert.equal(code, 28);
    assert.match(stdout, /\nUNFINISHED: .*stopped before the end\n/);
    assert.match(stderr, /ssekit: the suite was not over within 4s/);
  });

  test('ends with 10 at a client that does not come back', async (context) => {
    const { cli, url } = await startCheck(context);
    await (await fetch(url)).text();
    const { code, stdout } = await cli.ended;
    assert.equal(code, 10);
    assert.match(stdout, /1 row failed: reconnect-end/);
    assert.match(stdout, /An adapter of ten lines/);
  });

  test('prints what there is at Ctrl-C, with 130', async (context) => {
    const { cli, url } = await startCheck(context, '--format', 'json');
    const source = new EventSource(url);
    await new Promise((resolve) => source.addEventListener('message', resolve));
    cli.signal('SIGINT');
    const { code, stdout } = await cli.ended;
    source.close();
    assert.equal(code, 130);
    const result = JSON.parse(stdout) as ConformanceResult;
    assert.equal(result.ended, 'stopped');
    assert.equal(result.rows.length, 48);
  });

  const refused: [string[], number, RegExp][] = [
    [['--check', '--preset', 'openai'], 2, /--preset: --check has no use for it/],
    [['--check', 'scenario.yaml'], 2, /scenario\.yaml: --check has no use for it/],
    [['--check', '--fault', 'reset@3'], 2, /--fault: --check has no use for it/],
    [['--check', '-o', 'result.txt'], 2, /--output: "result\.txt" says by its ending what it is to hold/],
    [['--check', '-o', 'result'], 2, /it has none/],
    [
      ['--check', '-o', '/no/such/folder/result.json'],
      23,
      /--output \/no\/such\/folder\/result\.json: ENOENT/,
    ],
    [['--for', '3s'], 2, /--for: there is no suite: --check is missing/],
    [['-o', 'result.json'], 2, /--output: there is no suite: --check is missing/],
    [['--format', 'json'], 2, /--format json: only --check has a result/],
  ];
  for (const [flags, exit, message] of refused) {
    test(`refuses ${flags.join(' ')} before it listens`, async () => {
      const { code, stdout, stderr } = await runCommand(['serve-mock', '--port', '0', ...flags]);
      assert.equal(code, exit);
      assert.equal(stdout, '');
      assert.match(stderr, message);
    });
  }
});
