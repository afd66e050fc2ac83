import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { answerHeaderIn } from '../../../src/report/check/answer-header.ts';
import { toCopyText } from '../../../src/report/check/to-copy.ts';
import { plainPalette as palette } from '../../../src/report/palette.ts';

describe('a header that the application is to answer with', () => {
  test('is told for one, in a line of its own, with how to send it', () => {
    assert.equal(
      toCopyText('  Cache-Control: no-cache, no-transform', { palette, columns: 80, isProse: true }),
      [
        '              answer with the header',
        '                Cache-Control: no-cache, no-transform',
        "              (Node: res.setHeader('Cache-Control', 'no-cache, no-transform'))",
        '',
      ].join('\n'),
    );
  });

  test('keeps what is remarked of it, and leaves other lines as they are', () => {
    assert.deepEqual(answerHeaderIn('Content-Type: text/event-stream   (without a parameter)'), {
      header: 'Content-Type: text/event-stream',
      how: "(without a parameter; Node: res.setHeader('Content-Type', 'text/event-stream'))",
    });
    for (const line of [
      'send no 103 Early Hints',
      ':\\n\\n   (a comment every 2 s)',
      'say in an event what the client is to do, too: event: error-of-mine   (a status is not passed on)',
    ])
      assert.equal(answerHeaderIn(line), undefined, line);
  });

  test('is not taken for one in a configuration file', () => {
    assert.equal(
      toCopyText('Response timeout: 120 seconds', { palette, columns: 80 }).trim(),
      'Response timeout: 120 seconds',
    );
    assert.equal(toCopyText('A: b', { palette, columns: 80 }).trim(), 'A: b');
  });
});
