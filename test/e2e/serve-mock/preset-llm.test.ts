import assert from 'node:assert/strict';
import { before, describe, type TestContext, test } from 'node:test';
import type { Outcome } from '../harness/cli.ts';
import { runCommand, tail } from '../harness/command.ts';
import { startMock } from '../harness/mock.ts';
import { endings, type NdjsonRecord, recordsOfType } from '../harness/records.ts';

/** A short answer of a quick model. */
const QUICK = 'ttft=5ms&rate=1000/s&count=30';

interface Format {
  preset: string;
  /** Names of its first events. */
  first: (string | undefined)[];
  /** Whether the data, or the name, is that of the last event. */
  isLast(event: NdjsonRecord): boolean;
  /** Words of the event that tells a failure. */
  failure: RegExp;
  until: string[];
}

const isNamed = (name: string) => (record: NdjsonRecord) => record.event === name;

const FORMATS: readonly Format[] = [
  {
    preset: 'openai',
    first: ['message', 'message'],
    isLast: ({ data }) => data === '[DONE]',
    failure: /"type":"server_error"/,
    until: ['--until-data', '[DONE]'],
  },
  {
    preset: 'openai-responses',
    first: ['response.created', 'response.in_progress', 'response.output_item.added'],
    isLast: isNamed('response.completed'),
    failure: /"code":"server_error"/,
    until: ['--until-event', 'response.completed'],
  },
  {
    preset: 'anthropic',
    first: ['message_start', 'content_block_start', 'ping', 'content_block_delta'],
    isLast: isNamed('message_stop'),
    failure: /"type":"overloaded_error"/,
    until: ['--until-event', 'message_stop'],
  },
  {
    preset: 'gemini',
    first: ['message', 'message'],
    isLast: ({ data }) => /"finishReason":"STOP"/.test(String(data)),
    failure: /"status":"UNAVAILABLE"/,
    until: ['--until', '"finishReason"'],
  },
  {
    preset: 'ai-token',
    first: ['connected', 'ai:token', 'ai:token'],
    isLast: ({ data }) => /"done":true/.test(String(data)),
    failure: /"code":"upstream_error"/,
    until: ['--until', '"done":true'],
  },
];

/** One server for all of them: `?preset=` chooses. */
let url = '';
before(async (t) => {
  url = (await startMock(t as TestContext, '--seed', '1', '--split-gap', '1ms')).url;
});

const listen = (preset: string, query = '', ...flags: string[]): Promise<Outcome> =>
  tail(`${url}?preset=${preset}&${QUICK}${query}`, '--format', 'ndjson', ...flags);

for (const { preset, first, isLast, failure, until } of FORMATS) {
  describe(`listen, against the preset ${preset}`, () => {
    test('sees its events, a clean end, and nothing that the service does not send', async () => {
      const outcome = await listen(preset);
      assert.equal(outcome.code, 0);
      assert.deepEqual(endings(outcome), ['eof']);
      const events = recordsOfType(outcome, 'event');
      assert.deepEqual(
        events.slice(0, first.length).map(({ event }) => event),
        first,
      );
      assert.deepEqual(
        events.map((event) => isLast(event)),
        events.map((_, index) => index === events.length - 1),
      );
      assert.equal(recordsOfType(outcome, 'warn').length, 0);
      const comments = recordsOfType(outcome, 'comment').length + recordsOfType(outcome, 'retry').length;
      assert.equal(comments, preset === 'ai-token' ? 1 : 0);
    });

    test('says so where the sentinel is missing', async () => {
      assert.equal((await listen(preset, '', ...until)).code, 0);
      const outcome = await listen(preset, '&fault=no-done', ...until);
      assert.equal(outcome.code, 18);
      assert.ok(!recordsOfType(outcome, 'event').some(isLast));
    });

    test('sees a failure in the words of the service', async () => {
      const outcome = await listen(preset, '&fault=error-event@3');
      assert.match(outcome.stdout, failure);
    });
  });
}

describe('a client of its own', () => {
  // Of ai-token the messages are numbered, whoever asks for them.
  for (const { preset } of FORMATS.filter((format) => format.preset !== 'ai-token')) {
    test(`gives the same text for the same seed, whole or cut, from ${preset}`, async () => {
      const texts = await Promise.all(
        ['&client=a', '&client=b', '&client=c&fault=split=utf8'].map(async (query) => {
          const outcome = await listen(preset, query);
          return textOf(recordsOfType(outcome, 'event').map(({ json }) => json));
        }),
      );
      assert.ok((texts[0]?.length ?? 0) > 50);
      assert.deepEqual(new Set(texts).size, 1, JSON.stringify(texts));
    });
  }
});

