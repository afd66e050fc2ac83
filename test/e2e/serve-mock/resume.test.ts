import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startCli } from '../harness/cli.ts';
import { startMock } from '../harness/mock.ts';
import { endings, ids, recordsOfType } from '../harness/records.ts';

async function publish(url: string, ...data: string[]): Promise<void> {
  for (const each of data) {
    const answer = await fetch(`${url}publish`, { method: 'POST', body: each });
    assert.equal(answer.status, 200);
  }
}

/** What a client gets that has had this id: status, and the beginning of the body up to an event with this data. */
async function resumed(url: string, lastEventId: string, until?: string): Promise<[number, string]> {
  const ending = new AbortController();
  const headers: Record<string, string> = lastEventId === '' ? {} : { 'Last-Event-ID': lastEventId };
  const signal = AbortSignal.any([ending.signal, AbortSignal.timeout(15_000)]);
  const response = await fetch(url, { headers, signal });
  let text = '';
  if (response.status === 200 && until !== undefined) {
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    while (!text.includes(`data: ${until}\n\n`)) {
      const { value, done } = (await reader?.read()) ?? { done: true };
      if (done) break;
      text += value;
    }
  }
  ending.abort();
  return [response.status, text];
}

describe('ssekit serve-mock, a client that comes back', () => {
  test('gets everything that was published meanwhile, once and in order', async (t) => {
    const { url } = await startMock(
      t,
      '--preset',
      'quiet',
      '--fault',
      'conn:1:reset@2',
      '--fault',
      'conn:2:eof@3',
    );
    const flags = ['--follow', '--retry-delay', '20ms', '-n', '7', '--format', 'ndjson'];
    const listener = startCli(['listen', url, ...flags]);
    await listener.printed(/"type":"open"/);
    await publish(url, '1', '2', '3', '4', '5', '6', '7');
    const run = await listener.ended;
    assert.equal(run.code, 0);
    assert.deepEqual(ids(run), ['1', '2', '3', '4', '5', '6', '7']);
    assert.deepEqual(endings(run), ['reset', 'eof', 'client']);
  });

  test('may say its last id in the query, as those do that can set no header', async (t) => {
    const { url } = await startMock(t, '--preset', 'quiet');
    await publish(url, 'one', 'two', 'three');
    const [, text] = await resumed(`${url}?lastEventId=1`, '', 'three');
    assert.deepEqual(text.match(/^id: .*$/gm), ['id: 2', 'id: 3']);
  });

  describe('with an id that has left the buffer', () => {
    const lost = { oldest: [], '204': ['--on-lost-id', '204'], reset: ['--on-lost-id', 'reset'] };

    test('gets a warning and what is left', async (t) => {
      const { url } = await startMock(t, '--preset', 'quiet', '--buffer', '2', ...lost.oldest);
      await publish(url, 'one', 'two', 'three', 'four');
      const [, text] = await resumed(url, '1', 'four');
      assert.match(text, /^: there is no event "1" here, or no longer: from the oldest that is kept$/m);
      assert.deepEqual(text.match(/^(id|data): .*$/gm), ['id: 3', 'data: three', 'id: 4', 'data: four']);
      const [, whole] = await resumed(url, '2', 'four');
      assert.doesNotMatch(whole, /no longer/);
    });

    test('is told to stop, where the server is told so', async (t) => {
      const { url } = await startMock(t, '--preset', 'quiet', '--buffer', '2', ...lost['204']);
      await publish(url, 'one', 'two', 'three', 'four');
      assert.deepEqual(await resumed(url, '1'), [204, '']);
      assert.equal((await resumed(url, '2', 'four'))[0], 200);
      const listener = startCli(['listen', url, '--follow', '--last-event-id', 'nothing of ours']);
      assert.equal((await listener.ended).code, 52);
    });

    test('is told to forget what it knows, and gets what comes', async (t) => {
      const { url } = await startMock(t, '--preset', 'quiet', '--buffer', '2', ...lost.reset);
      await publish(url, 'one', 'two', 'three', 'four');
      const flags = ['--last-event-id', '1', '-n', '2', '--format', 'ndjson'];
      const listener = startCli(['listen', url, ...flags]);
      await listener.printed(/"event":"reset"/);
      await publish(url, 'five');
      const events = recordsOfType(await listener.ended, 'event');
      assert.deepEqual(
        events.map(({ event, id, lastEventId, data }) => [event, id, lastEventId, data]),
        [
          ['reset', '', '', '{"lastEventId":"1"}'],
          ['message', '5', '5', 'five'],
        ],
      );
    });
  });

  describe('to a schedule, with an id that is none of its own', () => {
    const ticks = ['--interval', '1ms', '--count', '3'];
    const run = async (url: string) => (await fetch(url, { headers: { 'Last-Event-ID': '99' } })).text();

    test('gets a warning and the whole', async (t) => {
      const { url } = await startMock(t, ...ticks);
      const text = await run(url);
      assert.match(text, /^: there is no event "99" here/m);
      assert.deepEqual(text.match(/^id: .*$/gm), ['id: 1', 'id: 2', 'id: 3']);
    });

    test('is told to stop', async (t) => {
      const { url } = await startMock(t, ...ticks, '--on-lost-id', '204');
      assert.deepEqual(await resumed(url, '99'), [204, '']);
    });

    test('is told to forget what it knows, and gets the whole', async (t) => {
      const { url } = await startMock(t, ...ticks, '--on-lost-id', 'reset');
      const text = await run(url);
      assert.match(text, /^id: \nevent: reset\ndata: \{"lastEventId":"99"\}\n\nid: 1\n/m);
      assert.deepEqual(text.match(/^id: .*$/gm), ['id: ', 'id: 1', 'id: 2', 'id: 3']);
    });
  });
});
