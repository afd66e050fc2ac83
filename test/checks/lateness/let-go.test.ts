import assert from 'node:assert/strict';
import { createServer, request } from 'node:http';
import { describe, test } from 'node:test';
import { urlToHttpOptions } from 'node:url';
import { isOnlyBeginning, steadyPeriod, watchLetGo } from '../../../src/checks/lateness/let-go.ts';
import { listen } from '../../e2e/harness/listening.ts';
import { startChecking } from '../checking.ts';

const batch = (at: number, lagMs: number) => ({ at, lagMs });

describe('the period of a timer', () => {
  test('is what lies between batches where it runs by itself', () => {
    assert.equal(steadyPeriod([batch(700, 700), batch(2_700, 1_900), batch(4_700, 1_980)]), 2_000);
  });

  test('is how long the first of a batch waited where that starts it', () => {
    assert.equal(steadyPeriod([batch(1_000, 1_000), batch(2_050, 1_000), batch(3_270, 1_000)]), 1_000);
  });

  test('is not known by two batches, nor where they keep to nothing', () => {
    assert.equal(steadyPeriod([batch(700, 700), batch(2_700, 1_900)]), undefined);
    assert.equal(steadyPeriod([batch(700, 700), batch(2_700, 1_900), batch(3_100, 300)]), undefined);
  });
});

describe('an answer that begins late', () => {
  test('is told by what comes at once behind its beginning', () => {
    assert.equal(isOnlyBeginning([batch(2_500, 2_500), batch(2_630, 2), batch(2_800, 1)]), true);
    assert.equal(isOnlyBeginning([batch(2_500, 2_500), batch(2_630, 2)]), false);
    assert.equal(isOnlyBeginning([batch(700, 700), batch(2_700, 1_900), batch(4_700, 1_980)]), false);
    assert.equal(isOnlyBeginning([batch(2, 2), batch(132, 2), batch(302, 2)]), false);
  });
});

describe('what comes into silence', { concurrency: true }, () => {
  const behind = async (
    t: Parameters<typeof startChecking>[0],
    faults: Parameters<typeof startChecking>[1],
  ) => {
    const { proxied, context } = await startChecking(t, faults);
    return watchLetGo(proxied, context);
  };

  test('comes by a timer', async (t) => {
    const seen = await behind(t, { flushEveryMs: 700 });
    assert.ok(seen !== undefined && seen.heldMs > 150 && seen.heldMs < 1_500);
    assert.ok(Math.abs((seen.everyMs ?? 0) - 700) < 100, `every ${seen.everyMs} ms`);
  });

  test('is nothing behind a buffer, and behind nothing', async (t) => {
    const all = await Promise.all([
      behind(t, { bufferBytes: 4_096 }),
      behind(t, { oneBehind: true }),
      behind(t, {}),
    ]);
    assert.deepEqual(all, [undefined, undefined, undefined]);
  });

  test('is no timer where the end of the answer brings it', async (t) => {
    const { proxied, context } = await startChecking(t);
    const giving = createServer((asked, answer) => {
      const from = request({ ...urlToHttpOptions(proxied.request.url), path: asked.url }, (response) => {
        const held: Buffer[] = [];
        response.on('data', (chunk: Buffer) => held.push(chunk));
        answer.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
        // Gives up on silence, with all that it has.
        setTimeout(() => {
          from.destroy();
          answer.end(Buffer.concat(held));
        }, 700);
      });
      from.on('error', () => {}).end();
    });
    const { port } = await listen(t, giving);
    const url = new URL(proxied.request.url);
    url.port = String(port);
    assert.equal(await watchLetGo({ ...proxied, request: { ...proxied.request, url } }, context), undefined);
  });
});
