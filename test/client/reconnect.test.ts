import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { SseKitError } from '../../src/client/errors.ts';
import { type NextAttempt, ReconnectPolicy, type ReconnectSettings } from '../../src/client/reconnect.ts';
import type { CloseInfo } from '../../src/client/records.ts';
import { parseRetryAfter } from '../../src/client/retry-after.ts';

const HOUR_MS = 3_600_000;
const noJitter = () => 0;

function closeInfo(changes: Partial<CloseInfo> = {}): CloseInfo {
  return {
    reason: 'eof',
    events: 1,
    comments: 0,
    bytes: 0,
    wireBytes: 0,
    pendingBytes: 0,
    lastEventId: '',
    // It lived for ten seconds.
    marks: { planned: 0, start: 0, headers: 1, end: 10_000 },
    ...changes,
  };
}

function failure(code: string, exitCode = 7): Partial<CloseInfo> {
  return { reason: 'connect_error', error: new SseKitError(code, exitCode, code), events: 0 };
}

function policy(changes: Partial<ReconnectSettings> = {}, random = noJitter): ReconnectPolicy {
  const settings = { retries: Number.POSITIVE_INFINITY, retryDelayMs: 3000, retryMaxMs: 30_000, ...changes };
  return new ReconnectPolicy(settings, random);
}

function delayOf(next: NextAttempt): number {
  assert.equal(next.kind, 'wait');
  return next.kind === 'wait' ? next.delayMs : Number.NaN;
}

const refused = closeInfo(failure('ECONNREFUSED'));

describe('the wait before the next attempt', () => {
  test('after a stream that had opened is exactly the base, without jitter', () => {
    for (const random of [0, 0.5, 0.999]) {
      const next = policy({}, () => random).next(closeInfo(), true);
      assert.deepEqual(next, { kind: 'wait', delayMs: 3000, cause: 'base', beyondBrowser: false });
    }
  });

  test("is the server's retry: where it sent one", () => {
    const after = policy();
    assert.deepEqual(after.serverAsked(250), { clamped: false });
    assert.equal(delayOf(after.next(closeInfo(), true)), 250);
  });

  test('doubles with each failed attempt in a row, up to the limit', () => {
    const failing = policy();
    const waits = Array.from({ length: 6 }, () => delayOf(failing.next(refused, false)));
    assert.deepEqual(waits, [6000, 12_000, 24_000, 30_000, 30_000, 30_000]);
  });

  test('starts over after a stream that opened', () => {
    const failing = policy();
    for (let i = 0; i < 5; i++) failing.next(refused, false);
    failing.opened();
    assert.equal(delayOf(failing.next(closeInfo(), true)), 3000);
    assert.equal(delayOf(failing.next(refused, false)), 6000);
  });

  test('lies between half of the backoff and the backoff, and never beyond an hour', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 2 ** 31 }),
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (retry, retryMaxMs, failures, random) => {
          const failing = policy({ retryMaxMs }, () => random);
          failing.serverAsked(retry);
          let wait = 0;
          for (let i = 0; i < failures; i++) wait = delayOf(failing.next(refused, false));
          const base = Math.max(Math.min(retry, HOUR_MS), 100);
          const backoff = Math.min(Math.max(base, retryMaxMs), base * 2 ** failures);
          assert.ok(wait > backoff / 2 - 1e-6 && wait <= backoff);
          assert.ok(wait <= HOUR_MS);
        },
      ),
    );
  });

  test("honours a server's retry: above the limit of the backoff", () => {
    const failing = policy();
    failing.serverAsked(45_000);
    assert.equal(delayOf(failing.next(refused, false)), 45_000);
  });

  test('is clamped to an hour, which is told: a longer timer would fire at once', () => {
    for (const ms of [HOUR_MS + 1, 2 ** 31, Number.POSITIVE_INFINITY]) {
      const clamped = policy();
      assert.deepEqual(clamped.serverAsked(ms), { clamped: true });
      assert.equal(delayOf(clamped.next(closeInfo(), true)), HOUR_MS);
    }
    assert.equal(delayOf(policy({ retryDelayMs: 2 ** 31 }).next(closeInfo(), true)), HOUR_MS);
  });

  test('is never nothing: retry: 0 makes no hot loop, whatever the streams bring', () => {
    const marks = { planned: 0, start: 0, headers: 1, end: 2 };
    const empty = policy();
    empty.serverAsked(0);
    assert.ok(delayOf(empty.next(closeInfo({ events: 0, marks }), true)) >= 100);
    assert.ok(delayOf(empty.next(closeInfo({ events: 1, marks }), true)) >= 48);
    assert.ok(delayOf(empty.next(refused, false)) >= 100);
  });

  test('is what Retry-After asks for where the attempt was refused, and only there', () => {
    const refusal = closeInfo({ reason: 'status', status: 503, events: 0, retryAfterMs: 7000 });
    assert.deepEqual(policy().next(refusal, false), {
      kind: 'wait',
      delayMs: 7000,
      cause: 'retry-after',
      beyondBrowser: true,
    });
    assert.equal(delayOf(policy().next(closeInfo({ retryAfterMs: 7000 }), true)), 3000);
  });

  test('is the backoff where Retry-After asks for nothing', () => {
    const refusal = closeInfo({ reason: 'status', status: 429, events: 0, retryAfterMs: 0 });
    assert.equal(delayOf(policy().next(refusal, false)), 6000);
  });
});

