import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertHarmless, onTerminal } from '../../hostile/terminal.ts';
import { event, said, sample, serving } from './samples.ts';

const DONE = 'data: [DONE]\n\n';

describe('listen --join on a terminal', () => {
  test('shows reasoning, a blank line, the answer, and then the log on a line of its own', async (t) => {
    const url = await serving(t, sample('deepseek.sse'));
    const { code, text } = await onTerminal(['listen', url, '--join', 'auto', '--timestamps', 'off']);
    assert.equal(code, 0);
    const lines = text.split('\n');
    const first = lines.indexOf('Seven times six.');
    assert.deepEqual(lines.slice(first, first + 4), [
      'Seven times six.',
      '',
      'It is 42.',
      '✓ ended cleanly after 10 events',
    ]);
    assert.match(text, /\n {2}ttft {6}[\d.]+ m?s \(reasoning\), [\d.]+ m?s \(answer\)\n/);
    assert.doesNotMatch(text, /--follow/);
  });

  test('shows what an answer would do to it instead of doing it', async (t) => {
    const evil = 'a\x1b[2J\x9b1m\u202e\x07\r';
    const call = { index: 0, function: { name: evil, arguments: evil } };
    const body =
      said(evil) +
      event({
        object: 'chat.completion.chunk',
        choices: [{ index: 0, delta: { tool_calls: [call], reasoning: evil } }],
      }) +
      event({ object: 'chat.completion.chunk', choices: [{ index: 0, delta: {}, finish_reason: evil }] }) +
      event({ error: { message: evil, type: evil } }) +
      DONE;
    for (const format of ['pretty', 'data', 'ndjson']) {
      const screen = await onTerminal([
        'listen',
        await serving(t, body),
        '--join',
        'auto',
        '--format',
        format,
      ]);
      assert.equal(screen.code, 18);
      assertHarmless(screen);
    }
  });

  test('ends the line of a bare text too', async (t) => {
    const url = await serving(t, said('One') + said('', 'stop') + DONE);
    const { text } = await onTerminal(['listen', url, '--join', 'auto', '--format', 'data', '-s']);
    assert.equal(text, 'One\n');
  });
});
