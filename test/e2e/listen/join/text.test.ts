import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { AnswerFigures } from '../../../../src/results/sections.ts';
import { runCli, startCli } from '../../harness/cli.ts';
import { tail } from '../../harness/command.ts';
import { rawServer } from '../../harness/raw-server.ts';
import { recordsOfType } from '../../harness/records.ts';
import { chunk, LAST_CHUNK, streamHead } from '../../harness/wire.ts';
import { event, holding, said, sample, serving } from './samples.ts';

const DONE = 'data: [DONE]\n\n';

describe('listen --join, from bytes of each service', () => {
  for (const [name, text] of [
    ['openai.sse', 'The tide turns twice a day – 🌊.\n'],
    ['deepseek.sse', 'It is 42.'],
    ['mistral.sse', 'Three of them.'],
    ['azure.sse', 'I start, and stop'],
    ['completions.sse', 'Once upon a'],
    ['openai-refusal.sse', "I can't help with that."],
    ['openai-tools.sse', ''],
    ['openai-responses.sse', 'High water at noon.'],
    ['openai-responses-incomplete.sse', 'Cut off'],
    ['anthropic.sse', 'Go north ↑.'],
    ['anthropic-search.sse', 'According to the table, high water is at noon.'],
    ['anthropic-refusal.sse', "I'd rather"],
    ['gemini.sse', 'Take the ferry at nine.'],
    ['gemini-blocked.sse', ''],
    ['ai-token.sse', 'Good day\n\n── answer 2 (m-2) ──\nBonjour'],
    ['openai-choices.sse', 'Salt air.\n\n── answer 2 (choice 1) ──\nLow fog'],
    ['gemini-candidates.sse', 'Salt air\n\n── answer 2 (choice 1) ──\nLow fog'],
  ] as const) {
    test(`${name}: the text and nothing else, byte by byte`, async (t) => {
      const url = await serving(t, sample(name), 1);
      const { code, stdout } = await tail(url, '--join', 'auto');
      assert.deepEqual({ code, stdout }, { code: 0, stdout: text });
    });
  }

  for (const [name, text, words] of [
    ['openai-error.sse', 'Half a', 'The server had an error while processing your request. (server_error)'],
    ['openrouter.sse', 'Well, then', 'Provider returned error (502)'],
    ['vllm-error.sse', 'Half a', 'EngineCore encountered an issue. (InternalServerError)'],
    ['openai-responses-failed.sse', 'Half', 'Rate limit reached for gpt-5-mini. (rate_limit_exceeded)'],
    ['openai-responses-error.sse', 'Half', 'Something went wrong. (server_error)'],
    ['anthropic-overloaded.sse', 'I was', 'Overloaded (overloaded_error)'],
    ['gemini-error.sse', 'Half', 'The model is overloaded. (UNAVAILABLE)'],
    ['ai-token-error.sse', 'Good', 'The model stopped answering (upstream_error)'],
  ] as const) {
    test(`${name}: a named failure, 18`, async (t) => {
      const url = await serving(t, sample(name));
      const { code, stdout, stderr } = await tail(url, '--join', 'auto', '--format', 'ndjson');
      assert.equal(code, 18);
      const joined = recordsOfType({ stdout }, 'event').map((record) => record.text ?? '');
      assert.equal(joined.join(''), text);
      const error = JSON.parse(stderr) as Record<string, unknown>;
      assert.equal(error.code, 'ANSWER_ERROR');
      assert.equal(error.exit, 18);
      assert.equal(error.message, `the service failed in mid-answer: ${words}`);
    });
  }

  test('calls of tools are log, reasoning is nobody’s where nobody looks', async (t) => {
    const url = await serving(t, sample('anthropic.sse'));
    const { stderr } = await tail(url, '--join', 'anthropic');
    assert.match(stderr, /^→ tool get_route\(\{"from": "A", "to": "B"\}\)\n→ tool get_time\(\{\}\)\n/m);
    assert.match(stderr, / {2}finish {4}tool_use\n {2}usage {5}40 tokens in · 57 out\n {2}tool {6}get_route/);
    assert.doesNotMatch(stderr, /the map/);
  });

  test('calls of tools that are given one place are told apart', async (t) => {
    const call = (fields: object) =>
      event({ object: 'chat.completion.chunk', choices: [{ index: 0, delta: { tool_calls: [fields] } }] });
    const body =
      call({ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }) +
      call({ index: 0, id: 'b', function: { name: 'f', arguments: '{"x":1}' } }) +
      said('', 'tool_calls') +
      DONE;
    const { stderr } = await tail(await serving(t, body), '--join', 'auto');
    assert.match(stderr, /^→ tool f\(\{\}\)\n→ tool f\(\{"x":1\}\)\n/m);
  });

  test('a rate is that of the intervals between the pieces', async () => {
    const head = {
      v: 1,
      url: 'http://127.0.0.1/',
      status: 200,
      headers: {},
      http: '1.1',
      framing: 'chunked',
    };
    const recording = [
      { type: 'open', t: 0, ts: '2026-01-01T00:00:00.000Z', conn: 1, attempt: 1, timing: {}, ...head },
      ...[1, 2, 3].map((n) => ({
        type: 'event',
        ...{ conn: 1, n, t: n * 1_000, dt: 1_000, event: 'message', lastEventId: '' },
        ...{ data: '{"x":"a"}', bytes: 17, reads: 1 },
      })),
      { type: 'close', conn: 1, t: 3_000, reason: 'eof', events: 3, bytes: 51, pendingBytes: 0 },
    ];
    const stdin = recording.map((record) => `${JSON.stringify(record)}\n`).join('');
    const { stderr } = await runCli(['listen', '--from', '-', '--join', 'x'], { stdin });
    assert.match(stderr, /answer {4}x · 3 chunks in 2 s · 1 chunks\/s\n/);
  });

  test('NDJSON has the reasoning, and whose text it is', async (t) => {
    const url = await serving(t, sample('gemini-candidates.sse'));
    const outcome = await tail(url, '--join', 'gemini', '--format', 'ndjson');
    assert.deepEqual(
      recordsOfType(outcome, 'event').map(({ answer, text, others }) => ({ answer, text, others })),
      [
        { answer: 1, text: 'Salt', others: [{ answer: 2, text: 'Low' }] },
        { answer: 1, text: ' air', others: [{ answer: 2, text: ' fog' }] },
      ],
    );
    const thinking = await tail(
      await serving(t, sample('deepseek.sse')),
      '--join',
      'openai',
      '--format',
      'ndjson',
    );
    const reasoning = recordsOfType(thinking, 'event').map((record) => record.reasoning ?? '');
    assert.equal(reasoning.join(''), 'Seven times six.');
    const [answer] = (recordsOfType(thinking, 'summary')[0]?.answers ?? []) as AnswerFigures[];
    assert.deepEqual(answer?.usage, { input: 14, output: 8, reasoning: 4 });
  });

  test('--format data is the bare text', async (t) => {
    const { stdout } = await tail(
      await serving(t, sample('ai-token.sse')),
      '--join',
      'auto',
      '--format',
      'data',
    );
    assert.equal(stdout, 'Good day\nBonjour');
  });

  test('a file gets the answer and nothing else', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'ssekit-join-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'answer.txt');
    const file = openSync(path, 'w');
    const url = await serving(t, sample('openai.sse'));
    await runCli(['listen', url, '--join', 'auto'], { stdout: file });
    closeSync(file);
    assert.equal(readFileSync(path, 'utf8'), 'The tide turns twice a day – 🌊.\n');
  });

  test('a path joins whatever stands there', async (t) => {
    const body =
      event({ a: { b: 'One' } }) +
      event({ a: { b: 2 } }) +
      event({ other: 1 }) +
      'data: plain\n\n' +
      event({ a: { b: ' three' } });
    const { code, stdout } = await tail(await serving(t, body), '--join', 'a.b');
    assert.deepEqual({ code, stdout }, { code: 0, stdout: 'One2 three' });
  });

  test('standard input is joined too, without a time to the first token', async () => {
    const { code, stdout, stderr } = await runCli(['listen', '-', '--join', 'auto'], {
      stdin: sample('openai.sse').toString(),
    });
    assert.deepEqual({ code, stdout }, { code: 0, stdout: 'The tide turns twice a day – 🌊.\n' });
    assert.doesNotMatch(stderr, /ttft/);
  });

  test('the end of an answer counts although a filter hides it', async (t) => {
    const wrapped =
      event({ payload: said('One').slice(6, -2) }) + event({ payload: said('', 'stop').slice(6, -2) });
    const unwrapped = await tail(await serving(t, wrapped + DONE), '--path', 'payload', '--join', 'openai');
    assert.deepEqual([unwrapped.code, unwrapped.stdout], [0, 'One']);
    assert.match(unwrapped.stderr, /finish {4}stop\n/);
    const cut = await tail(await serving(t, wrapped), '--path', 'payload', '--join', 'openai');
    assert.equal(cut.code, 18);
    const whole = await serving(t, sample('openai.sse'));
    const filtered = await tail(whole, '--grep', 'content', '--join', 'auto');
    assert.deepEqual([filtered.code, filtered.stdout], [0, 'The tide turns twice a day – 🌊.\n']);
  });

  test('filters come first', async (t) => {
    const body = `event: debug\n${said('noise')}${said('One')}${said('', 'stop')}${DONE}`;
    const { stdout } = await tail(await serving(t, body), '--join', 'openai', '--exclude-event', 'debug');
    assert.equal(stdout, 'One');
    const wrapped = event({ payload: { choices: [{ index: 0, delta: { content: 'in a wrapper' } }] } });
    const url = await serving(t, wrapped);
    const inner = await tail(url, '--join', 'openai', '--path', 'payload');
    assert.equal(inner.stdout, 'in a wrapper');
  });
});

