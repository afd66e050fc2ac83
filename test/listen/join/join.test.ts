import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SseKitError } from '../../../src/client/errors.ts';
import { Join } from '../../../src/listen/join/join.ts';
import { failed, type RunEnd } from '../../../src/listen/outcome.ts';
import { chunk, JoinedRun, token } from './joined-run.ts';

const NAMED = { kind: 'format', name: 'openai' } as const;

describe('the figures of an answer', () => {
  test('run from the request to the first piece, and from there to the last', () => {
    const run = new JoinedRun();
    const thought = {
      object: 'chat.completion.chunk',
      choices: [{ index: 0, delta: { reasoning_content: 'Hm' } }],
    };
    run.event(150, chunk('')).event(400, thought).event(600, chunk('One')).event(1_400, chunk(' two'));
    run.event(1_500, chunk('', 'stop'));
    run.event(1_500, {
      object: 'chat.completion.chunk',
      choices: [],
      usage: { prompt_tokens: 4, completion_tokens: 50 },
    });
    run.event(1_500, '[DONE]');
    assert.deepEqual(run.end(), { exitCode: 0, failure: undefined });
    assert.deepEqual(run.answers, [
      {
        n: 1,
        format: 'openai',
        ttft: 300,
        ttftAnswer: 500,
        duration: 1_000,
        chunks: 3,
        tokens: 50,
        perSecond: 49,
        longestStall: 800,
        characters: 7,
        reasoningCharacters: 2,
        finishReason: 'stop',
        usage: { input: 4, output: 50 },
        toolCalls: [],
        complete: true,
      },
    ]);
  });

  test('count chunks where no tokens are told', () => {
    const run = new JoinedRun();
    run.event(200, chunk('a')).event(700, chunk('b')).event(1_200, chunk('c', 'stop')).event(1_200, '[DONE]');
    const [answer] = run.answers;
    assert.deepEqual([answer?.tokens, answer?.chunks, answer?.perSecond], [undefined, 3, 2]);
  });

  test('have a rate of the intervals between the pieces, and none that rests on too little', () => {
    const rate = (...times: number[]) => {
      const run = new JoinedRun();
      for (const t of times) run.event(t, chunk('a'));
      return run.answers[0]?.perSecond;
    };
    assert.equal(rate(200, 1_200, 2_200), 1);
    assert.equal(rate(200, 1_200), undefined);
    // Two reads, of several events each.
    assert.equal(rate(200, 200, 200, 1_200, 1_200), undefined);
    assert.equal(rate(200, 210, 220, 299), undefined);
    assert.equal(rate(200, 250, 300), 20);
  });

  test('have no rate where one token was told, or none beside those of reasoning', () => {
    const run = new JoinedRun().event(200, chunk('a')).event(300, chunk('b')).event(400, chunk('c', 'stop'));
    run.event(400, { object: 'chat.completion.chunk', choices: [], usage: { completion_tokens: 1 } });
    assert.equal(run.answers[0]?.perSecond, undefined);
  });

  test('take tokens of reasoning that is not shown out of the rate: it was over before the first text', () => {
    const run = new JoinedRun().sample('openai-hidden-reasoning.sse', 200, 50);
    const [answer] = run.answers;
    assert.equal(answer?.tokens, 60);
    assert.equal(answer?.perSecond, (60 - 51 - 1) / 0.1);
  });

  test('begin with a tool where nothing else comes, and have its calls', () => {
    const run = new JoinedRun().sample('openai-tools.sse');
    const [answer] = run.answers;
    assert.equal(answer?.ttft, 100);
    assert.deepEqual(answer?.toolCalls, [
      { name: 'get_weather', arguments: '{"city":"Oslo"}' },
      { name: 'get_time', arguments: '{"zone":"Europe/Oslo"}' },
    ]);
    assert.deepEqual(
      run.pieces.flatMap((piece) => (piece.kind === 'tool' ? [`${piece.name}${piece.arguments}`] : [])),
      ['get_weather{"city":"Oslo"}', 'get_time{"zone":"Europe/Oslo"}'],
    );
  });

  test('are kept apart for each choice, with the usage of all on the first', () => {
    const run = new JoinedRun().sample('openai-choices.sse');
    assert.deepEqual(
      run.answers.map(({ n, label, characters, finishReason, tokens, usage }) => ({
        n,
        label,
        characters,
        finishReason,
        tokens,
        usage,
      })),
      [
        {
          n: 1,
          label: undefined,
          characters: 9,
          finishReason: 'stop',
          tokens: undefined,
          usage: { input: 11, output: 9, reasoning: 0 },
        },
        { n: 2, label: 'choice 1', characters: 7, finishReason: 'stop', tokens: undefined, usage: undefined },
      ],
    );
  });

  test('are kept apart for each message, and only the first of a connection was waited for since the request', () => {
    const run = new JoinedRun().sample('ai-token.sse');
    assert.deepEqual(run.end(), { exitCode: 0, failure: undefined });
    assert.deepEqual(
      run.answers.map(({ label, characters, complete, ttft }) => ({ label, characters, complete, ttft })),
      [
        { label: 'm-1', characters: 8, complete: true, ttft: 110 },
        { label: 'm-2', characters: 7, complete: true, ttft: undefined },
      ],
    );
  });

  test('tell a refusal, and a filter', () => {
    assert.equal(new JoinedRun().sample('openai-refusal.sse').answers[0]?.refused, true);
    assert.equal(new JoinedRun().sample('azure.sse').answers[0]?.finishReason, 'content_filter');
  });

  test('are bounded, whatever a server sends', () => {
    const run = new JoinedRun();
    for (let n = 0; n < 500; n += 1) run.event(200 + n, token(`m-${n}`, 'x'), 'ai:token');
    assert.equal(run.answers.length, 100);
    assert.equal(run.answers.at(-1)?.n, 500);
    const calls = new JoinedRun();
    const long = 'x'.repeat(20_000);
    for (let index = 0; index < 300; index += 1) {
      const tool_calls = [{ index, function: { name: long, arguments: long } }];
      calls.event(200, { object: 'chat.completion.chunk', choices: [{ index: 0, delta: { tool_calls } }] });
    }
    const [answer] = calls.answers;
    assert.equal(answer?.toolCalls.length, 50);
    assert.equal(answer?.toolCalls[0]?.arguments.length, 4_000);
    assert.equal(answer?.toolCalls[0]?.name.length, 200);
    const all = answer?.toolCalls.reduce((sum, call) => sum + call.arguments.length, 0) ?? 0;
    assert.ok(all <= 40_000 + 50, `${all} characters`);
  });
});

