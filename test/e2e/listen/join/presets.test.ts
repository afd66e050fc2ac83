import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AnswerFigures } from '../../../../src/results/sections.ts';
import { tail } from '../../harness/command.ts';
import { startMock } from '../../harness/mock.ts';
import { recordsOfType } from '../../harness/records.ts';

/** What the mock is told to say. */
const TEXT = 'Guten Tag! 朝の駅 🌊\n\n- one\n- two é';
const QUERY = `data=${encodeURIComponent(TEXT)}&rate=2000/s&ttft=50ms`;

const PRESETS = [
  { preset: 'openai', finish: 'stop', tokens: false, ending: 'the closing [DONE]' },
  { preset: 'openai-responses', finish: 'completed', tokens: true, ending: 'response.completed' },
  { preset: 'anthropic', finish: 'end_turn', tokens: true, ending: 'message_stop' },
  { preset: 'gemini', finish: 'STOP', tokens: true, ending: 'a finishReason' },
  { preset: 'ai-token', finish: undefined, tokens: false, ending: 'a token that is done' },
] as const;

for (const { preset, finish, tokens, ending } of PRESETS) {
  describe(`listen --join against the mock's ${preset}`, () => {
    test('prints the answer alone, whether the format is named or not', async (t) => {
      const { url } = await startMock(t, '--preset', preset);
      const unit = tokens ? 'tokens' : 'chunks';
      for (const what of ['auto', preset]) {
        const { code, stdout, stderr } = await tail(`${url}?${QUERY}`, '--join', what, '--no-summary');
        assert.equal(code, 0);
        assert.equal(stdout, TEXT);
        assert.match(stderr, new RegExp(`answer {4}${preset} · \\d+ ${unit} in `));
        assert.match(stderr, /\n {2}ttft {6}\d+ ms\n/);
      }
    });

    test('has the text in NDJSON, event by event, and the figures in its summary', async (t) => {
      const { url } = await startMock(t, '--preset', preset);
      const outcome = await tail(`${url}?${QUERY}`, '--join', 'auto', '--format', 'ndjson');
      assert.equal(outcome.code, 0);
      const events = recordsOfType(outcome, 'event');
      assert.equal(events.map(({ text = '' }) => text).join(''), TEXT);
      const [summary] = recordsOfType(outcome, 'summary');
      const [answer] = (summary?.answers ?? []) as AnswerFigures[];
      assert.equal(answer?.characters, TEXT.length);
      assert.equal(answer?.chunks, events.filter(({ text }) => text !== undefined).length);
      assert.equal(answer?.finishReason, finish);
      assert.equal(answer?.tokens !== undefined, tokens);
      assert.equal(answer?.complete, true);
      // A busy client may be late to note that its request is sent, so the 50 ms are no lower bound.
      assert.ok(answer.ttft !== undefined && answer.ttft > 0 && answer.ttft <= Number(summary?.t));
    });

    test('fails with 18 where its end is missing, and says what', async (t) => {
      const { url } = await startMock(t, '--preset', preset);
      const { code, stdout, stderr } = await tail(
        `${url}?${QUERY}&fault=no-done`,
        '--join',
        'auto',
        '--no-summary',
      );
      assert.equal(code, 18);
      assert.ok(TEXT.startsWith(stdout));
      assert.ok(stderr.includes(`without ${ending}`), stderr);
      assert.match(stderr, /^✗ ended cleanly after \d+ events, but the answer (came|was cut)/m);
    });

    test('fails with 18 where the service fails in mid-stream, and says what it said', async (t) => {
      const { url } = await startMock(t, '--preset', preset);
      const at = preset === 'gemini' ? 2 : 8;
      const { code, stderr } = await tail(`${url}?${QUERY}&fault=error-event@${at}`, '--join', 'auto');
      assert.equal(code, 18);
      assert.match(
        stderr,
        /^✗ the service reports an error: .+\((server_error|overloaded_error|UNAVAILABLE|upstream_error)\)$/m,
      );
      assert.match(stderr, /^✗ ended cleanly after \d+ events, but the service failed in mid-answer: /m);
    });

    test('keeps the codes of a transport that fails', async (t) => {
      const { url } = await startMock(t, '--preset', preset);
      const truncated = await tail(
        `${url}?${QUERY}&fault=truncate@2`,
        '--join',
        'auto',
        '--format',
        'ndjson',
      );
      assert.equal(truncated.code, 18);
      assert.match(truncated.stderr, /"code":"TRUNCATED"/);
      const reset = await tail(`${url}?${QUERY}&fault=reset@2`, '--join', 'auto');
      assert.equal(reset.code, 56);
    });
  });
}

describe('listen --join --follow against the mock', () => {
  test('puts an answer together over a reset, where the server goes on with it', async (t) => {
    const flags = ['--fault', 'conn:1:reset@5', '--send-retry', '20ms'];
    const { url } = await startMock(t, '--preset', 'ai-token', ...flags);
    const { code, stdout, stderr } = await tail(`${url}?${QUERY}`, '--join', 'auto', '--follow');
    // Behind the last token the mock has nothing more: 204.
    assert.deepEqual({ code, stdout }, { code: 0, stdout: TEXT });
    assert.equal(stderr.match(/in the middle of an answer/g)?.length, 1);
  });

  test('tells answers apart where the server begins anew, and judges the last', async (t) => {
    const { url } = await startMock(t, '--preset', 'openai', '--fault', 'conn:1:reset@5');
    const { code, stdout } = await tail(
      `${url}?${QUERY}`,
      '--join',
      'auto',
      '--follow',
      '--retry-delay',
      '20ms',
      '--until-data',
      '[DONE]',
    );
    assert.equal(code, 0);
    assert.ok(stdout.endsWith(`\n\n── answer 2 ──\n${TEXT}`), stdout);
  });
});
