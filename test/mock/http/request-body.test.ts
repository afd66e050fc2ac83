import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { readBody } from '../../../src/mock/http/request-body.ts';
import { RequestError } from '../../../src/mock/request.ts';

const MINUTE_MS = 60_000;

/** Reads what a client sends, and tells how it ended. */
function reading(maxBytes = 1_000) {
  const client = new PassThrough();
  const told: { outcome?: string | [status: number, message: string, connection: string | undefined] } = {};
  readBody(client, undefined, maxBytes).then(
    (body) => {
      told.outcome = body.toString();
    },
    (error: unknown) => {
      assert.ok(error instanceof RequestError);
      told.outcome = [error.status, error.message, error.headers.connection];
    },
  );
  return { client, told };
}

describe('a body', () => {
  test('is given up when nothing of it comes for a minute', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { told } = reading();
    t.mock.timers.tick(MINUTE_MS - 1);
    await turn();
    assert.equal(told.outcome, undefined);
    t.mock.timers.tick(1);
    await turn();
    assert.deepEqual(told.outcome, [408, 'nothing of the body came for 60 s', 'close']);
  });

  test('may take longer, as long as some of it comes', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { client, told } = reading();
    for (let part = 0; part < 5; part += 1) {
      client.write('x');
      await turn();
      t.mock.timers.tick(MINUTE_MS - 1);
    }
    client.end();
    await turn();
    assert.equal(told.outcome, 'xxxxx');
    t.mock.timers.tick(MINUTE_MS);
    await turn();
    assert.equal(told.outcome, 'xxxxx');
  });

  test('that is too large is refused once, and read no further', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { client, told } = reading(3);
    client.write('1234');
    await turn();
    assert.deepEqual(told.outcome, [413, 'the body is larger than 3 bytes', 'close']);
    assert.equal(client.isPaused(), true);
    t.mock.timers.tick(2 * MINUTE_MS);
    await turn();
    assert.deepEqual(told.outcome, [413, 'the body is larger than 3 bytes', 'close']);
  });

  test('that ends early is not taken for whole', async () => {
    const { client, told } = reading();
    client.write('{"data":');
    client.destroy();
    await turn();
    assert.deepEqual(told.outcome, [400, 'the body ended before it was whole', undefined]);
  });
});
