import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { certificates } from '../harness/certificates.ts';
import { runCommand } from '../harness/command.ts';
import { openHttp2Stream } from '../harness/http2-frames.ts';
import type { RawConnection } from '../harness/raw-connection.ts';
import { rawServer } from '../harness/raw-server.ts';

const EVENT = 'id: 1\ndata: one\n\n';

/** Runs `listen` against a server that opens a stream over HTTP/2 and TLS, sends an event and then does this. */
async function tail(t: Parameters<typeof rawServer>[0], end: (client: RawConnection) => void) {
  const { leaf } = await certificates();
  const server = await rawServer(
    t,
    async (client) => {
      await openHttp2Stream(client, EVENT);
      end(client);
      await client.left();
    },
    { tls: { ...leaf, ALPNProtocols: ['h2'] } },
  );
  return runCommand(['listen', server.url, '-k', '--format', 'ndjson']);
}

describe('listen, by how a connection ends under an HTTP/2 stream over TLS', () => {
  test('an end in order is a transfer cut short: 18', async (t) => {
    const outcome = await tail(t, (client) => client.finish());
    assert.equal(outcome.code, 18, outcome.stderr);
    assert.match(outcome.stdout, /"reason":"truncated"/);
  });

  test('a reset together with data is a reset: 56', async (t) => {
    const outcome = await tail(t, (client) => client.reset());
    assert.equal(outcome.code, 56, outcome.stderr);
    assert.match(outcome.stdout, /"reason":"reset"/);
  });
});
