import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answerRows } from '../../../src/report/sections/answers.ts';
import type { AnswerFigures } from '../../../src/results/sections.ts';

function anAnswer(changes: Partial<AnswerFigures> = {}): AnswerFigures {
  return {
    n: 1,
    format: 'openai',
    chunks: 3,
    characters: 9,
    reasoningCharacters: 0,
    toolCalls: [],
    ...changes,
  };
}

describe('what is said of answers', () => {
  it('is nothing where none was joined', () => {
    assert.deepEqual(answerRows({}), []);
  });

  it('is its speed, its beginning, its longest wait and its end', () => {
    const answer = anAnswer({
      ttft: 312,
      ttftAnswer: 1_200,
      reasoningCharacters: 40,
      duration: 4_200,
      tokens: 312,
      perSecond: 312 / 4.2,
      longestStall: 480,
      finishReason: 'stop',
      usage: { input: 1_200, output: 312, reasoning: 100 },
      toolCalls: [{ name: 'get_weather', arguments: '{"city":"Oslo"}' }],
      complete: true,
    });
    assert.deepEqual(answerRows({ answers: [answer] }), [
      ['answer', 'openai · 312 tokens in 4.2 s · 74.3 tokens/s'],
      ['ttft', '312 ms (reasoning), 1.2 s (answer)'],
      ['stall', '480 ms'],
      ['finish', 'stop'],
      ['usage', '1,200 tokens in · 312 out, 100 of them reasoning'],
      ['tool', 'get_weather({"city":"Oslo"})'],
    ]);
  });

  it('calls chunks what may be no tokens', () => {
    const [row] = answerRows({ answers: [anAnswer({ chunks: 1, duration: 0 })] });
    assert.deepEqual(row, ['answer', 'openai · 1 chunk in 0 ms']);
    const [none] = answerRows({ answers: [anAnswer({ chunks: 0 })] });
    assert.deepEqual(none, ['answer', 'openai · nothing of it came']);
    const [many] = answerRows({ answers: [anAnswer({ duration: 1_500, perSecond: 2 })] });
    assert.deepEqual(many, ['answer', 'openai · 3 chunks in 1.5 s · 2 chunks/s']);
  });

  it('says what some reasons mean', () => {
    const ends = (changes: Partial<AnswerFigures>) =>
      answerRows({ answers: [anAnswer(changes)] }).find(([label]) => label === 'finish')?.[1];
    assert.equal(ends({ finishReason: 'length' }), 'length: cut at the limit of tokens');
    assert.equal(ends({ finishReason: 'content_filter' }), 'content_filter: a filter stopped it');
    assert.equal(ends({ finishReason: 'stop', refused: true }), 'stop: the model refused');
    assert.equal(ends({ finishReason: 'constructor' }), 'constructor');
    assert.equal(ends({ finishReason: 'stop', complete: false }), 'stop, but it was not complete');
    assert.equal(ends({ complete: false }), 'none: it was not complete');
    assert.equal(ends({ complete: true }), undefined);
    assert.equal(ends({}), undefined);
  });

  it('tells several apart, with what is wrong with each; that of the only one is in the verdict', () => {
    const problem = 'the answer has no finish reason';
    assert.deepEqual(answerRows({ answers: [anAnswer({ problem })] }).length, 1);
    const answers = [anAnswer(), anAnswer({ n: 2, label: 'choice 1', problem })];
    assert.deepEqual(answerRows({ answers }), [
      ['answer', '1 · openai · 3 chunks in 0 ms'],
      ['answer', '2 (choice 1) · openai · 3 chunks in 0 ms'],
      ['problem', problem],
    ]);
  });

  it('stays about one screen, and counts the rest', () => {
    const answers = Array.from({ length: 100 }, (_, i) => anAnswer({ n: i + 1_001 }));
    const rows = answerRows({ answers });
    assert.deepEqual(rows[0], ['answers', '1,096 before these']);
    assert.equal(rows.length, 5);
    const toolCalls = Array.from({ length: 9 }, (_, i) => ({ name: `t${i}`, arguments: '' }));
    assert.deepEqual(answerRows({ answers: [anAnswer({ toolCalls })] }).at(-1), ['', 'and 4 further calls']);
  });

  it('escapes what a server sent', () => {
    const evil = '\x1b[2J\n';
    const answer = anAnswer({
      n: 2,
      label: evil,
      finishReason: evil,
      problem: evil,
      toolCalls: [{ name: evil, arguments: evil }],
    });
    assert.doesNotMatch(JSON.stringify(answerRows({ answers: [answer] })), /\\u001b|\\n/);
  });
});
