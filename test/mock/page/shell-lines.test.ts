import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { curlLine, listenLine } from '../../../src/mock/page/browser/shell-lines.ts';

/** The words that a shell makes of a line. */
function shellWords(line: string): string[] {
  const printed = execFileSync('sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' });
  return printed.split('\0').slice(0, -1);
}

const HOSTILE = 'http://127.0.0.1:4000/a?x=$(id)&y=\'";`id`!\\n&fault=reset@3';

describe('lines for a shell', () => {
  test('open the stream with curl, unbuffered', () => {
    assert.equal(
      curlLine({ url: 'http://127.0.0.1:4000/events', lastEventId: '' }),
      "curl -N http://127.0.0.1:4000/events -H 'Accept: text/event-stream'",
    );
  });

  test('open the stream with ssekit', () => {
    assert.equal(
      listenLine({ url: 'http://127.0.0.1:4000/events?interval=50ms', lastEventId: '' }),
      "ssekit listen 'http://127.0.0.1:4000/events?interval=50ms' --follow",
    );
  });

  test('resume behind an id, and survive any shell character', () => {
    const lastEventId = "it's $HOME; `id`";
    assert.deepEqual(shellWords(curlLine({ url: HOSTILE, lastEventId })), [
      'curl',
      '-N',
      HOSTILE,
      '-H',
      'Accept: text/event-stream',
      '-H',
      `Last-Event-ID: ${lastEventId}`,
    ]);
    assert.deepEqual(shellWords(listenLine({ url: HOSTILE, lastEventId })), [
      'ssekit',
      'listen',
      HOSTILE,
      '--follow',
      '--last-event-id',
      lastEventId,
    ]);
  });
});