test('lines of the preset gemini end in CRLF, all of them', async () => {
  const { stdout, code } = await tail(`${url}?preset=gemini&${QUICK}`, '--format', 'raw');
  assert.equal(code, 0);
  assert.match(stdout, /^data: \{"candidates"/);
  assert.equal(stdout.replaceAll('\r\n', '').includes('\n'), false);
  assert.ok(stdout.endsWith('\r\n\r\n'));
});

test('keepalives and a reconnection time are sent to the client of a model where a flag asks for them', async (t) => {
  const asked = await startMock(t, '--preset', 'openai', '--heartbeat', '50ms', '--send-retry', '2s');
  const outcome = await tail(`${asked.url}?ttft=300ms&rate=1000/s&count=3`, '--format', 'ndjson');
  assert.ok(recordsOfType(outcome, 'comment').length > 0);
  assert.equal(recordsOfType(outcome, 'retry')[0]?.ms, 2_000);
});

test('a flag that means nothing to the preset is refused, and a template that names nothing', async () => {
  const useless = await runCommand(['serve-mock', '--port', '0', '--preset', 'openai', '--size', '1KB']);
  assert.equal(useless.code, 2);
  assert.match(useless.stderr, /--size: the preset openai has no use for it/);
  const wrong = await runCommand(['serve-mock', '--port', '0', '--preset', 'openai', '--data', '{{nobody}}']);
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /--data: .*nobody/);
});

test('a parameter that means nothing is refused in the words of the service', async (t) => {
  const { url } = await startMock(t, '--preset', 'gemini');
  for (const name of ['count', 'interval', 'ttft', 'data']) {
    const response = await fetch(`${url}?prompt=Hi&${name}=%7B%7Bx%7D%7D`);
    assert.equal(response.status, 400);
    const { error } = (await response.json()) as { error: { status: string; message: string } };
    assert.equal(error.status, 'INVALID_ARGUMENT');
    assert.ok(error.message.startsWith(`?${name}=: `), error.message);
  }
});

test('a body of a few hundred bytes, or a long prompt, does not stop the server', async (t) => {
  const { url } = await startMock(t, '--preset', 'openai');
  const self = { $ref: '#' };
  const schema = { type: 'object', properties: { a: self, b: self, c: self, d: self, e: self, f: self } };
  const hello = { model: 'm', messages: [{ role: 'user', content: 'Use a tool' }] };
  const long = `a${' '.repeat(200_000)}b`;
  for (const body of [
    { ...hello, response_format: { type: 'json_schema', json_schema: { schema } } },
    { ...hello, tools: [{ type: 'function', function: { name: 'x', parameters: schema } }] },
    { ...hello, messages: [{ role: 'user', content: long }] },
  ]) {
    const response = await fetch(`${url}?rate=100000/s&ttft=1ms`, {
      method: 'POST',
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(20_000),
    });
    assert.equal(response.status, 200);
    await response.text();
  }
});

test('a request in the words of a service is answered on its own path', async () => {
  const body = { model: 'm', stream: true, messages: [{ role: 'user', content: 'Hi' }] };
  const outcome = await tail(
    `${url}v1/chat/completions?preset=openai&${QUICK}`,
    '--json',
    JSON.stringify(body),
    '--path',
    'choices[0].delta.content',
    '--format',
    'data',
  );
  assert.equal(outcome.code, 0);
  assert.match(outcome.stdout.replaceAll('\n', ''), /^You asked: “Hi”/);
  const refused = await tail(`${url}v1/chat/completions?preset=openai`, '--json', '{}');
  assert.equal(refused.code, 4);
  assert.match(refused.stderr, /you must provide a model parameter/);
  const unknown = await tail(`${url}?preset=opnai`);
  assert.equal(unknown.code, 4);
  assert.match(unknown.stderr, /\?preset=/);
});

/** The text that the deltas of any of the formats join to. */
function textOf(events: readonly unknown[]): string {
  return events
    .map((event) => {
      const json = (event ?? {}) as {
        type?: string;
        token?: string;
        delta?: string | { text?: string };
        choices?: { delta: { content?: string } }[];
        candidates?: { content: { parts: { text?: string }[] } }[];
      };
      if (typeof json.delta === 'string') return json.delta;
      const text = json.token ?? json.delta?.text ?? json.choices?.[0]?.delta.content;
      return text ?? json.candidates?.[0]?.content.parts[0]?.text ?? '';
    })
    .join('');
}