describe('what an answer does to the run', () => {
  const codeOf = (run: JoinedRun, end: Parameters<JoinedRun['end']>[0] = {}) => {
    const { exitCode, failure } = run.end(end);
    return [exitCode, failure?.code];
  };

  test('nothing, where it is whole, even where a limit or a filter ended it', () => {
    for (const sample of [
      'openai.sse',
      'completions.sse',
      'azure.sse',
      'openai-responses-incomplete.sse',
      'gemini.sse',
      'gemini-blocked.sse',
      'anthropic-refusal.sse',
    ]) {
      assert.deepEqual(codeOf(new JoinedRun().sample(sample)), [0, undefined], sample);
    }
  });

  test('an error in mid-stream fails it', () => {
    for (const sample of [
      'openai-error.sse',
      'openrouter.sse',
      'vllm-error.sse',
      'openai-responses-error.sse',
      'openai-responses-failed.sse',
      'anthropic-overloaded.sse',
      'gemini-error.sse',
      'ai-token-error.sse',
    ]) {
      const run = new JoinedRun().sample(sample);
      assert.deepEqual(codeOf(run), [18, 'ANSWER_ERROR'], sample);
      assert.match(run.answers[0]?.problem ?? '', /^the service failed in mid-answer: /);
    }
  });

  test('an end without the word for it fails it', () => {
    const run = new JoinedRun().event(200, chunk('a')).event(210, chunk('', 'stop'));
    const { failure } = run.end();
    assert.equal(failure?.code, 'ANSWER_UNFINISHED');
    assert.equal(
      failure?.message,
      'the answer came without the closing [DONE], though with its finish reason',
    );
    const cut = new JoinedRun().event(200, chunk('a')).end().failure;
    assert.equal(cut?.message, 'the answer was cut short: it ended without the closing [DONE]');
  });

  test('an answer that nothing came of fails it too', () => {
    const start = { type: 'message_start', message: { id: 'm', usage: { input_tokens: 1 } } };
    assert.deepEqual(codeOf(new JoinedRun().event(200, start, 'message_start')), [18, 'ANSWER_UNFINISHED']);
  });

  test('an answer without a reason fails it', () => {
    const { failure } = new JoinedRun().event(200, chunk('a')).event(210, '[DONE]').end();
    assert.equal(failure?.message, 'the answer has no finish reason');
  });

  test('one that we left unfinished does not', () => {
    for (const by of ['max', 'until', 'for', 'expect'] as const) {
      assert.deepEqual(codeOf(new JoinedRun().event(200, chunk('a')), { by }), [0, undefined], by);
    }
    const interrupted = { exitCode: 130, failure: undefined };
    assert.deepEqual(codeOf(new JoinedRun().event(200, chunk('a')), { by: 'signal', outcome: interrupted }), [
      130,
      undefined,
    ]);
  });

  test('an error counts when we left after it, unless it was what we waited for', () => {
    assert.deepEqual(codeOf(new JoinedRun().sample('openai-error.sse'), { by: 'for' }), [18, 'ANSWER_ERROR']);
    assert.deepEqual(codeOf(new JoinedRun().sample('openai-error.sse'), { by: 'max' }), [18, 'ANSWER_ERROR']);
    assert.deepEqual(codeOf(new JoinedRun().sample('openai-error.sse'), { by: 'until' }), [0, undefined]);
  });

  test('a failure of the transport, or of an expectation, stays what it is', () => {
    for (const [code, exit] of [
      ['ECONNRESET', 56],
      ['TRUNCATED', 18],
      ['EXPECTATION', 10],
    ] as const) {
      const outcome = failed(new SseKitError(code, exit, 'x'));
      assert.deepEqual(codeOf(new JoinedRun().sample('openai-error.sse'), { reason: 'reset', outcome }), [
        exit,
        code,
      ]);
    }
  });

  test('it says why what was awaited did not come', () => {
    const outcome = failed(new SseKitError('UNTIL_UNMATCHED', 18, 'x'));
    assert.deepEqual(codeOf(new JoinedRun().sample('openai-error.sse'), { outcome }), [18, 'ANSWER_ERROR']);
    const cut = new JoinedRun().event(200, chunk('a'));
    assert.deepEqual(codeOf(cut, { outcome }), [18, 'UNTIL_UNMATCHED']);
  });

  test('no answer at all fails it where a format was named, with the one that is there', () => {
    const { failure } = new JoinedRun(NAMED).sample('anthropic.sse').end();
    assert.equal(failure?.code, 'ANSWER_MISSING');
    assert.equal(failure?.hint, 'it looks like anthropic: --join anthropic, or auto');
    const empty = new JoinedRun().event(200, '[DONE]').end().failure;
    assert.equal(empty?.message, 'no event had an answer, though they are openai');
    const path = new JoinedRun({ kind: 'path', path: 'a.b' }).event(200, { a: 1 }).end().failure;
    assert.equal(path?.message, 'no event had an answer for --join a.b');
  });
});