describe('listen --join, how the run ends', () => {
  test('an answer that we leave unfinished is no failure', async (t) => {
    const url = await holding(t, said('One') + said(' two') + said(' three'));
    const two = await tail(url, '--join', 'auto', '-n', '2');
    assert.deepEqual([two.code, two.stdout], [0, 'One two']);
    const time = await tail(await holding(t, said('One')), '--join', 'auto', '--for', '1s');
    assert.deepEqual([time.code, time.stdout], [0, 'One']);
    assert.match(time.stderr, /finish {4}none: it was not complete/);
    const running = startCli(['listen', await holding(t, said('One')), '--join', 'auto']);
    await running.printed(/One/);
    running.signal('SIGINT');
    assert.equal((await running.ended).code, 130);
  });

  test("--until-data '[DONE]' works as ever", async (t) => {
    const url = await holding(t, said('One') + said('', 'stop') + DONE);
    const { code, stdout } = await tail(url, '--join', 'auto', '--until-data', '[DONE]');
    assert.deepEqual([code, stdout], [0, 'One']);
    const failing = await serving(t, sample('openai-error.sse'));
    const { code: failed, stderr } = await tail(failing, '--join', 'auto', '--until-data', '[DONE]');
    assert.equal(failed, 18);
    assert.match(stderr, /but the service failed in mid-answer/);
  });

  test('a named format that is not there is a failure, and says what is', async (t) => {
    const { code, stdout, stderr } = await tail(
      await serving(t, sample('anthropic.sse')),
      '--join',
      'openai',
    );
    assert.deepEqual([code, stdout], [18, '']);
    assert.match(stderr, /but no event had an answer for --join openai\n {2}it looks like anthropic/);
  });

  test('what is of no format is shown from the beginning, and said', async (t) => {
    const body = Array.from({ length: 12 }, (_, n) => event({ n })).join('');
    for (const format of ['pretty', 'data'] as const) {
      const plain = await tail(await serving(t, body), '--format', format);
      const { code, stdout, stderr } = await tail(
        await serving(t, body),
        '--format',
        format,
        '--join',
        'auto',
      );
      assert.deepEqual([code, stdout], [0, plain.stdout]);
      assert.match(stderr, /^! no event is of a format that --join knows: they are shown as they are$/m);
    }
    const short = await tail(await serving(t, event({ n: 1 })), '--join', 'auto', '--format', 'data');
    assert.deepEqual([short.code, short.stdout], [0, '{"n":1}\n']);
    const ndjson = await tail(await serving(t, event({ n: 1 })), '--join', 'auto', '--format', 'ndjson');
    assert.equal(recordsOfType(ndjson, 'warn')[0]?.code, 'join-unknown');
  });

  test('a loss in mid-answer is told, and the answer goes on', async (t) => {
    const token = (n: number, text: string, done = false) =>
      `event: ai:token\nid: ${n}\ndata: ${JSON.stringify({ token: text, done, messageId: 'm' })}\n\n`;
    const { url } = await rawServer(t, async (client) => {
      const request = await client.request();
      await client.write(streamHead.chunked);
      if (request.header('last-event-id') === undefined) {
        await client.write(chunk(`retry: 1\n${token(1, 'Good')}`));
        client.cut();
        return;
      }
      await client.write(chunk(token(2, ' day') + token(3, '', true)) + LAST_CHUNK);
      client.finish();
    });
    const { code, stdout, stderr } = await tail(url, '--join', 'auto', '--follow', '-n', '3');
    assert.deepEqual([code, stdout], [0, 'Good day']);
    assert.match(stderr, /^! the connection was lost in the middle of an answer$/m);
  });

  test('text is printed as it comes, before its line is full', async (t) => {
    const running = startCli([
      'listen',
      await holding(t, said('with') + said('out an end')),
      '--join',
      'auto',
    ]);
    await running.printed(/^without an end$/);
    running.signal('SIGINT');
    await running.ended;
  });
});

describe('listen --join, what it takes', () => {
  const refused = async (...words: string[]) => {
    const { code, stderr } = await tail('http://127.0.0.1:9/', ...words);
    assert.equal(code, 2);
    return stderr;
  };

  test('is a format, or a path', async () => {
    assert.match(
      await refused('--join', 'opneai'),
      /--join: "opneai" is no format\n {2}Did you mean openai\?/,
    );
    assert.match(await refused('--join', 'a[b'), /--join: "a\[b" can't be read at position 2/);
    assert.match(await refused('--join', ''), /--join: /);
  });

  test('is no raw bytes, and nothing beside --wire', async () => {
    assert.match(await refused('--join', 'auto', '--format', 'raw'), /--join: --format raw/);
    assert.match(await refused('--join', 'auto', '--wire'), /--join shows text instead of events/);
  });
});
