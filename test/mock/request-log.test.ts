import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { monotonicMs } from '../../src/client/clock.ts';
import type { RequestInfo } from '../../src/mock/observer.ts';
import { openRequestLog } from '../../src/mock/request-log.ts';
import { temporaryFolder } from '../recording/recording-files.ts';

const request: RequestInfo = {
  id: 1,
  atMs: 0,
  method: 'GET',
  target: '/events?token=secret&a=1',
  headers: [
    ['Host', 'mock'],
    ['Authorization', 'Bearer secret'],
    ['X-Twice', '1'],
    ['X-Twice', '2'],
  ],
  httpVersion: '1.1',
  secure: false,
  remoteAddress: '127.0.0.1',
  remotePort: 5,
};

const stream = {
  request,
  route: '*',
  status: 200,
  client: 'me',
  connection: 2,
  lastEventId: '7',
  streams: 1,
};

async function logged(t: TestContext, options: { showSecrets?: boolean } = {}) {
  const path = join(temporaryFolder(t), 'requests.ndjson');
  const log = await openRequestLog(path, { ...options, warn: assert.fail });
  const lines = async () => {
    await log.close();
    const text = readFileSync(path, 'utf8');
    assert.ok(text.endsWith('\n'));
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  };
  return { log, lines, path };
}

describe('the request log', () => {
  test('has a line for a stream and one for its end', async (t) => {
    const { log, lines } = await logged(t);
    const atMs = monotonicMs() - 1_000;
    log.opened?.({ ...stream, request: { ...request, atMs } });
    log.closed?.(1, { end: 'left', events: 3, bytes: 99, durationMs: 12.3456, streams: 0 });
    const [opened, closed] = await lines();
    const { ts, ...rest } = opened ?? {};
    const agoMs = Date.now() - Date.parse(String(ts));
    assert.ok(agoMs >= 999 && agoMs < 60_000, `it came ${agoMs} ms ago`);
    assert.deepEqual(rest, {
      type: 'request',
      id: 1,
      method: 'GET',
      url: '/events?token=•••&a=1',
      headers: { host: 'mock', authorization: '•••', 'x-twice': '1, 2' },
      http: '1.1',
      secure: false,
      remoteAddress: '127.0.0.1',
      remotePort: 5,
      route: '*',
      status: 200,
      client: 'me',
      connection: 2,
      lastEventId: '7',
    });
    assert.deepEqual(
      { ...closed, ts: '' },
      { type: 'disconnect', id: 1, ts: '', how: 'left', events: 3, bytes: 99, ms: 12.346 },
    );
  });

  test('has a line for an answer, and two for a client that left before it', async (t) => {
    const { log, lines } = await logged(t);
    log.answered?.(request, 404, 20);
    log.unanswered?.(request, 'left');
    const found = await lines();
    assert.deepEqual(
      found.map(({ type, status, bytes, how }) => [type, status, bytes, how]),
      [
        ['request', 404, 20, undefined],
        ['request', undefined, undefined, undefined],
        ['disconnect', undefined, 0, 'left'],
      ],
    );
  });

  test('shows secrets where that is wanted', async (t) => {
    const { log, lines } = await logged(t, { showSecrets: true });
    log.opened?.(stream);
    const [opened] = await lines();
    assert.equal(opened?.url, '/events?token=secret&a=1');
    assert.match(JSON.stringify(opened?.headers), /"authorization":"Bearer secret"/);
  });

  test('goes on behind what was there', async (t) => {
    const { log, lines, path } = await logged(t);
    log.opened?.(stream);
    await lines();
    const again = await openRequestLog(path, { warn: assert.fail });
    again.closed?.(1, { end: 'eof', events: 0, bytes: 0, durationMs: 1, streams: 0 });
    await again.close();
    assert.equal(readFileSync(path, 'utf8').split('\n').length, 3);
  });

  test('is refused at the start where it can not be written', async (t) => {
    const folder = temporaryFolder(t);
    await assert.rejects(openRequestLog(join(folder, 'none', 'x'), { warn: assert.fail }), {
      exitCode: 23,
      message: /its folder does not exist$/,
    });
    await assert.rejects(openRequestLog(folder, { warn: assert.fail }), {
      exitCode: 23,
      message: /it is a folder$/,
    });
  });
});
