import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { seededRandom } from '../../../src/stats/random.ts';
import { askStream, eventsOf, NOW, site, told, withStream } from './served.ts';

const play = async (
  stream: string,
  parts: Parameters<typeof askStream>[1] = {},
  most = 100,
): Promise<string[]> => told(await askStream(site(withStream(stream)), parts), most);

describe('the steps of a stream', () => {
  test('are sent in order, events with ids from 1', async () => {
    const stream = `
- one
- event: price
  data: {value: 5, user: "{{query.user}}"}
- comment: hello {{query.user}}
- retry: 2s
- data: ""
  id: last
- id: ""
  data:
`;
    assert.deepEqual(await play(stream, { query: 'user=ann' }), [
      '+0 1 one',
      '+0 2 price {"value":5,"user":"ann"}',
      '+0 : hello ann',
      '+0 retry 2000',
      '+0 last ',
      '+0  ',
    ]);
  });

  test('wait for what they sleep, also at the end', async () => {
    assert.deepEqual(await play('- sleep: 1s\n- sleep: 500ms\n- a\n- b\n- sleep: 2s'), [
      '+1500 1 a',
      '+0 2 b',
      '+2000 eof',
    ]);
  });

  test('are an interval apart, but for the first, and where a sleep says otherwise', async () => {
    const stream = 'interval: 1s\nsteps: [a, b, {comment: c}, d, {sleep: 3s}, e, {sleep: 0s}, f, g]';
    assert.deepEqual(await play(stream), [
      '+0 1 a',
      '+1000 2 b',
      '+0 : c',
      '+1000 3 d',
      '+3000 4 e',
      '+0 5 f',
      '+1000 6 g',
    ]);
  });

  test('repeat as often as they are told, and forever', async () => {
    assert.deepEqual(await play('- repeat: 2\n  steps: [a, {repeat: 2, steps: [b]}]\n- c'), [
      '+0 1 a',
      '+0 2 b',
      '+0 3 b',
      '+0 4 a',
      '+0 5 b',
      '+0 6 b',
      '+0 7 c',
    ]);
    const endless = await play('- repeat: forever\n  steps: ["{{n}}", {sleep: 1s}]', {}, 1_000);
    assert.equal(endless.length, 1_000);
    assert.equal(endless[999], '+1000 1000 1000');
  });

  test('generate payloads whose numbers go on, and start a sequence of their own', async () => {
    const stream = `
- hello
- repeat: 3
  steps:
    - generate: progress
      interval: 100ms
    - generate: ai:token
      event: piece
      count: 2
`;
    const events = eventsOf(await askStream(site(withStream(stream))));
    const progress = events.filter(({ event }) => event === 'progress').map(({ data }) => JSON.parse(data));
    const tokens = events.filter(({ event }) => event === 'piece').map(({ data }) => JSON.parse(data));
    assert.deepEqual(
      progress.map(({ taskId, status }) => `${taskId} ${status}`),
      ['task-1 pending', 'task-1 running', 'task-1 running'],
    );
    assert.deepEqual(
      tokens.map(({ token }) => token),
      ['An ', 'event ', 'stream ', 'is ', 'plain ', 'text '],
    );
    assert.deepEqual(
      events.map(({ id }) => id),
      Array.from({ length: 10 }, (_, index) => String(index + 1)),
    );
  });

  test('tell the time at which they are due', async () => {
    const [, second] = eventsOf(await askStream(site(withStream('- a\n- sleep: 90s\n- "{{nowMs}}"'))));
    assert.equal(second?.data, String(NOW + 90_000));
  });

  test('spread their waits under jitter, the same for the same draws', async () => {
    const stream = '- repeat: 50\n  steps: [{jitter: 200ms}, {sleep: 1s}, a]\n- jitter: 0s\n- sleep: 1s\n- b';
    const waits = async (seed: number) =>
      (await play(stream, { random: seededRandom(seed) })).map((line) => Number(line.split(' ')[0]));
    const first = await waits(1);
    assert.ok(first.slice(0, 50).every((ms) => ms >= 800 && ms <= 1_200));
    assert.ok(new Set(first).size > 30);
    assert.equal(first[50], 1_000);
    assert.deepEqual(await waits(1), first);
    assert.notDeepEqual(await waits(2), first);
  });

  test('never wait less than nothing, however wide the jitter', async () => {
    const lines = await play('jitter: 1h\nsteps: [{repeat: 50, steps: [{sleep: 1s}, a]}]');
    assert.ok(lines.every((line) => Number(line.split(' ')[0]) >= 0));
  });

  test('close the stream, and let faults strike on the connection that they name', async () => {
    const stream = '- a\n- fault: conn:2:stall\n- fault: delay=2s\n- close: reset\n- b';
    assert.deepEqual(await play(stream), ['+0 1 a', '+0 fault delay=2s', '+0 reset', '+0 2 b']);
    assert.deepEqual((await play(stream, { connection: 2 })).slice(0, 3), [
      '+0 1 a',
      '+0 fault conn:2:stall',
      '+0 fault delay=2s',
    ]);
  });

  test('send bytes as they are', async () => {
    assert.deepEqual(await play('- raw: "data: a\\rdata: {{query.b}}\\r\\n\\n"', { query: 'b=é' }), [
      '+0 bytes "data: a\\rdata: é\\r\\n\\n"',
    ]);
  });

  test('greet every connection first, without ids or numbers', async () => {
    const stream = `
interval: 1s
greet:
  - generate: connected
  - event: hello
    data: "{{n}} {{connection}}"
  - sleep: 2s
steps: [a, b]
`;
    const lines = await play(stream, { lastEventId: '1', connection: 2 });
    assert.match(lines[0] ?? '', /^\+0 - connected \{"clientId"/);
    assert.deepEqual(lines.slice(1), ['+1000 - hello 0 2', '+2000 2 b']);
  });

  test('draw anew for each event and client, and the same for the same seed', async () => {
    const text = withStream('- "{{uuid}}"\n- "{{uuid}}"\n- generate: notification');
    const datas = async (seed: number, client = 'a', connection = 1) =>
      eventsOf(await askStream(site(text, { seed }), { client, connection })).map(({ data }) => data);
    const first = await datas(1);
    assert.notEqual(first[0], first[1]);
    assert.deepEqual(await datas(1, 'a', 2), first, 'on another connection');
    assert.notDeepEqual(await datas(1, 'b'), first);
    assert.notDeepEqual(await datas(2), first);
  });

  test('take their seed from the file, unless they are given one', () => {
    const text = `seed: 7\n${withStream('- a')}`;
    assert.equal(site(text).seed, 7);
    assert.equal(site(text, { seed: 8, fallbackSeed: 9 }).seed, 8);
    assert.equal(site(withStream('- a'), { fallbackSeed: 9 }).seed, 9);
    assert.equal(site(withStream('- a')).seed, 0);
  });

  test('cost no memory that grows with what they send', async () => {
    const answer = await askStream(site(withStream('- repeat: forever\n  steps: [{sleep: 1ms}, "{{n}}"]')));
    const before = process.memoryUsage().heapUsed;
    for (let count = 0; count < 100_000; count += 1) answer.schedule.next();
    assert.ok(process.memoryUsage().heapUsed - before < 50 * 1024 ** 2);
  });
});
