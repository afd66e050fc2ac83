import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseScenario } from '../../../src/mock/scenario/parse.ts';
import { compileProgram } from '../../../src/mock/scenario/program.ts';
import { lastSeen } from '../../../src/mock/scenario/resume.ts';
import { seededRandom } from '../../../src/stats/random.ts';
import { fakeRequest } from '../templates/scope.ts';
import { ask, askStream, eventsOf, site, stepsOf, told, withStream } from './served.ts';

const resumed = async (stream: string, lastEventId: string, most = 100) =>
  told(await askStream(site(withStream(stream)), { lastEventId, connection: 2 }), most);

describe('a client that comes back', () => {
  test('goes on behind the event that it saw last, waits included', async () => {
    const stream = '- a\n- sleep: 1s\n- b\n- sleep: 2s\n- comment: hm\n- c';
    assert.deepEqual(await resumed(stream, '1'), ['+1000 2 b', '+2000 : hm', '+0 3 c']);
    assert.deepEqual(await resumed(stream, '2'), ['+2000 : hm', '+0 3 c']);
  });

  test('waits the interval before its first event', async () => {
    assert.deepEqual(await resumed('interval: 1s\nsteps: [a, b, c]', '1'), ['+1000 2 b', '+1000 3 c']);
  });

  test('passes over what ended its connection, up to the next event', async () => {
    const stream = '- a\n- fault: stall\n- close: reset\n- b\n- close: cut\n- c';
    assert.deepEqual(await resumed(stream, '1'), ['+0 2 b', '+0 cut', '+0 3 c']);
    assert.deepEqual(await resumed(stream, '2'), ['+0 3 c']);
  });

  test('gets one event more each time where the stream closes behind each', async () => {
    const stream = '- repeat: forever\n  steps: [{sleep: 1s}, "{{n}}", {close: eof}]';
    assert.deepEqual(await resumed(stream, '41', 2), ['+1000 42 42', '+0 eof']);
  });

  test('is told to stop where it has had everything, unless the stream stays open', async () => {
    assert.deepEqual(await ask(site(withStream('- a\n- b\n- close: cut')), { lastEventId: '2' }), {
      kind: 'plain',
      status: 204,
    });
    const held = await askStream(site(withStream('hold: on\nsteps: [a, b]')), { lastEventId: '2' });
    assert.deepEqual(stepsOf(held), []);
    assert.equal(held.hold, true);
  });

  test('finds its place in loops, however far', async () => {
    const stream = `
- first
- repeat: 3
  steps:
    - x{{n}}
    - repeat: 2
      steps: ["y{{n}}"]
    - generate: progress
      count: 2
- repeat: forever
  steps: [{sleep: 1s}, "z{{n}}", "w{{n}}"]
`;
    const whole = await askStream(site(withStream(stream)));
    const all = eventsOf(whole, 60);
    for (const [index, { id = '' }] of all.slice(0, -1).entries()) {
      const rest = eventsOf(await askStream(site(withStream(stream)), { lastEventId: id }), 60);
      assert.deepEqual(
        rest.slice(0, 20),
        [...all.slice(index + 1), ...rest.slice(all.length - index - 1)].slice(0, 20),
      );
      assert.equal(rest[0]?.id, String(Number(id) + 1));
    }
    assert.deepEqual((await resumed(stream, '900000000000001', 2)).slice(0, 1), [
      '+0 900000000000002 w900000000000002',
    ]);
  });

  test('gets generated payloads as they were', async () => {
    const stream =
      '- repeat: forever\n  steps: [{generate: progress, interval: 1s}, {generate: notification, count: 3}]';
    const all = eventsOf(await askStream(site(withStream(stream))), 40);
    const rest = eventsOf(await askStream(site(withStream(stream)), { lastEventId: '17' }), 23);
    const shapes = (events: typeof all) =>
      events.map(({ id, event, data }) => ({
        id,
        event,
        data: { ...JSON.parse(data), timestamp: undefined },
      }));
    assert.deepEqual(shapes(rest), shapes(all.slice(17)));
  });

  test('resumes by ids that were written or drawn', async () => {
    const stream = `
- repeat: forever
  steps:
    - sleep: 1s
    - id: order-{{n}}-{{query.user}}
      data: "{{n}}"
    - id: "{{uuid}}"
      data: "{{n}}"
    - plain
`;
    const parts = { query: 'user=ann' };
    const served = site(withStream(stream), { seed: 5 });
    const all = eventsOf(await askStream(served, parts), 30);
    assert.equal(all[0]?.id, 'order-1-ann');
    for (const index of [0, 1, 2, 7, 12]) {
      const lastEventId = all[index]?.id ?? '';
      const rest = eventsOf(await askStream(served, { ...parts, lastEventId }), 5);
      assert.deepEqual(rest, all.slice(index + 1, index + 6), lastEventId);
    }
  });

  test('is lost with an id that no event has, and the search for it ends', async () => {
    const cases: [stream: string, id: string][] = [
      ['- a\n- b', '3'],
      ['- a\n- b', '01'],
      ['- a\n- b', '0'],
      ['- a\n- b', 'x'],
      ['- repeat: forever\n  steps: [{sleep: 1s}, a]', '9'.repeat(40)],
      ['- repeat: forever\n  steps: [{sleep: 1s}, {id: "o{{n}}"}]', 'o-1'],
      ['- repeat: forever\n  steps: [{sleep: 1s}, {id: "{{now}}"}]', 'x'],
      ['- generate: progress\n  count: forever\n  interval: 1s\n- ', 'x'],
    ];
    for (const [stream, lastEventId] of cases) {
      const text = stream.replace(/\n- $/, '');
      const answer = await askStream(site(withStream(text)), { lastEventId });
      assert.equal(answer.lostId, true, `${lastEventId} in ${text}`);
      const [first] = stepsOf(answer, 1);
      assert.equal(first?.kind, 'event', 'it starts over');
    }
  });

  test('is looked for among the events alone, whatever lies between them', () => {
    const source = parseScenario(
      withStream('- repeat: forever\n  steps: [{id: "k-{{n}}", data: x}, {sleep: 1ms}, {comment: hm}]'),
    );
    assert.ok(!Array.isArray(source));
    const [loop] = source.routes[0]?.stream?.steps ?? [];
    assert.ok(loop?.kind === 'repeat');
    let looks = 0;
    for (const [index, kind] of ['event', 'sleep', 'comment'].entries()) {
      const get = () => {
        if (index > 0) looks += 1;
        return kind;
      };
      Object.defineProperty(loop.steps[index], 'kind', { get });
    }
    const program = compileProgram([loop]);
    const seen = (lastEventId: string) =>
      lastSeen(program, {
        request: fakeRequest({ lastEventId }),
        body: undefined,
        intervalMs: 0,
        jitterMs: 0,
        numbered: true,
        numbersAreIds: true,
        drawsOf: seededRandom,
        clock: () => 0,
      });
    assert.ok(looks > 0, 'it counts');
    looks = 0;
    assert.equal(seen('k-700'), 700);
    assert.equal(seen('k-0'), undefined);
    assert.equal(looks, 0);
  });

  test('starts over without being lost where the stream has no ids, or heeds none', async () => {
    for (const stream of ['ids: off\nsteps: [a, b]', 'resume: off\nsteps: [a, b]']) {
      const answer = await askStream(site(withStream(stream)), { lastEventId: '1' });
      assert.equal(answer.lostId, false);
      assert.equal(eventsOf(answer).length, 2, stream);
    }
  });

  test('resumes by the ids that are there where the stream adds none', async () => {
    const stream = 'ids: off\nsteps: [a, {id: mark, data: b}, c]';
    assert.deepEqual(await resumed(stream, 'mark'), ['+0 - c']);
    assert.deepEqual(await resumed(stream, ''), ['+0 - a', '+0 mark b', '+0 - c']);
  });

  test('is not numbered by events that are marked to have no id', async () => {
    const stream = '- a\n- {id: off, data: aside}\n- b\n- {id: off, data: aside}\n- c';
    assert.deepEqual(await resumed(stream, '1'), ['+0 - aside', '+0 2 b', '+0 - aside', '+0 3 c']);
    assert.deepEqual(await resumed(stream, '2'), ['+0 - aside', '+0 3 c']);
  });

  test('is left to the hub where the stream resumes by what was published', async () => {
    const answer = await askStream(site(withStream('resume: published\nhold: on\nsteps: [a]')), {
      lastEventId: '9-0',
    });
    assert.equal(answer.ids, 'channel');
    assert.equal(answer.lostId, false);
    assert.deepEqual(told(answer), ['+0 - a']);
  });
});
