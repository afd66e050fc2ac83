import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { startCli } from '../e2e/harness/cli.ts';
import { tail } from '../e2e/harness/command.ts';
import { endings, ids, outages, recordsOfType } from '../e2e/harness/records.ts';
import { until } from '../e2e/harness/until.ts';
import { missingRuntime, serverKinds, startServer } from './real-server.ts';

for (const kind of serverKinds) {
  const skip = missingRuntime(kind);

  describe(`listen, against ${kind.name}`, { skip }, () => {
    // A compiler may take its time: not on the clock of a test.
    before(() => void kind.command());

    test('shows its events and their clean end', async (t) => {
      const { url } = await startServer(t, kind);
      const outcome = await tail(`${url}?until=5`, '--format', 'ndjson');
      assert.equal(outcome.code, 0);
      assert.deepEqual(ids(outcome), ['1', '2', '3', '4', '5']);
      const events = recordsOfType(outcome, 'event');
      assert.ok(events.every(({ event }) => event === 'tick'));
      assert.deepEqual(
        events.map(({ json }) => (json as { n: number }).n),
        [1, 2, 3, 4, 5],
      );
      assert.deepEqual(endings(outcome), ['eof']);
      assert.equal(recordsOfType(outcome, 'open')[0]?.framing, kind.framing);
      assert.equal(recordsOfType(outcome, 'retry')[0]?.ms, 100);
    });

    test('resumes behind --last-event-id', async (t) => {
      const { url } = await startServer(t, kind);
      const outcome = await tail(`${url}?until=44`, '--last-event-id', '41', '--format', 'ndjson');
      assert.deepEqual(ids(outcome), ['42', '43', '44']);
    });

    const verdict = kind.framing === 'chunked' ? 'cut short: 18' : 'ended without proof of completeness: 0';
    test(`says of a killed server that the stream was ${verdict}`, async (t) => {
      const server = await startServer(t, kind);
      const cli = startCli(['listen', server.url, '--format', 'ndjson']);
      await cli.printed(/"id":"3"/);
      await server.kill();
      const outcome = await cli.ended;
      assert.deepEqual(endings(outcome), [kind.framing === 'chunked' ? 'truncated' : 'eof']);
      assert.equal(outcome.code, kind.framing === 'chunked' ? 18 : 0);
    });

    test('reconnects after a restart and misses nothing', async (t) => {
      const first = await startServer(t, kind);
      const cli = startCli(['listen', first.url, '--follow', '--format', 'ndjson']);
      await cli.printed(/"id":"5"/);
      await first.kill();
      await cli.printed(/"type":"reconnect"/);
      await startServer(t, kind, first.port);
      await until(
        () => recordsOfType(lines(cli.stdout), 'open').length === 2,
        () => cli.stdout,
      );
      const before = ids(lines(cli.stdout)).length;
      await until(
        () => ids(lines(cli.stdout)).length >= before + 5,
        () => cli.stdout,
      );
      cli.signal('SIGINT');
      const outcome = await cli.ended;
      assert.equal(outcome.code, 130);
      const seen = ids(outcome).map(Number);
      assert.deepEqual(
        seen,
        seen.map((_, index) => index + 1),
      );
      const told = outages(outcome).map(({ lost, repeated }) => ({ lost, repeated }));
      assert.deepEqual(told, [{ lost: 0, repeated: 0 }]);
    });
  });
}

/** What was printed so far, without a line that is still on its way. */
function lines(stdout: string): { stdout: string } {
  return { stdout: stdout.slice(0, stdout.lastIndexOf('\n') + 1) };
}
