import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SseKitError } from '../../src/client/errors.ts';
import type { ClientReason, CloseInfo, CloseReason } from '../../src/client/records.ts';
import { failureOf } from '../../src/listen/exit-code.ts';

interface Run {
  title: string;
  reason: CloseReason;
  /** What the attempt failed with. */
  error?: number;
  by?: ClientReason;
  signal?: NodeJS.Signals;
  events?: number;
  untilWanted?: true;
  code: number;
}

const runs: Run[] = [
  { title: 'a clean end after events', reason: 'eof', events: 3, code: 0 },
  { title: 'a clean end without an event', reason: 'eof', code: 52 },
  { title: 'a clean end before --until matched', reason: 'eof', events: 3, untilWanted: true, code: 18 },
  { title: 'a clean end without an event, whatever was awaited', reason: 'eof', untilWanted: true, code: 52 },
  { title: '204 first thing', reason: 'no_content', error: 52, code: 52 },
  { title: '204 after an event', reason: 'no_content', error: 52, events: 1, code: 0 },
  {
    title: '204 before --until matched',
    reason: 'no_content',
    error: 52,
    events: 1,
    untilWanted: true,
    code: 18,
  },
  { title: 'a truncation, events or not', reason: 'truncated', error: 18, events: 9, code: 18 },
  { title: 'a reset', reason: 'reset', error: 56, events: 9, code: 56 },
  {
    title: 'a reset while --until is awaited: its own code says why',
    reason: 'reset',
    error: 56,
    untilWanted: true,
    code: 56,
  },
  { title: 'an idle timeout', reason: 'idle', error: 28, code: 28 },
  { title: '404', reason: 'status', error: 4, code: 4 },
  { title: 'a wrong type', reason: 'wrong_type', error: 11, code: 11 },
  { title: 'a refused connection', reason: 'connect_error', error: 7, code: 7 },
  { title: 'an empty reply', reason: 'protocol', error: 52, code: 52 },
  { title: '--max-events', reason: 'client', by: 'max', events: 2, code: 0 },
  { title: '--until', reason: 'client', by: 'until', events: 2, untilWanted: true, code: 0 },
  { title: '--for, although nothing came', reason: 'client', by: 'for', code: 0 },
  { title: '--max-time', reason: 'client', by: 'max-time', events: 2, code: 28 },
  {
    title: '--max-time while --until is awaited',
    reason: 'client',
    by: 'max-time',
    untilWanted: true,
    code: 28,
  },
  { title: 'Ctrl-C', reason: 'client', by: 'signal', signal: 'SIGINT', events: 2, code: 130 },
  { title: 'SIGTERM', reason: 'client', by: 'signal', signal: 'SIGTERM', code: 143 },
  { title: 'SIGHUP', reason: 'client', by: 'signal', signal: 'SIGHUP', code: 129 },
  { title: 'an event over the limit', reason: 'client', by: 'error', error: 12, events: 2, code: 12 },
];

describe('the exit code', () => {
  for (const { title, reason, error, by, signal, events = 0, untilWanted = false, code } of runs) {
    test(`of ${title} is ${code}`, () => {
      const close: CloseInfo = {
        reason,
        ...(by === undefined ? {} : { by }),
        ...(error === undefined ? {} : { error: new SseKitError('SOME_ERROR', error, 'some error') }),
        events: 0,
        comments: 0,
        bytes: 0,
        wireBytes: 0,
        pendingBytes: 0,
        lastEventId: '',
        marks: { planned: 0, start: 0 },
      };
      const failure = failureOf({ close, events, untilWanted, ...(signal === undefined ? {} : { signal }) });
      assert.equal(failure?.exitCode ?? 0, code);
    });
  }
});
