import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startCli } from '../harness/cli.ts';
import { tail } from '../harness/command.ts';
import { startMock } from '../harness/mock.ts';
import { endings, ids, recordsOfType } from '../harness/records.ts';

const open = (outcome: { stdout: string }) =>
  (recordsOfType(outcome, 'open')[0]?.headers ?? {}) as Record<string, string>;

describe('serve-mock --compress', () => {
  for (const coding of ['gzip', 'br']) {
    test(`${coding}: each event comes when it is sent, and the end is in order`, async (t) => {
      const { url, cli } = await startMock(t, '--preset', 'quiet', '--compress', coding);
      const client = startCli(['listen', url, '-H', `Accept-Encoding: ${coding}`, '--format', 'ndjson']);
      await client.printed(/"type":"open"/);
      for (const data of ['one', 'two', 'three']) {
        const headers = { 'content-type': 'text/plain' };
        await fetch(`${url}publish`, { method: 'POST', body: data, headers });
        await client.printed(new RegExp(`"data":"${data}"`));
      }
      cli.signal('SIGINT');
      const outcome = await client.ended;
      assert.equal(outcome.code, 0, outcome.stderr);
      assert.equal(open(outcome)['content-encoding'], coding);
      assert.deepEqual(endings(outcome), ['eof']);
    });
  }

  test('is for those who accept it', async (t) => {
    const { url } = await startMock(t, '--count', '1', '--interval', '5ms', '--compress', 'br');
    for (const headers of [[], ['-H', 'Accept-Encoding: gzip'], ['-H', 'Accept-Encoding: br;q=0']]) {
      const outcome = await tail(url, ...headers, '--format', 'ndjson');
      assert.equal(outcome.code, 0, outcome.stderr);
      assert.equal(open(outcome)['content-encoding'], undefined);
      assert.equal(open(outcome).vary, 'Accept-Encoding');
    }
  });

  test('can be asked for by one request, unless the server is --fixed', async (t) => {
    const ticks = ['--count', '1', '--interval', '5ms'];
    const asking = await startMock(t, ...ticks);
    const compressed = await tail(`${asking.url}?compress=gzip`, '--compressed', '--format', 'ndjson');
    assert.equal(open(compressed)['content-encoding'], 'gzip');
    assert.equal((await tail(`${asking.url}?compress=zip`)).code, 4);
    const fixed = await startMock(t, ...ticks, '--fixed');
    const plain = await tail(`${fixed.url}?compress=gzip`, '--compressed', '--format', 'ndjson');
    assert.equal(open(plain)['content-encoding'], undefined);
  });

  test('lets faults have their way with what is compressed', async (t) => {
    const { url } = await startMock(t, '--count', '4', '--interval', '5ms', '--compress', 'gzip');
    const ask = (fault: string) => tail(`${url}?fault=${fault}`, '--compressed', '--format', 'ndjson');
    const cut = await ask('no-terminator@2');
    assert.deepEqual([cut.code, endings(cut), ids(cut)], [18, ['truncated'], ['1', '2']]);
    const reset = await ask('reset@2');
    assert.deepEqual([reset.code, endings(reset), ids(reset)], [56, ['reset'], ['1', '2']]);
    const truncated = await ask('truncate@2');
    assert.deepEqual([truncated.code, ids(truncated)], [18, ['1']]);
  });
});
