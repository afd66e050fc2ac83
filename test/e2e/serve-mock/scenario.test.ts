import assert from 'node:assert/strict';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { runCli, startCli } from '../harness/cli.ts';
import { tail } from '../harness/command.ts';
import { startMock } from '../harness/mock.ts';
import { ids, recordsOfType } from '../harness/records.ts';

const folder = mkdtempSync(join(tmpdir(), 'ssekit-scenario-'));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('a wrong scenario', () => {
  const text = 'routes:\n  - path: a\n    stream:\n      - slep: 1s\n      - tick {{nwo}}\n';

  test('ends the command with 2, and each problem on a line that editors understand', async () => {
    const path = file('wrong.yaml', text);
    const { code, stdout, stderr } = await runCli(['serve-mock', path, '--port', '0']);
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.deepEqual(stderr.split('\n').slice(0, 3), [
      `${path}:2:11: path: "a" is no path. It begins with a slash: /events`,
      `${path}:4:9: unknown step "slep". Did you mean sleep?`,
      `${path}:5:14: {{nwo}}: "nwo" names nothing. Did you mean now?`,
    ]);
  });

  test('is told to programs as one record', async () => {
    const path = file('wrong-too.yaml', text);
    const { code, stderr } = await runCli(['serve-mock', path, '--port', '0', '--format', 'ndjson']);
    const record = JSON.parse(stderr);
    assert.deepEqual([code, record.code, record.exit], [2, 'SCENARIO', 2]);
    assert.equal(record.message.split('\n').length, 3);
  });

  test('may be one that was written to harm: it is refused in no time', async () => {
    const bombs = [
      '['.repeat(100_000),
      Array.from({ length: 20 }, (_, i) => `a${i}: &a${i} [${`*a${i - 1},`.repeat(9)}]`)
        .join('\n')
        .replaceAll('*a-1', 'x'),
      'routes:\n  - path: /a\n    stream:\n      - repeat: forever\n        steps: [a]\n',
    ];
    for (const [index, bomb] of bombs.entries()) {
      const outcome = await runCli(['serve-mock', file(`bomb-${index}.yaml`, bomb), '--port', '0']);
      assert.equal(outcome.code, 2, outcome.stderr);
      assert.match(outcome.stderr, /^.*bomb-\d\.yaml:\d+:\d+: /);
    }
  });
});

describe('a scenario that is served', () => {
  test('answers what it has no route for with 404', async (context) => {
    const { url } = await startMock(context, file('one.yaml', 'routes: [{path: /a, stream: [b]}]'));
    const { code, stderr } = await tail(`${url}b`);
    assert.equal(code, 4);
    assert.match(stderr, /no route of the scenario fits GET \/b/);
  });

  test('sends the same for the same seed, whoever says it', async (context) => {
    const routes =
      'routes:\n  - path: /a\n    stream: ["{{uuid}} {{random 1 1000000}}", {generate: activity}]\n';
    const withSeed = file('seed.yaml', `seed: 11\n${routes}`);
    const withoutSeed = file('no-seed.yaml', routes);
    const sent = async (...words: string[]) => {
      const { url } = await startMock(context, ...words);
      const { stdout } = await tail(`${url}a`, '--format', 'data');
      return stdout.replace(/"timestamp":\d+/, '');
    };
    const first = await sent(withSeed);
    assert.equal(await sent(withSeed), first);
    assert.equal(await sent(withoutSeed, '--seed', '11'), first);
    assert.notEqual(await sent(withSeed, '--seed', '12'), first);
  });

  test('does with an id that it never gave what the server was told to do', async (context) => {
    const path = file(
      'ids.yaml',
      'routes:\n  - path: /a\n    stream: [{id: x-{{n}}, data: a}, {id: x-{{n}}, data: b}]\n'.replaceAll(
        'x-{{n}}',
        '"x-{{n}}"',
      ),
    );
    const listen = (url: string, id: string) =>
      tail(`${url}a`, '--last-event-id', id, '--format', 'ndjson', '--comments');
    const { url } = await startMock(context, path);
    assert.deepEqual(ids(await listen(url, 'x-1')), ['x-2']);
    const lost = await listen(url, 'y-1');
    assert.deepEqual(ids(lost), ['x-1', 'x-2']);
    assert.ok(recordsOfType(lost, 'comment').some(({ text }) => /y-1/.test(String(text))));
    const strict = await startMock(context, path, '--on-lost-id', '204');
    assert.equal(recordsOfType(await listen(strict.url, 'y-1'), 'open')[0]?.status, 204);
  });

  test('is taken up anew when its file changes, while open streams go on as they began', async (context) => {
    const scenario = (name: string) =>
      `routes:\n  - path: /a\n    stream:\n      interval: 50ms\n      steps: [{repeat: forever, steps: ["${name} {{n}}"]}]\n`;
    const path = file('live.yaml', scenario('old'));
    const { url, cli } = await startMock(context, path);
    const open = startCli(['listen', `${url}a`, '--format', 'data'], { deadlineMs: 60_000 });
    context.after(() => open.signal('SIGKILL'));
    await open.printed(/old 3\n/);

    writeFileSync(`${path}~`, scenario('new'));
    renameSync(`${path}~`, path);
    await cli.logged(/live\.yaml has changed: new requests get the new version/);
    assert.match((await tail(`${url}a`, '-n', '1', '--format', 'data')).stdout, /^new 1\n/);

    writeFileSync(path, 'routes: [{path: a}]');
    await cli.logged(/live\.yaml:1:17: path: "a" is no path/);
    await cli.logged(/live\.yaml is wrong now: the version before goes on/);
    assert.match((await tail(`${url}a`, '-n', '1', '--format', 'data')).stdout, /^new 1\n/);

    const shown = open.stdout.split('\n').length;
    await open.printed(new RegExp(`old ${shown + 5}\n`));
    assert.doesNotMatch(open.stdout, /new/);
  });
});
