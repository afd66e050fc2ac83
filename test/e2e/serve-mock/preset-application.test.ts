import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startCli } from '../harness/cli.ts';
import { tail } from '../harness/command.ts';
import { startMock } from '../harness/mock.ts';
import { endings, ids, recordsOfType } from '../harness/records.ts';
import { Connection } from './faults-connection.ts';

for (const [preset, event] of [
  ['notifications', 'notification'],
  ['activity', 'activity'],
  ['progress', 'progress'],
] as const) {
  describe(`listen, against the preset ${preset}`, () => {
    test('sees `connected`, then numbered events of one kind', async (t) => {
      const { url } = await startMock(t, '--preset', preset, '--interval', '10ms', '--count', '5');
      const outcome = await tail(url, '--format', 'ndjson');
      assert.equal(outcome.code, 0);
      const events = recordsOfType(outcome, 'event');
      assert.deepEqual(
        events.map((each) => [each.event, each.id]),
        [['connected', undefined], ...['1', '2', '3', '4', '5'].map((id) => [event, id])],
      );
      assert.deepEqual(endings(outcome), ['eof']);
    });

    test('loses nothing and gets nothing twice over a reset, and stops at the end', async (t) => {
      const { url } = await startMock(t, '--preset', preset, '--send-retry', '50ms');
      const outcome = await tail(
        `${url}?interval=10ms&count=9&fault=conn:1:reset@4`,
        '--follow',
        '--format',
        'ndjson',
      );
      assert.equal(outcome.code, 0);
      assert.deepEqual(
        ids(outcome).filter((id) => id !== undefined),
        ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
      );
      assert.deepEqual(endings(outcome).slice(0, 2), ['reset', 'eof']);
    });
  });
}

describe('listen, against the preset quiet', () => {
  test('gets what is published, and on coming back what it missed', async (t) => {
    const { url } = await startMock(t, '--preset', 'quiet');
    const publish = async (data: string) => {
      const response = await fetch(new URL('publish', url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ data }),
      });
      assert.equal(response.ok, true);
    };
    const first = startCli(['listen', url, '-n', '1', '--format', 'ndjson']);
    await first.printed(/"type":"open"/);
    await publish('one');
    const seen = await first.ended;
    const [last] = ids(seen);
    assert.equal(typeof last, 'string');
    await publish('two');
    await publish('three');
    const rest = await tail(url, '-n', '2', '--last-event-id', String(last), '--format', 'data');
    assert.equal(rest.stdout, 'two\nthree\n');
  });
});

describe('the preset burst', () => {
  test('sends all of its events to a reader who takes his time', async (t) => {
    const { url, cli } = await startMock(t, '--preset', 'burst', '--size', '2KB', '--max-stalled', '256KB');
    const reader = new Connection(url, '/?count=5000');
    await reader.saw('the first event', () => reader.bytes.includes('"n":1,'));
    await reader.saw('the end', () => reader.body.isComplete);
    const numbers = [...reader.body.text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
    assert.deepEqual(
      numbers,
      Array.from({ length: 5_000 }, (_, index) => index + 1),
    );
    assert.doesNotMatch(cli.stderr, /stalled/);
    reader.leave();
  });

  test('sends 10,000 events unless it is told otherwise', async (t) => {
    const { url } = await startMock(t, '--preset', 'burst');
    const outcome = await tail(url, '--format', 'data');
    assert.equal(outcome.code, 0);
    assert.equal(outcome.stdout.trimEnd().split('\n').length, 10_000);
  });
});

test('the preset ai-token goes on behind the last token after a cut', async (t) => {
  const { url } = await startMock(t, '--preset', 'ai-token', '--send-retry', '50ms');
  const query = 'prompt=Hello&ttft=5ms&rate=500/s';
  const whole = await tail(`${url}?${query}&client=whole`, '--format', 'ndjson');
  const cut = await tail(`${url}?${query}&client=cut&fault=conn:1:reset@7`, '--follow', '--format', 'ndjson');
  assert.equal(cut.code, 0);
  assert.equal(endings(cut)[0], 'reset');
  const tokens = (outcome: typeof cut) =>
    recordsOfType(outcome, 'event')
      .filter(({ event }) => event === 'ai:token')
      .map(({ json }) => json as { token: string; messageId: string });
  const numbers = ids(cut).filter((id) => id !== undefined);
  assert.deepEqual(
    numbers,
    numbers.map((_, index) => `msg-2.${index + 1}`),
  );
  assert.ok(tokens(whole).every(({ messageId }) => messageId === 'msg-1'));
  assert.match(
    tokens(cut)
      .map(({ token }) => token)
      .join(''),
    /^You asked: “Hello”\n\n/,
  );
});
