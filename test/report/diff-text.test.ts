import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Comparison, RecordedEvent, ToldDifference } from '../../src/listen/diff/compare.ts';
import { diffText } from '../../src/report/diff-text.ts';
import { displayWidth } from '../../src/report/display-width.ts';
import { plainPalette } from '../../src/report/palette.ts';
import { noGaps } from './samples.ts';

function aComparison(changes: Partial<Comparison> = {}): Comparison {
  return {
    events: { a: 1204, b: 1204, same: 1204 },
    counts: { changed: 0, removed: 0, added: 0, moved: 0, repeated: 0 },
    connections: [],
    comments: { a: 0, b: 0 },
    timing: {
      a: { firstEvent: 12, gaps: noGaps({ count: 3, max: 300 }) },
      b: { firstEvent: 15, gaps: noGaps({ count: 3, max: 1200 }) },
      gaps: { compared: 3, beyond: 0, largest: [] },
      firstEventDiffers: false,
      tolerance: { ms: 50, share: 0.2 },
    },
    same: true,
    notes: [],
    async *differences() {},
    ...changes,
  };
}

const event = (fields: Partial<RecordedEvent> = {}): RecordedEvent => ({
  event: 'order',
  id: '7',
  data: '{"id":7}',
  n: 7,
  t: 712,
  conn: 1,
  ...fields,
});

function text(
  changes: Partial<Comparison>,
  shown: readonly ToldDifference[] = [],
  columns?: number,
): string[] {
  const comparison = aComparison(changes);
  return diffText({ comparison, shown, palette: plainPalette, columns }).split('\n').slice(0, -1);
}

const counts = { changed: 1, removed: 0, added: 0, moved: 0, repeated: 0 };

describe('a comparison for people', () => {
  it('says first that the same was received, and whether the times differ', () => {
    assert.deepEqual(text({}), [
      'the same 1,204 events; the same timing, within 50 ms or 20 %',
      '  first     event after 12 ms → 15 ms',
      '  gaps      max 300 ms → 1.2 s',
    ]);
    const { timing } = aComparison();
    const largest = [{ a: 57, b: 58, gapA: 100, gapB: 1200 }];
    const slow = text({ timing: { ...timing, gaps: { compared: 1203, beyond: 3, largest } } });
    assert.equal(slow[0], 'the same 1,204 events; timing differs: 3 gaps, by up to 1.1 s');
    assert.deepEqual(slow.slice(-2), [
      '            3 of 1,203 differ by more than 50 ms and 20 %; the largest:',
      '              before #57 → #58: 100 ms → 1.2 s',
    ]);
    assert.equal(
      text({ timing: { ...timing, firstEventDiffers: true } })[0],
      'the same 1,204 events; timing differs: the time to the first event',
    );
  });

  it('counts differences by kind, those of connections and retry too', () => {
    const [verdict, connection] = text(
      {
        same: false,
        counts: { changed: 2, removed: 1, added: 1000, moved: 0, repeated: 3 },
        connections: [{ conn: 1, what: 'status', a: '200' }],
        retries: { a: [], b: [3000, 5000] },
      },
      [],
      80,
    );
    assert.equal(verdict, '1,008 differences: 2 changed, 1 removed, 1,000 added, 3 repeated, 1 in how it');
    assert.equal(connection, 'was sent, retry; 1,204 events the same');
  });

  it('shows both sides of an event where they differ', () => {
    const changes = [
      { path: 'data.price', a: '12.5', b: '12.6' },
      { path: 'data.note', b: '"new"' },
    ];
    const shown: ToldDifference[] = [
      { kind: 'changed', a: event(), b: event({ n: 8, t: 800 }), changes },
      { kind: 'changed', a: event(), b: event({ n: 9 }), changes: [], moved: true },
      { kind: 'moved', a: event({ id: undefined }), b: event({ id: undefined, n: 12 }) },
      { kind: 'repeated', a: event(), of: 3 },
    ];
    assert.deepEqual(text({ same: false, counts: { ...counts, changed: 6 } }, shown).slice(1, -2), [
      '~ #7 → #8  order  id 7  at 0.712s → 0.800s',
      '    data.price  12.5 → 12.6',
      '    data.note  nothing → "new"',
      '~ #7 → #9  order  id 7  at 0.712s  moved and changed',
      '> #7 → #12  order  at 0.712s  moved',
      '- #7  order  id 7  at 0.712s  again, as #3',
      '    {"id":7}',
      '  and 2 more differences; --format ndjson prints all',
    ]);
  });

  it('says how to leave out the one part in which all differ', () => {
    const changed = (path: string): ToldDifference => ({
      kind: 'changed',
      a: event(),
      b: event(),
      changes: [{ path, a: '1', b: '2' }],
    });
    const hints = (...paths: string[]) =>
      text({ same: false, counts: { ...counts, changed: 3 } }, paths.map(changed)).filter((each) =>
        each.includes('--diff-ignore'),
      );
    assert.deepEqual(hints('data.at', 'data.at', 'data.at'), [
      '  only data.at differs in these: --diff-ignore data.at leaves it out',
    ]);
    assert.equal(hints('id', 'id', 'id').length, 1);
    assert.deepEqual(hints('data.at', 'data.at', 'data.b'), []);
    assert.deepEqual(hints('data.at', 'data.at'), []);
    assert.deepEqual(hints('data', 'data', 'data'), []);
  });

  it('shows long texts from shortly before the place where they differ', () => {
    const [a, b] = ['old', 'new'].map((word) => `${'x'.repeat(300)}${word} text`);
    const changes = [{ path: 'data', a: a ?? '', b: b ?? '' }];
    const lines = text({ same: false, counts }, [{ kind: 'changed', a: event(), b: event(), changes }], 80);
    assert.deepEqual(lines.slice(2, 5), [
      '    data',
      '    - …xxxxxxxxxxxxold text',
      '    + …xxxxxxxxxxxxnew text',
    ]);
  });

  it('fits its width and drives no terminal, whatever stands in the recordings', () => {
    const anything = fc.string({
      unit: fc.constantFrom('a', ' ', '\x1b', '\n', '\u202e', '語', '😀', '\ud83d'),
      maxLength: 120,
    });
    const events = fc.record({ event: anything, id: anything, data: anything });
    fc.assert(
      fc.property(
        events,
        events,
        anything,
        fc.integer({ min: 40, max: 120 }),
        (one, other, path, columns) => {
          const [a, b] = [event(one), event({ ...other, n: 9 })];
          const shown: ToldDifference[] = [
            {
              kind: 'changed',
              a,
              b,
              changes: [
                { path, a: a.data, b: b.data },
                { path, a: a.data },
              ],
            },
            { kind: 'removed', a },
            { kind: 'added', b },
            { kind: 'moved', a, b },
          ];
          const connections = [{ conn: 1, what: 'header x', a: one.data, b: other.data }];
          for (const line of text({ same: false, counts, connections, notes: [path] }, shown, columns)) {
            assert.ok(displayWidth(line) <= columns, `${displayWidth(line)} columns: ${line}`);
            assert.doesNotMatch(line, /[\x00-\x1f\x7f-\x9f\u202e]/);
          }
        },
      ),
    );
  });
});
