import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { SseKitError } from '../../src/client/errors.ts';
import { numbered } from '../../src/mock/numbered.ts';
import { type Mock, startMock } from '../../src/mock/start-mock.ts';
import { until } from '../e2e/harness/until.ts';

describe('a mock inside a test', () => {
  let mock: Mock | undefined;
  afterEach(() => mock?.close());

  test('serves the preset that is asked for, and remembers who came', async () => {
    mock = await startMock({ intervalMs: 1, count: 2, data: 'tick {{n}}' });
    const text = await (await fetch(`${mock.url}orders?x=1`, { headers: { 'X-Test': 'yes' } })).text();
    assert.deepEqual(text.match(/^data: .*$/gm), ['data: tick 1', 'data: tick 2']);
    await until(() => mock?.requests[0]?.end !== undefined);
    const { headers, atMs, ...rest } = mock.requests[0] ?? assert.fail('no request');
    assert.equal(headers['x-test'], 'yes');
    assert.ok(atMs > 0);
    assert.deepEqual(rest, {
      method: 'GET',
      target: '/orders?x=1',
      status: 200,
      connection: 1,
      lastEventId: '',
      end: 'eof',
      events: 2,
    });
  });

  test('publishes to the streams that are open', async () => {
    mock = await startMock({ preset: 'quiet' });
    const response = await fetch(mock.url);
    assert.deepEqual(await mock.publish({ event: 'order', data: { id: 7 } }), {
      ids: { global: '1' },
      streams: 1,
    });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.endsWith('\n\n')) text += (await reader?.read())?.value ?? assert.fail('the stream ended');
    assert.match(text, /id: 1\nevent: order\ndata: \{"id":7\}\n\n$/);
    await reader?.cancel();
  });

  test('breaks a connection as it is told', async () => {
    mock = await startMock({ intervalMs: 1, faults: ['conn:1:truncate@2'], count: 3 });
    await assert.rejects(async () => (await fetch(mock?.url ?? '')).text());
    assert.match(await (await fetch(mock.url)).text(), /^id: 3$/m);
  });

  test('answers by a function', async () => {
    mock = await startMock({ handler: numbered((n) => ({ afterMs: 0, event: { data: `${n * n}` } }), 3) });
    assert.match(await (await fetch(mock.url)).text(), /data: 9\n\n$/);
  });

  test('refuses options that can not be, by name', async () => {
    const refused = (options: Parameters<typeof startMock>[0], message: RegExp) =>
      assert.rejects(
        startMock(options),
        (error) => error instanceof SseKitError && message.test(error.message),
      );
    await refused({ preset: 'tickers' }, /^preset: "tickers" is not known/);
    await refused({ faults: ['rest@3'] }, /^faults: /);
    await refused({ preset: 'quiet', scenario: 'x.yaml' }, /one of them can be served/);
    await refused({ scenario: 'no-such-file.yaml' }, /no-such-file\.yaml: can't be read/);
  });
});
