import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { type OpenClient, runAdapter } from '../../mock/conformance/adapter.ts';
import { serveSuite } from '../../mock/conformance/served-suite.ts';
import { startCli } from '../harness/cli.ts';

interface EventRecord {
  type: string;
  event: string;
  data: string;
  lastEventId: string;
}

/** Every client is a process of its own, whose NDJSON is read as it comes. */
function openListen(context: TestContext): OpenClient {
  return (url, _eventTypes, hand) => {
    const cli = startCli(['listen', url, '--follow', '--format', 'ndjson', '-s'], { deadlineMs: 120_000 });
    let read = 0;
    const timer = setInterval(() => {
      const end = cli.stdout.lastIndexOf('\n') + 1;
      const lines = cli.stdout.slice(read, end).split('\n').slice(0, -1);
      read = end;
      for (const line of lines) {
        const { type, event, data, lastEventId } = JSON.parse(line) as EventRecord;
        if (type === 'event') hand({ type: event, data, lastEventId });
      }
    }, 5);
    const close = () => {
      clearInterval(timer);
      cli.signal('SIGKILL');
    };
    context.after(close);
    return close;
  };
}

describe('listen --follow', () => {
  test('behaves as the standard demands, but for its stated departure: it asks again after a 503, later and later', async (context) => {
    const { url, suite } = await serveSuite(context);
    await runAdapter(url, 'ssekit listen', openListen(context));
    const { rows, ended } = await suite.over;
    assert.equal(ended, 'complete');
    assert.deepEqual(
      rows.filter(({ outcome }) => outcome !== 'pass').map(({ id, outcome }) => `${outcome} ${id}`),
      ['note stop-503'],
    );
  });
});
