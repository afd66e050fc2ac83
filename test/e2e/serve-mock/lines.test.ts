import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, test } from 'node:test';
import { recordingFile } from '../../recording/recording-files.ts';
import { startCli } from '../harness/cli.ts';
import { runCommand, tail } from '../harness/command.ts';
import { startMockWith } from '../harness/mock.ts';
import { ids, recordsOfType } from '../harness/records.ts';
import { until } from '../harness/until.ts';

const listen = (url: string, ...words: string[]) => tail(url, '--format', 'ndjson', ...words);
const data = (outcome: { stdout: string }) => recordsOfType(outcome, 'event').map((record) => record.data);

describe('serve-mock --lines FILE', () => {
  const text = 'one\n{"data":{"n":2},"event":"update","id":"x"}\n{"comment":"half","data":"three"}\nfour\n';

  test('gives every stream all of them, with ids that they resume by', async (t) => {
    const { url } = await startMockWith(t, ['--lines', recordingFile(t, text), '--interval', '5ms'], {});
    const outcomes = await Promise.all([listen(url), listen(url)]);
    for (const outcome of outcomes) {
      assert.equal(outcome.code, 0);
      assert.deepEqual(data(outcome), ['one', '{"n":2}', 'three', 'four']);
      assert.deepEqual(ids(outcome), ['1', 'x', '3', '4']);
      assert.equal(recordsOfType(outcome, 'event')[1]?.event, 'update');
      assert.ok(recordsOfType(outcome, 'comment').some((record) => record.text === 'half'));
    }
    assert.deepEqual(data(await listen(url, '--last-event-id', 'x')), ['three', 'four']);
    const { code, stdout } = await listen(url, '--last-event-id', '4');
    assert.deepEqual([code, recordsOfType({ stdout }, 'open')[0]?.status], [52, 204]);
  });

  test('lets faults into it', async (t) => {
    const { url } = await startMockWith(t, ['--lines', recordingFile(t, text), '--interval', '1ms'], {});
    const outcome = await listen(`${url}?fault=truncate@2`);
    assert.deepEqual([data(outcome), outcome.code], [['one'], 18]);
  });

  test('ends with 2 for a line that can be no event', async (t) => {
    const path = recordingFile(t, 'a\n{"data":"x","retry":"soon"}\n');
    const outcome = await runCommand(['serve-mock', '--port', '0', '--lines', path]);
    assert.equal(outcome.code, 2);
    assert.match(outcome.stderr, /--lines .*: line 2: "retry" is "soon"/);
  });
});

describe('serve-mock --lines -', () => {
  test('publishes standard input from the first stream on, and ends the streams with it', async (t) => {
    const stdin = 'one\n{"data":"two","event":"up"}\n{"data":"x","event":5}\nthree';
    const { url, cli: server } = await startMockWith(t, ['--lines', '-'], { stdin });
    const outcome = await listen(url);
    assert.equal(outcome.code, 0, outcome.stderr);
    assert.deepEqual(data(outcome), ['one', 'two', 'three']);
    await server.logged(/standard input, line 3: left out: "event" is 5/);
    // Who has everything need not come back; who hasn't gets the rest.
    assert.equal((await listen(url, '--last-event-id', '3')).code, 52);
    assert.deepEqual(data(await listen(url, '--last-event-id', '1')), ['two', 'three']);
  });

  test('publishes to all streams at once, each line as it comes', async (t) => {
    const stdin = new PassThrough();
    const { url, cli: server } = await startMockWith(t, ['--lines', '-'], { stdin });
    const clients = [1, 2].map(() => startCli(['listen', url, '--format', 'data', '-v']));
    for (const client of clients) await client.logged(/200/);
    await until(() => (server.stderr.match(/GET/g) ?? []).length === 2, 'two streams');
    for (const line of ['first', 'second']) {
      stdin.write(`${line}\n`);
      for (const client of clients) await client.printed(new RegExp(line));
    }
    stdin.end();
    for (const client of clients) assert.equal((await client.ended).stdout, 'first\nsecond\n');
  });
});
