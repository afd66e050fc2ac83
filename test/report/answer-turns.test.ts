import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { AnswerTurns, type SpokenPiece } from '../../src/report/answer-turns.ts';

const places = [1, 2, 3, 4].map((n) => ({ n, label: `choice ${n - 1}` }));

function said(n: number, text: string, kind: SpokenPiece['kind'] = 'text'): SpokenPiece {
  return { kind, text, answer: places[n - 1] ?? { n, label: '' } };
}

const words = (pieces: readonly SpokenPiece[]) => pieces.map(({ answer, text }) => `${answer.n}:${text}`);

describe('answers side by side', () => {
  test('are told one after the other, the first of them live', () => {
    const turns = new AnswerTurns();
    assert.deepEqual(words(turns.say(said(1, 'a'), 0)), ['1:a']);
    assert.deepEqual(words(turns.say(said(2, 'x'), 1)), []);
    assert.deepEqual(words(turns.say(said(1, 'b'), 2)), ['1:b']);
    assert.deepEqual(words(turns.say(said(2, 'y'), 3)), []);
    assert.deepEqual(words(turns.over({ n: 1, label: '' })), ['2:xy']);
    assert.deepEqual(words(turns.say(said(2, 'z'), 4)), ['2:z']);
  });

  test('that are over go out whole, up to one that goes on', () => {
    const turns = new AnswerTurns();
    turns.say(said(1, 'a'), 0);
    turns.say(said(2, 'x'), 0);
    turns.say(said(3, 'm'), 0);
    turns.say(said(4, 'q'), 0);
    assert.deepEqual(words(turns.over(said(2, '').answer)), []);
    assert.deepEqual(words(turns.over(said(1, '').answer)), ['2:x', '3:m']);
    assert.deepEqual(words(turns.say(said(3, 'n'), 1)), ['3:n']);
    assert.deepEqual(words(turns.all()), ['4:q']);
  });

  test('lose their turn by a second of silence', () => {
    const turns = new AnswerTurns();
    turns.say(said(1, 'a'), 0);
    assert.deepEqual(words(turns.say(said(2, 'x'), 999)), []);
    assert.deepEqual(words(turns.say(said(2, 'y'), 1_000)), ['2:xy']);
    assert.deepEqual(words(turns.say(said(1, 'b'), 1_001)), []);
  });

  test('keep reasoning and text apart while they wait', () => {
    const turns = new AnswerTurns();
    turns.say(said(1, 'a'), 0);
    for (const piece of [said(2, 'h', 'reasoning'), said(2, 'm', 'reasoning'), said(2, 'x')])
      turns.say(piece, 0);
    assert.deepEqual(
      turns.over(said(1, '').answer).map(({ kind, text }) => [kind, text]),
      [
        ['reasoning', 'hm'],
        ['text', 'x'],
      ],
    );
  });

  test('begin anew on another connection', () => {
    const turns = new AnswerTurns();
    turns.say(said(1, 'half'), 0);
    turns.all();
    assert.deepEqual(words(turns.say(said(2, 'x'), 1)), ['2:x']);
  });

  test('do not pile up: who has too much waiting speaks', () => {
    const turns = new AnswerTurns();
    turns.say(said(1, 'a'), 0);
    const large = 'x'.repeat(100_000);
    assert.equal(turns.say(said(2, large), 0).length, 0);
    assert.equal(turns.say(said(2, large), 0).length, 0);
    assert.deepEqual(
      turns.say(said(2, large), 0).map(({ text }) => text.length),
      [300_000],
    );
  });

  test('have room to wait again when one has spoken', () => {
    const turns = new AnswerTurns();
    turns.say(said(1, 'a'), 0);
    for (const n of [2, 3]) {
      assert.deepEqual(turns.say(said(n, 'x'.repeat(200_000)), 0), []);
      assert.equal(turns.over(said(n - 1, '').answer).length, 1);
    }
  });

  test('do not wait by the thousand', () => {
    const turns = new AnswerTurns();
    turns.say(said(1, 'a'), 0);
    let told = 0;
    for (let n = 2; n <= 200; n += 1) told += turns.say(said(n, 'x'), 0).length;
    assert.equal(told, 199 - 128);
  });

  test('lose nothing and keep each in its order', () => {
    const step = fc.record({ n: fc.integer({ min: 1, max: 4 }), wait: fc.nat(700), over: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const turns = new AnswerTurns();
        const wanted = new Map<number, string>();
        const told = new Map<number, string>();
        const note = (pieces: readonly SpokenPiece[]) => {
          for (const { answer, text } of pieces) told.set(answer.n, (told.get(answer.n) ?? '') + text);
        };
        let t = 0;
        for (const [i, { n, wait, over }] of steps.entries()) {
          t += wait;
          wanted.set(n, `${wanted.get(n) ?? ''}${i},`);
          note(turns.say(said(n, `${i},`), t));
          if (over) note(turns.over(said(n, '').answer));
        }
        note(turns.all());
        assert.deepEqual(Object.fromEntries(told), Object.fromEntries(wanted));
      }),
    );
  });
});