describe('the end of an answer that the filters hide', () => {
  test('is its end, and the reason in it its reason', () => {
    const run = new JoinedRun().event(200, chunk('a')).hiddenEvent(300, chunk('', 'stop'));
    run.hiddenEvent(300, '[DONE]');
    assert.deepEqual(run.end(), { exitCode: 0, failure: undefined });
    const [answer] = run.answers;
    assert.deepEqual([answer?.complete, answer?.finishReason], [true, 'stop']);
  });

  test('may be hidden in part', () => {
    const reason = new JoinedRun().event(200, chunk('a')).hiddenEvent(300, chunk('', 'stop'));
    assert.equal(reason.event(300, '[DONE]').end().failure, undefined);
    const done = new JoinedRun().event(200, chunk('a', 'stop')).hiddenEvent(300, '[DONE]');
    assert.equal(done.end().failure, undefined);
  });

  test('is missed where no event has it', () => {
    const run = new JoinedRun().event(200, chunk('a')).hiddenEvent(300, chunk('b'));
    assert.match(run.end().failure?.message ?? '', /cut short: it ended without the closing \[DONE\]/);
    assert.equal(run.text, 'a');
  });

  test('is none of an answer that begins behind it', () => {
    const run = new JoinedRun(NAMED).hiddenEvent(200, '[DONE]').event(300, chunk('a'));
    assert.match(run.end().failure?.message ?? '', /cut short/);
  });

  test('is that of the message that it names, where there are several', () => {
    const hidden = token('m-2', '', true);
    const run = new JoinedRun()
      .event(200, token('m-1', 'a'), 'ai:token')
      .hiddenEvent(300, hidden, 'ai:token');
    assert.match(run.end().failure?.message ?? '', /cut short/);
    const own = new JoinedRun().event(200, token('m-1', 'a'), 'ai:token');
    assert.equal(own.hiddenEvent(300, token('m-1', '', true), 'ai:token').end().failure, undefined);
  });

  test('counts on the connection that goes on with it, too', () => {
    const run = new JoinedRun().event(200, chunk('a')).reconnect();
    run.hiddenEvent(300, chunk('', 'stop')).hiddenEvent(300, '[DONE]');
    assert.equal(run.end().failure, undefined);
  });
});

