import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { SseKitError } from '../../src/client/errors.ts';
import { numbered } from '../../src/mock/numbered.ts';
import { RequestError } from '../../src/mock/request.ts';
import { type Mock, startMock } from '../../src/mock/start-mock.ts';
import { until } from '../e2e/harness/until.ts';

const ASKED = JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'hi' }] });

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
    await refused({ preset: 'quiet', scenario: 'x.yaml' }, /^scenario and preset: one of them can be served/);
    await refused({ data: '{{nobody}}' }, /^data: /);
    await refused({ scenario: 'no-such-file.yaml' }, /no-such-file\.yaml: can't be read/);
  });

  const nan = Number.NaN;
  const wrong: readonly [options: object, message: RegExp][] = [
    [{ intervalMs: 0 }, /^intervalMs: 0 can't be: it must be a number of milliseconds from 1 to 2147483647$/],
    [{ intervalMs: nan }, /^intervalMs: NaN can't be/],
    [{ intervalMs: -5 }, /^intervalMs: -5 can't be/],
    [{ intervalMs: '5ms' }, /^intervalMs: "5ms" can't be/],
    [{ intervalMs: Infinity }, /^intervalMs: Infinity can't be/],
    [{ count: 0 }, /^count: 0 can't be: it must be a whole number from 1 on$/],
    [{ count: 1.5 }, /^count: 1\.5 can't be/],
    [{ event: 'a\nb' }, /^event: "a\\nb" can't be: it must be text on one line$/],
    [{ data: { n: 1 } }, /^data: an object can't be: it must be text$/],
    [
      { faults: 'reset@3' },
      /^faults: "reset@3" can't be: it must be a list of faults, such as \['conn:1:reset@3'\]$/,
    ],
    [{ faults: [3] }, /^faults: an array can't be/],
    [{ seed: -1 }, /^seed: -1 can't be: it must be a whole number from 0 on$/],
    [{ fixed: 'no' }, /^fixed: "no" can't be: it must be true or false$/],
    [{ heartbeatMs: nan }, /^heartbeatMs: NaN can't be: it must be a number of milliseconds from 0 to/],
    [{ retryMs: 0.5 }, /^retryMs: 0\.5 can't be: it must be a whole number from 0 to 2147483647$/],
    [{ buffer: -1 }, /^buffer: -1 can't be: it must be a whole number from 0 to 10000000$/],
    [{ onLostId: 'foo' }, /^onLostId: "foo" can't be: it must be one of oldest, 204, reset$/],
    [{ token: '' }, /^token: that can't be: it must be text, not empty$/],
    [{ token: 12345 }, /^token: that can't be/],
    [{ maxPerUser: 0 }, /^maxPerUser: 0 can't be: it must be a whole number from 1 on$/],
    [{ host: '' }, /^host: "" can't be: it must be an address/],
    [{ port: 70_000 }, /^port: 70000 can't be: it must be a whole number from 0 to 65535$/],
    [{ preset: null }, /^preset: null can't be: it must be the name of a preset$/],
    [{ scenario: '' }, /^scenario: "" can't be/],
    [{ handler: 'x' }, /^handler: "x" can't be: it must be a function$/],
    [{ interval: 5 }, /^"interval" is no option of a mock$/],
    [{ preset: 'quiet', count: 5 }, /^count: the preset quiet has no use for it$/],
    [{ preset: 'quiet', intervalMs: 5 }, /^intervalMs: the preset quiet has no use for it$/],
    [{ scenario: 'x.yaml', intervalMs: 5 }, /^intervalMs: a scenario says what its events are$/],
    [{ handler: () => undefined, count: 5 }, /^count: the handler says what is sent$/],
  ];
  for (const [options, message] of wrong) {
    test(`refuses what the command refuses: ${Object.keys(options)} in ${message.source}`, async () => {
      await assert.rejects(
        async () => {
          mock = await startMock(options);
        },
        (error) => {
          assert.ok(error instanceof SseKitError, String(error));
          assert.match(error.message, message);
          assert.deepEqual([error.code, error.exitCode], ['USAGE', 2]);
          return true;
        },
      );
    });
  }

  test('takes the least and the most that can be', async () => {
    mock = await startMock({
      intervalMs: 1,
      count: 1,
      event: '',
      seed: 0,
      heartbeatMs: 0,
      retryMs: 0,
      buffer: 0,
    });
    assert.match(await (await fetch(mock.url)).text(), /^id: 1$/m);
  });

  test('keeps a model service’s stream alive where it is asked to', async () => {
    mock = await startMock({ preset: 'openai', heartbeatMs: 1, intervalMs: 50, count: 2, retryMs: 700 });
    const text = await (await fetch(mock.url, { method: 'POST', body: ASKED })).text();
    assert.match(text, /^retry: 700$/m);
    assert.match(text, /^:/m);
  });

  test('rejects what can not be published, and throws nothing', async () => {
    mock = await startMock({ preset: 'quiet' });
    const cyclic: { self?: unknown } = {};
    cyclic.self = cyclic;
    const events: readonly [event: object, message: RegExp][] = [
      [{ data: undefined }, /^data is missing/],
      [{ data: 1n }, /^data: no JSON: .*BigInt/],
      [{ data: cyclic }, /^data: no JSON: .*circular/],
      [{ data: () => {} }, /^data: a function is neither text nor JSON$/],
      [{ data: 'x', event: 'a\nb' }, /^event: "a\\nb" has a line ending/],
      [{ data: 'x', id: 7 }, /^id: must be a string, not a number: write "7"$/],
      [{ data: 'x', channel: 'news' }, /^channel: /],
    ];
    for (const [event, message] of events) {
      let published: Promise<unknown> | undefined;
      assert.doesNotThrow(() => {
        published = mock?.publish(event as { data: unknown });
        published?.catch(() => {});
      });
      await assert.rejects(
        async () => published,
        (error) => error instanceof RequestError && error.status === 400 && message.test(error.message),
        String(message),
      );
    }
    await assert.rejects(mock.publish({ data: 'x' }, ''), /a channel needs a name/);
    await assert.rejects(mock.publish('x' as never), /^RequestError: an event must be an object/);
  });
});
