import assert from 'node:assert/strict';
import { connect } from 'node:http2';
import { describe, test } from 'node:test';
import { startCli } from '../harness/cli.ts';
import { tail } from '../harness/command.ts';
import { startMock } from '../harness/mock.ts';
import { ids, recordsOfType } from '../harness/records.ts';
import { until } from '../harness/until.ts';

describe('serve-mock --http2', () => {
  test('speaks HTTP/1.1 to who knows no better, and HTTP/2 to who does', async (t) => {
    const { url, cli } = await startMock(t, '--count', '2', '--interval', '5ms', '--http2');
    for (const [flags, http] of [
      [[], '1.1'],
      [['--http2-prior-knowledge'], '2'],
    ] as const) {
      const outcome = await tail(url, ...flags, '--format', 'ndjson');
      assert.equal(outcome.code, 0, outcome.stderr);
      assert.deepEqual(ids(outcome), ['1', '2']);
      const [open] = recordsOfType(outcome, 'open');
      assert.equal(open?.http, http);
      assert.equal(open.framing, http === '2' ? 'h2' : 'chunked');
    }
    assert.doesNotMatch(cli.stderr, /warning/);
  });

  test('resumes and publishes over it', async (t) => {
    const { url } = await startMock(t, '--preset', 'quiet', '--http2');
    const client = startCli(['listen', url, '--http2-prior-knowledge', '--format', 'ndjson', '-n', '2']);
    await client.printed(/"type":"open"/);
    const session = connect(url);
    t.after(() => session.destroy());
    const publish = async (data: string) => {
      const request = session.request({
        ':method': 'POST',
        ':path': '/publish',
        'content-type': 'application/json',
      });
      request.end(JSON.stringify({ data }));
      let answer = '';
      for await (const part of request.setEncoding('utf8')) answer += part;
      return JSON.parse(answer) as { ids: Record<string, string> };
    };
    const { ids: published } = await publish('one');
    await publish('two');
    const outcome = await client.ended;
    assert.deepEqual(
      recordsOfType(outcome, 'event').map(({ data }) => data),
      ['one', 'two'],
    );
    const resumed = await tail(
      url,
      '--http2-prior-knowledge',
      '--last-event-id',
      published.global ?? '',
      '-n',
      '1',
      '--format',
      'data',
    );
    assert.equal(resumed.stdout, 'two\n');
  });

  test('ends its streams in order when it is stopped', async (t) => {
    const { url, cli } = await startMock(t, '--interval', '10ms', '--http2', '--tls');
    const client = startCli(['listen', url, '-k', '--http2', '--format', 'ndjson']);
    await client.printed(/"id":"3"/);
    cli.signal('SIGINT');
    const outcome = await client.ended;
    assert.equal(outcome.code, 0, outcome.stderr);
    assert.equal((await cli.ended).code, 0);
  });

  test('serves hundreds of streams on one connection, each with its own time', async (t) => {
    const { url } = await startMock(t, '--count', '3', '--interval', '20ms', '--http2', '--silent');
    const session = connect(url);
    t.after(() => session.destroy());
    const bodies = Array.from({ length: 300 }, () => '');
    let ended = 0;
    for (const index of bodies.keys()) {
      session
        .request({ ':path': `/${index}` })
        .setEncoding('utf8')
        .on('data', (part: string) => {
          bodies[index] += part;
        })
        .on('end', () => {
          ended += 1;
        });
    }
    await until(
      () => ended === bodies.length,
      () => `300 ends; ${ended} came`,
    );
    for (const body of bodies) assert.deepEqual(body.match(/^id: \d+$/gm), ['id: 1', 'id: 2', 'id: 3']);
  });
});
