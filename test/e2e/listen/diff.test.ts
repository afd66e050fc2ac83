import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { line, recordingFile, temporaryFolder } from '../../recording/recording-files.ts';
import type { Outcome } from '../harness/cli.ts';
import { runCommand } from '../harness/command.ts';
import { rawServer } from '../harness/raw-server.ts';
import { chunk, LAST_CHUNK, streamHead } from '../harness/wire.ts';

const diff = (a: string, b: string, ...flags: string[]) =>
  runCommand(['listen', '--from', a, '--diff', b, ...flags]);

function records({ stdout }: Outcome): Record<string, unknown>[] {
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((each) => JSON.parse(each));
}

const order = (id: number, total: number, t: number) =>
  line.event(JSON.stringify({ id, total }), { n: id, id: `${id}`, event: 'order', t });

const before = [line.open(), order(1, 12.5, 100), order(2, 99, 200), order(3, 7, 300), line.close('eof')];

describe('listen --from A --diff B', { concurrency: 2 }, () => {
  test('says that two are the same: 0', async (t) => {
    const a = recordingFile(t, before);
    const { code, stdout } = await diff(a, a);
    assert.equal(code, 0);
    assert.match(stdout, /^the same 3 events; the same timing, within 50 ms or 20 %\n/);
  });

  test('shows what differs, by path, and exits with 10', async (t) => {
    const after = [line.open(), order(1, 12.6, 100), order(3, 7, 300), order(4, 1, 400), line.close('reset')];
    const { code, stdout, stderr } = await diff(recordingFile(t, before), recordingFile(t, after));
    assert.equal(code, 10);
    assert.equal(stderr, '');
    assert.deepEqual(stdout.split('\n').slice(0, 8), [
      '4 differences: 1 changed, 1 removed, 1 added, 1 in how it was sent; 1 event the same',
      '~ #1  order  id 1  at 0.100s',
      '    data.total  12.5 → 12.6',
      '- #2  order  id 2  at 0.200s',
      '    {"id":2,"total":99}',
      '+ #4  order  id 4  at 0.400s',
      '    {"id":4,"total":1}',
      '~ connection 1: ending  eof → reset',
    ]);
  });

  test('prints a record for each difference, however many, and a summary', async (t) => {
    const many = (total: number) => [
      line.open(),
      ...Array.from({ length: 200 }, (_, at) => order(at + 1, total, at)),
      line.close('eof'),
    ];
    const [a, b] = [recordingFile(t, many(1)), recordingFile(t, many(2))];
    const outcome = await diff(a, b, '--format', 'ndjson');
    assert.equal(outcome.code, 10);
    const all = records(outcome);
    assert.equal(all.length, 201);
    assert.deepEqual(all[0]?.changes, [{ path: 'data.total', a: '1', b: '2' }]);
    const summary = all.at(-1);
    assert.equal(summary?.type, 'diff-summary');
    assert.equal(summary?.exit, 10);
    assert.deepEqual(summary?.counts, { removed: 0, added: 0, changed: 200, moved: 0, repeated: 0 });
    const short = await diff(a, b);
    assert.match(short.stdout, /\n {2}and 188 more differences; --format ndjson prints all\n/);
    assert.ok(short.stdout.split('\n').length < 40);
  });

  test('compares what listen printed as NDJSON, and exits with 0 where only the times differ', async (t) => {
    let waitMs = 0;
    const server = await rawServer(t, async (client) => {
      await client.request();
      await client.write(streamHead.chunked);
      for (const n of [1, 2, 3]) {
        await client.write(chunk(`id: ${n}\ndata: {"n":${n}}\n\n`));
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
      await client.write(LAST_CHUNK);
      client.finish();
    });
    const recorded = async (name: string) => {
      const { stdout } = await runCommand(['listen', server.url, '--format', 'ndjson']);
      const path = join(temporaryFolder(t), name);
      writeFileSync(path, stdout);
      return path;
    };
    waitMs = 20;
    const quick = await recorded('quick.ndjson');
    waitMs = 400;
    const slow = await recorded('slow.ndjson');
    const { code, stdout } = await diff(quick, slow);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^the same 3 events; timing differs: 2 gaps, by up to /);
    assert.match(stdout, /2 of 2 differ by more than 50 ms and 20 %; the largest:/);
  });

  test('leaves out what --diff-ignore names', async (t) => {
    const at = (salt: string) => [
      line.open(),
      line.event(`{"n":1,"at":{"sent":"${salt}"}}`, { id: salt }),
      line.event('text', { n: 2, id: `${salt}2` }),
      line.close('eof'),
    ];
    const [a, b] = [recordingFile(t, at('x')), recordingFile(t, at('y'))];
    const plain = await diff(a, b);
    assert.equal(plain.code, 10);
    assert.match(plain.stdout, /no id of the one comes in the other: --diff-ignore id compares without ids/);
    const ignoring = await diff(a, b, '--diff-ignore', 'id', '--diff-ignore', 'data.at.sent');
    assert.equal(ignoring.code, 0, ignoring.stdout);
    const other = await diff(a, b, '--diff-ignore', 'data.at.sent');
    assert.match(other.stdout, /\n {4}id {2}x → y\n/);
    assert.doesNotMatch(other.stdout, /sent/);
    const wrong = await diff(a, b, '--diff-ignore', 'at.sent');
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /--diff-ignore: "at.sent" is no part of an event/);
  });

  test('tells what --diff-ignore names and no event has, and counts from the end of lists', async (t) => {
    const at = (last: number) => [line.open(), line.event(`{"n":[1,${last}]}`), line.close('eof')];
    const [a, b] = [recordingFile(t, at(1)), recordingFile(t, at(2))];
    const { code, stdout } = await diff(a, b, '--diff-ignore', 'data.n[-1]', '--diff-ignore', 'data.nope');
    assert.equal(code, 0, stdout);
    assert.match(stdout, /note +no event has data\.nope, which is not compared\n$/);
    assert.doesNotMatch(stdout, /has data\.n\[/);
  });

  test('compares numbers of many digits as they are written, and strings of digits as text', async (t) => {
    const [a, b] = [
      '{"id":12345678901234567890,"card":"1234567890123456","at":0.12345678901234567}',
      '{"at":0.12345678901234567, "card":"1234567890123456", "id":12345678901234567891}',
    ].map((data) => recordingFile(t, [line.open(), line.event(data), line.close('eof')]));
    const { code, stdout } = await diff(a ?? '', b ?? '');
    assert.equal(code, 10);
    assert.match(stdout, /\n {4}data\.id {2}12345678901234567890 → 12345678901234567891\n {2}first/);
    assert.equal((await diff(a ?? '', b ?? '', '--diff-ignore', 'data.id')).code, 0);
  });

  test('compares secrets, and masks them', async (t) => {
    const head = (secret: string) => ({
      'content-type': 'text/event-stream',
      'x-api-key': secret,
      location: `/x?token=${secret}`,
    });
    const at = (secret: string) => [line.open({ headers: head(secret) }), line.close('eof')];
    const [a, b] = [recordingFile(t, at('hush1')), recordingFile(t, at('hush2'))];
    for (const format of ['pretty', 'ndjson']) {
      const masked = await diff(a, b, '--format', format);
      assert.equal(masked.code, 10);
      assert.match(masked.stdout, /header x-api-key/);
      assert.match(masked.stdout, /token=•••/);
      assert.doesNotMatch(masked.stdout, /hush/);
      const plain = await diff(a, b, '--format', format, '--show-secrets');
      assert.match(plain.stdout, /hush1/);
      assert.match(plain.stdout, /token=hush2/);
    }
  });

  test('says nothing under -s but by its exit code', async (t) => {
    const [a, b] = [recordingFile(t, before), recordingFile(t, before.slice(0, 2))];
    assert.deepEqual(await diff(a, b, '-s'), { code: 10, stdout: '', stderr: '' });
  });

  test('escapes what a server sent', async (t) => {
    const hostile = [
      line.open(),
      line.event('\x1b[2Jx', { id: '\x9b1', event: 'a\x1bb' }),
      line.close('eof'),
    ];
    const { stdout } = await diff(recordingFile(t, before), recordingFile(t, hostile));
    assert.ok(!/[\x00-\x09\x0b-\x1f\x7f-\x9f]/.test(stdout), JSON.stringify(stdout));
    assert.match(stdout, /␛\[2Jx/);
  });

  test('names the file and the line that is no record: 2', async (t) => {
    const good = recordingFile(t, before);
    const bad = recordingFile(t, `${JSON.stringify(before[0])}\n{"type":"event"}\n`);
    const second = await diff(good, bad);
    assert.equal(second.code, 2);
    assert.match(second.stderr, /--diff \S+: line 2: the record of type "event" has no "data"/);
    const first = await diff(bad, good);
    assert.match(first.stderr, /--from \S+: line 2: /);
    const other = await diff(good, recordingFile(t, 'data: x\n\n'));
    assert.match(other.stderr, /line 1: data: x is not JSON\n.*--from FILE --record NEW\.ndjson/);
    const missing = await diff(good, '/nowhere.ndjson');
    assert.equal(missing.code, 2);
    assert.match(missing.stderr, /--diff \/nowhere\.ndjson: no such file/);
    const empty = await diff(good, recordingFile(t, [{ type: 'summary' }]));
    assert.equal(empty.code, 2);
    assert.match(empty.stderr, /there is no connection in it/);
  });

  test('refuses what has no meaning for it', async (t) => {
    const a = recordingFile(t, before);
    const alone = await runCommand(['listen', '--diff', a]);
    assert.equal(alone.code, 2);
    assert.match(alone.stderr, /compares with the recording of --from, which is missing/);
    assert.match(
      (await diff(a, a, '--grep', 'x')).stderr,
      /--grep: --diff compares two recordings, all of them/,
    );
    assert.equal((await diff(a, a, 'http://127.0.0.1:1/')).code, 2);
    assert.equal((await diff(a, a, '--format', 'data')).code, 2);
    assert.match((await diff(a, a, '--summary')).stderr, /--summary: --diff prints where recordings differ/);
    for (const [from, other] of [
      ['-', a],
      [a, '-'],
    ] as const) {
      const { code, stderr } = await diff(from, other);
      assert.equal(code, 2);
      assert.match(stderr, /-: a comparison reads its files more than once, and standard input comes once/);
    }
    const ignoring = await runCommand(['listen', 'demo:', '-n', '1', '--diff-ignore', 'id']);
    assert.equal(ignoring.code, 2);
    assert.match(ignoring.stderr, /--diff-ignore: it is for a comparison: --diff is missing/);
  });
});