describe('another attempt', () => {
  const retried: [string, Partial<CloseInfo>, boolean][] = [
    ['a clean end', {}, true],
    ['a truncation', { reason: 'truncated' }, true],
    ['a reset', { reason: 'reset' }, true],
    ['an idle timeout', { reason: 'idle' }, true],
    ['a refused connection', failure('ECONNREFUSED'), true],
    ['a name that is not found', failure('ENOTFOUND', 6), true],
    ['an empty reply', { ...failure('EMPTY_REPLY', 52), reason: 'protocol' }, true],
    ...[429, 500, 502, 503, 504].map((status): [string, Partial<CloseInfo>, boolean] => [
      `status ${status}`,
      { reason: 'status', status },
      true,
    ]),
    ...[302, 400, 401, 404, 501, 505].map((status): [string, Partial<CloseInfo>, boolean] => [
      `status ${status}`,
      { reason: 'status', status },
      false,
    ]),
    ['204', { reason: 'no_content', status: 204 }, false],
    ['a wrong type', { reason: 'wrong_type' }, false],
    ['our own leaving', { reason: 'client', by: 'max' }, false],
    ['a certificate that is not trusted', failure('CERT_HAS_EXPIRED', 60), false],
    ['a proxy that wants credentials', failure('PROXY_AUTH_REQUIRED'), false],
    ['a key that does not fit', failure('TLS_SETUP', 2), false],
    ['a coding that can not be decoded', { ...failure('BAD_ENCODING', 8), reason: 'protocol' }, false],
  ];
  for (const [title, changes, follows] of retried) {
    test(`${follows ? 'follows' : 'does not follow'} ${title}`, () => {
      const close = closeInfo(changes);
      const opened = ['eof', 'truncated', 'reset', 'idle'].includes(close.reason);
      assert.equal(policy().next(close, opened).kind, follows ? 'wait' : 'stop');
    });
  }

  test('is made at most so many times in a row as asked', () => {
    const limited = policy({ retries: 2 });
    assert.equal(limited.next(refused, false).kind, 'wait');
    assert.equal(limited.next(refused, false).kind, 'wait');
    assert.equal(limited.next(refused, false).kind, 'stop');
    const steady = policy({ retries: 1 });
    for (let i = 0; i < 10; i++) {
      assert.equal(steady.next(closeInfo(), true).kind, 'wait');
      steady.opened();
    }
    assert.equal(policy({ retries: 0 }).next(closeInfo(), true).kind, 'stop');
  });

  test('says where a browser would have stopped', () => {
    const beyond = (close: CloseInfo) => {
      const next = policy().next(close, false);
      return next.kind === 'wait' && next.beyondBrowser;
    };
    assert.equal(beyond(closeInfo({ reason: 'status', status: 503 })), true);
    assert.equal(beyond(refused), false);
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  const cases: [header: string, ms: number | undefined][] = [
    ['120', 120_000],
    [' 0 ', 0],
    ['999999999999', HOUR_MS],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Thu, 01 Jan 2026 02:00:00 GMT', HOUR_MS],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
    ['-5', undefined],
    ['1.5', undefined],
  ];
  for (const [header, ms] of cases) {
    test(`${JSON.stringify(header)} means ${ms === undefined ? 'nothing' : `${ms} ms`}`, () => {
      assert.equal(parseRetryAfter(header, now)?.ms, ms);
    });
  }
});
