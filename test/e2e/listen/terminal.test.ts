import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { rawServer } from '../harness/raw-server.ts';
import { answer } from '../harness/wire.ts';
import { onTerminal } from '../hostile/terminal.ts';

const EVENT_STREAM = { 'Content-Type': 'text/event-stream' };

describe('listen on a terminal', () => {
  test('prints in the order in which things came, even when all came at once', async (t) => {
    const body = 'data: before\n\nretry: 500\n\ndata: after\n\n';
    const server = await rawServer(t, async (client) => {
      await client.request();
      await client.write(answer('200 OK', EVENT_STREAM, body));
      client.finish();
    });
    const { code, text } = await onTerminal(['listen', server.url]);
    assert.equal(code, 0);
    const seen = ['●', 'before', '500 ms', 'after', '✓', 'events '].map((mark) => text.indexOf(mark));
    assert.ok(!seen.includes(-1), text);
    assert.deepEqual(
      seen,
      seen.toSorted((a, b) => a - b),
      text,
    );
  });

  test('advises trying again only where nothing tries again', async (t) => {
    const server = await rawServer(t, async (client) => {
      await client.request();
      await client.write(answer('503 Busy', {}, ''));
      client.finish();
    });
    assert.match((await onTerminal(['listen', server.url])).text, /--retry N/);
    const retried = await onTerminal(['listen', server.url, '--retry', '1', '--retry-delay', '1ms']);
    assert.doesNotMatch(retried.text, /--retry|--follow/);
    assert.equal(retried.code, 5);
  });
});
