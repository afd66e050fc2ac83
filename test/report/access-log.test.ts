import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, test } from 'node:test';
import type { RequestInfo } from '../../src/mock/observer.ts';
import { AccessLog } from '../../src/report/access-log.ts';
import { plainPalette } from '../../src/report/palette.ts';

const REQUEST: RequestInfo = {
  id: 7,
  atMs: 0,
  method: 'GET',
  target: '/a?token=hunter2',
  headers: [],
  httpVersion: '1.1',
  secure: false,
  remoteAddress: '127.0.0.1',
  remotePort: 5,
};

function logging() {
  const out = new PassThrough();
  const seconds: (() => void)[] = [];
  const log = new AccessLog(out, {
    palette: plainPalette,
    showSecrets: false,
    now: () => new Date(2026, 0, 1, 12, 30, 5),
    later(_, run) {
      seconds.push(run);
      return () => {};
    },
  });
  const text = () => String(out.read() ?? '');
  return { log, out, text, nextSecond: () => seconds.shift()?.() };
}

describe('the access log', () => {
  test('tells who opened a stream, which connection of his it is, and where it resumes', () => {
    const { log, text } = logging();
    const stream = {
      request: REQUEST,
      route: '*',
      status: 200,
      client: 'tab',
      connection: 2,
      lastEventId: '5',
      streams: 3,
    };
    log.opened(stream);
    assert.equal(text(), '12:30:05 #7    GET /a?token=•••  client tab · connection 2 · after "5" · 3 open\n');
  });

  test('tells how a stream ended', () => {
    const { log, text } = logging();
    log.closed(7, { end: 'stalled', events: 2, bytes: 1_500, durationMs: 250, streams: 0 });
    assert.equal(text(), '12:30:05 #7    ✗ dropped: the reader takes nothing  2 events · 1.5 KB · 250 ms\n');
  });

  test('shows what a client sent as text, whatever it was', () => {
    const { log, text } = logging();
    log.answered({ ...REQUEST, target: '/\u001b[2J' }, 404, 10);
    log.warned('two\nlines');
    assert.equal(text(), '12:30:05 #7    GET /␛[2J  404 10 B\n12:30:05 ! two␊lines\n');
  });

  test('says of a flood how long it was, warnings included', () => {
    const { log, text, nextSecond } = logging();
    for (let n = 0; n < 150; n += 1) log.answered(REQUEST, 200, 0);
    for (let n = 0; n < 150; n += 1) log.warned('again');
    assert.equal(text().split('\n').length - 1, 200);
    nextSecond();
    assert.equal(text(), '12:30:05 … and 100 more lines in that second\n');
    log.warned('later');
    assert.match(text(), /later/);
  });

  test('holds no more than a reader of it may take', () => {
    const { log, out, nextSecond } = logging();
    for (let second = 0; second < 200; second += 1) {
      for (let n = 0; n < 200; n += 1) log.warned('x'.repeat(1_000));
      nextSecond();
    }
    assert.ok(out.writableLength + out.readableLength < 3 * 1024 ** 2, `${out.readableLength} bytes`);
  });
});
