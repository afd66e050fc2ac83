import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { type CompareOptions, compareRecordings } from '../../../src/listen/diff/compare.ts';
import { findCompared } from '../../../src/listen/diff/run-reader.ts';
import { line, recordingFile } from '../../recording/recording-files.ts';

type Content = string | Uint8Array | readonly object[];

async function compare(t: TestContext, a: Content, b: Content, options: CompareOptions = {}) {
  const files = {
    a: await findCompared(recordingFile(t, a), 'a'),
    b: await findCompared(recordingFile(t, b), 'b'),
  };
  const comparison = await compareRecordings(files, options);
  const told = [];
  for await (const each of comparison.differences()) told.push(each);
  return { comparison, told };
}

/** A connection with these events, so far apart. */
function run(data: readonly string[], { gapMs = 100, head = {}, reason = 'eof' } = {}) {
  return [
    line.open({ t: 10, timing: { headers: 10 }, ...head }),
    ...data.map((each, at) => line.event(each, { t: 10 + (at + 1) * gapMs, n: at + 1, id: `${each}` })),
    line.close(reason, { t: 10 + (data.length + 1) * gapMs }),
  ];
}

const words = (count: number) => Array.from({ length: count }, (_, at) => `e${at}`);

describe('two recordings', () => {
  test('are the same as themselves, times too', async (t) => {
    const { comparison, told } = await compare(t, run(words(5)), run(words(5)));
    assert.equal(comparison.same, true);
    assert.deepEqual(told, []);
    assert.deepEqual(comparison.events, { a: 5, b: 5, same: 5 });
    assert.deepEqual([comparison.timing.gaps.compared, comparison.timing.gaps.beyond], [4, 0]);
    assert.equal(comparison.timing.a.firstEvent, 110);
  });

  test('are the same whatever their times, which are told beyond 50 ms and 20 %', async (t) => {
    const slow = run(words(4), { gapMs: 160 });
    const { comparison } = await compare(t, run(words(4)), slow);
    assert.equal(comparison.same, true);
    assert.deepEqual([comparison.timing.gaps.compared, comparison.timing.gaps.beyond], [3, 3]);
    assert.deepEqual(comparison.timing.gaps.largest[0], { a: 2, b: 2, gapA: 100, gapB: 160 });
    const within = await compare(t, run(words(4), { gapMs: 1000 }), run(words(4), { gapMs: 1200 }));
    assert.equal(within.comparison.timing.gaps.beyond, 0);
  });

  test('tell differences behind and before what they have in common', async (t) => {
    const a = words(40);
    const b = [...a.slice(0, 10), 'new', ...a.slice(11, 30), ...a.slice(31), 'e3'];
    const { comparison, told } = await compare(t, run(a), run(b));
    assert.equal(comparison.same, false);
    assert.deepEqual(
      told.map(({ kind, a: one, b: other, of }) => [kind, one?.n, other?.n, of]),
      [
        ['removed', 11, undefined, undefined],
        ['added', undefined, 11, undefined],
        ['removed', 31, undefined, undefined],
        ['repeated', undefined, 40, 4],
      ],
    );
    assert.equal(comparison.events.same, 38);
  });

  test('are compared by decoded events where only bytes were kept, compressed or not', async (t) => {
    const body = 'retry: 500\n: hi\nid: e0\ndata: e0\n\nid: e1\ndata: e1\n\n';
    const [first, second] = [body.slice(0, 30), body.slice(30)];
    const chunks = [
      line.open(),
      line.chunk(first, { t: 5 }),
      line.chunk(second, { t: 9 }),
      line.close('eof'),
    ];
    const coded = gzipSync(body);
    const gzip = [
      line.open({ headers: { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' } }),
      line.chunk(coded.subarray(0, 25), { t: 5, enc: 'gzip' }),
      line.chunk(coded.subarray(25), { t: 9, enc: 'gzip' }),
      line.close('eof'),
    ];
    const lines = [line.open(), { type: 'retry', conn: 1, t: 1, ms: 500 }, ...run(['e0', 'e1']).slice(1)];
    assert.equal((await compare(t, chunks, lines)).comparison.same, true);
    const { comparison } = await compare(t, chunks, gzip);
    assert.deepEqual(
      comparison.connections.map(({ what }) => what),
      ['header content-encoding'],
    );
    assert.deepEqual(comparison.events, { a: 2, b: 2, same: 2 });
    assert.deepEqual(comparison.comments, { a: 1, b: 1 });
  });

  test('take the events that a run took where both were written down', async (t) => {
    const body = 'id: e0\ndata: e0\n\nid: e1\ndata: e1\n\n';
    // The run was left after its first event, and the read held two.
    const left = [
      line.open(),
      line.chunk(body, { t: 5 }),
      line.event('e0', { t: 5, id: 'e0' }),
      line.close('client', { by: 'max' }),
    ];
    assert.equal((await compare(t, left, run(['e0']))).comparison.events.a, 1);
  });

  test('are decoded also where comments and retries were written down beside the bytes', async (t) => {
    const bytes = [
      line.open(),
      line.chunk('retry: 500\n: hi\nid: e0\ndata: e0\n\n', { t: 5 }),
      { type: 'retry', conn: 1, t: 5, ms: 500 },
      { type: 'comment', conn: 1, t: 5, text: 'hi' },
      line.close('eof'),
    ];
    const { comparison } = await compare(t, bytes, bytes);
    assert.equal(comparison.events.a, 1);
    assert.equal(comparison.comments.a, 1);
    const withEvent = [...bytes.slice(0, 4), line.event('e0', { t: 5, id: 'e0' }), line.close('eof')];
    const both = await compare(t, bytes, withEvent);
    assert.equal(both.comparison.same, true);
    assert.deepEqual(both.comparison.comments, { a: 1, b: 1 });
  });

  test('may hold bytes that cannot be decoded, which is said', async (t) => {
    const head = { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' };
    const damaged = [line.open({ headers: head }), line.chunk('no gzip at all'), line.close('protocol')];
    const { comparison } = await compare(t, damaged, run(['e0'], { head: { headers: head } }));
    assert.match(
      comparison.notes.join(),
      /^a: connection 1 can't be read to its end: the gzip data is damaged/,
    );
    const unknown = [line.open({ headers: { ...head, 'content-encoding': 'zz' } }), line.chunk('x')];
    assert.match((await compare(t, unknown, unknown)).comparison.notes.join(), /encoded as "zz"/);
  });

  test('differ in their connections: number, status, headers that stay, endings', async (t) => {
    const headers = (fields: object) => ({
      head: { headers: { 'content-type': 'text/event-stream', date: 'now', 'x-request-id': '1', ...fields } },
    });
    const a = run(['e0'], headers({ 'cache-control': 'no-cache', age: '3' }));
    const b = [
      ...run(['e0'], { ...headers({ date: 'then', 'x-request-id': '2', server: 's' }), reason: 'reset' }),
      line.open({ conn: 2, status: 204 }),
      line.close('no_content', { conn: 2 }),
    ];
    const { comparison } = await compare(t, a, b);
    assert.deepEqual(comparison.connections, [
      { what: 'connections', a: '1', b: '2' },
      { conn: 1, what: 'header cache-control', a: 'no-cache' },
      { conn: 1, what: 'header age', a: '3' },
      { conn: 1, what: 'header server', b: 's' },
      { conn: 1, what: 'ending', a: 'eof', b: 'reset' },
    ]);
    const status = await compare(t, run([], { head: { status: 503 } }), run([], { head: { status: 200 } }));
    assert.deepEqual(status.comparison.connections, [{ conn: 1, what: 'status', a: '503', b: '200' }]);
    const headless = [line.event('e0', { id: 'e0' }), line.close('eof')];
    assert.equal((await compare(t, run(['e0']), headless)).comparison.same, true);
    const refused = await compare(t, run(['e0']), [line.close('connect_error')]);
    assert.deepEqual(refused.comparison.connections, [
      { conn: 1, what: 'ending', a: 'eof', b: 'connect_error' },
    ]);
  });

  test('do not differ in an ending that the recorder made', async (t) => {
    const { comparison } = await compare(t, run(['e0'], { reason: 'client' }), run(['e0']));
    assert.equal(comparison.same, true);
    const cut = run(['e0']).slice(0, -1);
    assert.equal((await compare(t, cut, run(['e0']))).comparison.same, true);
  });

  test('beyond the limit are compared as far as both are known', async (t) => {
    const a = words(60);
    const b = a.filter((each) => each !== 'e5');
    const { comparison, told } = await compare(t, run(a), run(b), { mostEvents: 20 });
    assert.deepEqual(
      told.map(({ kind, a: one }) => [kind, one?.n]),
      [['removed', 6]],
    );
    assert.deepEqual(comparison.notes, [
      'only the first 25 events of the one and 24 of the other are compared',
    ]);
    assert.deepEqual(comparison.events, { a: 60, b: 59, same: 24 });
  });

  test('that were put together, or cut off, are read as one run', async (t) => {
    const twice = [...run(words(3)), ...run(words(3))].map((each) => `${JSON.stringify(each)}\n`).join('');
    const cut = `${twice}{"type":"eve`;
    const { comparison } = await compare(t, twice, cut);
    assert.equal(comparison.same, true);
    assert.equal(comparison.events.a, 6);
    assert.match(comparison.notes.join(), /^b: line 11, the last, was cut off/);
  });

  test('may have any number of connections without an end', async (t) => {
    const open = Array.from({ length: 200 }, (_, at) => [
      line.open({ conn: at + 1, headers: { 'content-type': 'text/event-stream', 'content-encoding': 'zz' } }),
      line.chunk('data: x\n\n', { conn: at + 1 }),
    ]).flat();
    const { comparison } = await compare(t, open, open);
    assert.equal(comparison.same, true);
    assert.equal(comparison.notes.length, 20);
  });

  test('are compared right however many differences there are', async (t) => {
    const edits = fc.array(fc.constantFrom('keep', 'keep', 'keep', 'remove', 'insert'), {
      minLength: 1,
      maxLength: 300,
    });
    await fc.assert(
      fc.asyncProperty(edits, async (all) => {
        const a = words(all.length);
        const b = a.flatMap((each, at) => {
          if (all[at] === 'remove') return [];
          return all[at] === 'insert' ? [`new${at}`, each] : [each];
        });
        const { told } = await compare(t, run(a), run(b));
        const found = told.map(({ kind, a: one, b: other }) => `${kind} ${(one ?? other)?.data}`);
        const expected = all.flatMap((edit, at) =>
          edit === 'remove' ? `removed e${at}` : edit === 'insert' ? `added new${at}` : [],
        );
        assert.deepEqual(found.sort(), expected.sort());
      }),
      { numRuns: 30 },
    );
  });
});
