import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { temporaryFolder } from '../../recording/recording-files.ts';
import { runCli, startCli } from '../harness/cli.ts';
import { tail } from '../harness/command.ts';
import { startMockWith } from '../harness/mock.ts';
import { until } from '../harness/until.ts';

function linesOf(path: string): Record<string, unknown>[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('serve-mock --log-requests', () => {
  test('writes down every request, what it got and how it ended', async (t) => {
    const path = join(temporaryFolder(t), 'requests.ndjson');
    const { url, cli: server } = await startMockWith(
      t,
      [
        ...['--log-requests', path, '--silent', '--auth', 'token=hunter2'],
        ...['--count', '3', '--interval', '5ms'],
      ],
      {},
    );
    assert.equal(
      (await tail(`${url}events?token=hunter2`, '--last-event-id', '1', '-H', 'X-Own: yes')).code,
      0,
    );
    assert.equal((await tail(`${url}?token=hunter2&fault=reset@1`)).code, 56);
    assert.equal((await tail(url)).code, 4);
    const leaver = startCli(['listen', `${url}?interval=60s`, '-v', '--bearer', 'hunter2']);
    await leaver.logged(/200/);
    leaver.signal('SIGINT');
    await leaver.ended;
    await until(() => linesOf(path).length === 7, 'seven lines');
    server.signal('SIGINT');
    assert.equal((await server.ended).code, 0);

    const lines = linesOf(path);
    assert.deepEqual(
      lines.map(({ type, id, status, how, events }) => [type, id, status ?? how, events]),
      [
        ['request', 1, 200, undefined],
        ['disconnect', 1, 'eof', 2],
        ['request', 2, 200, undefined],
        ['disconnect', 2, 'reset', 1],
        ['request', 3, 401, undefined],
        ['request', 4, 200, undefined],
        ['disconnect', 4, 'left', 0],
      ],
    );
    const [first, end] = lines;
    assert.equal(first?.url, '/events?token=•••');
    assert.equal(first.lastEventId, '1');
    assert.equal((first.headers as Record<string, string>)['x-own'], 'yes');
    assert.ok(Number(end?.bytes) > 50 && Number(end?.ms) > 0);
    assert.doesNotMatch(readFileSync(path, 'utf8'), /hunter2/);
  });

  test('shows secrets with --show-secrets', async (t) => {
    const path = join(temporaryFolder(t), 'requests.ndjson');
    const { url } = await startMockWith(
      t,
      ['--log-requests', path, '--show-secrets', '--count', '1', '--interval', '1ms'],
      {},
    );
    await tail(url, '--bearer', 'hunter2');
    await until(() => linesOf(path).length === 2, 'two lines');
    assert.match(readFileSync(path, 'utf8'), /"authorization":"Bearer hunter2"/);
  });

  test('ends with 23 for a file that can not be written', async () => {
    const outcome = await runCli(['serve-mock', '--port', '0', '--log-requests', '/nowhere/at/all']);
    assert.equal(outcome.code, 23);
    assert.match(outcome.stderr, /can't write to \/nowhere\/at\/all: its folder does not exist/);
    assert.equal(outcome.stdout, '');
  });
});