describe('the recognition of the format', () => {
  test('waits for an event that tells, and gives up after ten that do not', () => {
    const run = new JoinedRun();
    for (let n = 1; n <= 9; n += 1) run.event(100 + n, { n });
    for (let n = 1; n <= 50; n += 1) run.event(150, '{}', 'ping');
    assert.equal(run.join.state, 'undecided');
    run.event(200, chunk('late'));
    assert.equal(run.join.state, 'joined');
    assert.equal(run.text, 'late');

    const other = new JoinedRun();
    for (let n = 1; n <= 10; n += 1) other.event(100 + n, { n });
    assert.equal(other.join.state, 'unknown');
    assert.deepEqual(other.warnings, ['join-unknown at 110']);
    other.event(200, chunk('too late'));
    assert.equal(other.text, '');
    assert.deepEqual(other.end(), { exitCode: 0, failure: undefined });
  });

  test('gives up at the end, and where too much would wait', () => {
    const run = new JoinedRun().event(100, { n: 1 });
    run.end();
    assert.equal(run.join.state, 'unknown');
    assert.deepEqual(run.warnings, ['join-unknown at 100']);
    const large = new JoinedRun().event(100, 'x'.repeat(1_000_000));
    assert.equal(large.join.state, 'unknown');
  });

  test('says nothing of a stream without events', () => {
    const run = new JoinedRun();
    run.end();
    assert.deepEqual(run.warnings, []);
  });

  test('gives up too where the run is left between two connections', () => {
    const run = new JoinedRun().event(100, { n: 1 }).reconnect();
    run.join.judge({ exitCode: 0, failure: undefined }, { by: 'for' } as RunEnd);
    assert.equal(run.join.state, 'unknown');
  });

  test('goes on over a reconnect', () => {
    const run = new JoinedRun().event(100, { n: 1 }).reconnect();
    assert.equal(run.join.state, 'undecided');
    run.event(300, token('m', 'x'), 'ai:token');
    assert.equal(run.join.state, 'joined');
  });
});

describe('an answer over several connections', () => {
  test('goes on where the stream goes on, and the loss is told', () => {
    const run = new JoinedRun();
    run.event(200, token('m-1', 'Good'), 'ai:token').reconnect();
    run.event(500, token('m-1', ' day'), 'ai:token').event(510, token('m-1', '', true), 'ai:token');
    assert.deepEqual(run.warnings, ['answer-interrupted at 200']);
    assert.equal(run.answers.length, 1);
    assert.deepEqual(
      [run.answers[0]?.characters, run.answers[0]?.longestStall, run.answers[0]?.problem],
      [8, 300, undefined],
    );
    assert.deepEqual(run.end(), { exitCode: 0, failure: undefined });
  });

  test('is another one where the server begins again: then the last one counts', () => {
    const run = new JoinedRun();
    run.event(200, chunk('Half')).reconnect();
    run.event(600, chunk('Whole', 'stop', 0, 'c2')).event(610, '[DONE]');
    assert.deepEqual(run.end(), { exitCode: 0, failure: undefined });
    assert.deepEqual(
      run.answers.map(({ complete, problem, ttft }) => [complete, problem?.slice(0, 24), ttft]),
      [
        [false, 'the answer was cut short', 100],
        [true, undefined, 300],
      ],
    );
  });

  test('is lost once, however often the server is tried again', () => {
    const run = new JoinedRun().event(200, token('m-1', 'Good'), 'ai:token').reconnect();
    run.reconnect('connect_error').reconnect('connect_error');
    assert.deepEqual(run.warnings, ['answer-interrupted at 200']);
  });

  test('is not interrupted between two answers', () => {
    const run = new JoinedRun().sample('openai.sse').reconnect('eof');
    assert.deepEqual(run.warnings, []);
  });

  test('fails the run where it never went on', () => {
    const run = new JoinedRun().event(200, chunk('Half')).reconnect('eof');
    assert.equal(run.end({ reason: 'no_content' }).failure?.code, 'ANSWER_UNFINISHED');
  });
});

test('events that the filters leave out are not joined', () => {
  const join = new Join(NAMED);
  const event = {
    event: 'message',
    data: JSON.stringify(chunk('x')),
    id: undefined,
    lastEventId: '',
    bytes: 1,
    reads: 1,
  };
  join.event(event, { t: 1, dt: 0, n: 1, conn: 1 }, undefined);
  assert.deepEqual(join.conclude(), {});
});

test('data that is no JSON is passed over by a path', () => {
  const run = new JoinedRun({ kind: 'path', path: '$' });
  for (const data of ['word', '-', '{', 'nul', ' 12 ', 'true', '"a"', '-1']) run.event(1, data);
  assert.equal(run.text, '12truea-1');
});
