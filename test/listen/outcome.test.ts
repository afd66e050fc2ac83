import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SseKitError } from '../../src/client/errors.ts';
import type { ClientReason, CloseInfo, CloseReason } from '../../src/client/records.ts';
import { outcomeOf } from '../../src/listen/outcome.ts';

interface Run {
  title: string;
  /** Absent between two attempts. */
  reason?: CloseReason;
  /** What the attempt failed with. */
  error?: number;
  by?: ClientReason;
  signal?: NodeJS.Signals;
  opened?: true;
  /** What the attempt before failed with. */
  earlier?: number;
  /** What we failed with ourselves. */
  own?: number;
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
  { title: '--for on a stream, although nothing came', reason: 'client', by: 'for', opened: true, code: 0 },
  { title: '--for while the first attempt gets no answer', reason: 'client', by: 'for', code: 28 },
  {
    title: '--for while attempts are refused: the last one says why',
    reason: 'client',
    by: 'for',
    earlier: 7,
    code: 7,
  },
  {
    title: '--for while attempts are refused, after a stream had opened',
    reason: 'client',
    by: 'for',
    opened: true,
    earlier: 7,
    code: 0,
  },
  { title: '--for between two attempts, where none opened', by: 'for', earlier: 5, code: 5 },
  { title: '--for between two attempts, after a stream', by: 'for', opened: true, code: 0 },
  { title: '--max-time between two attempts', by: 'max-time', opened: true, code: 28 },
  { title: 'Ctrl-C between two attempts', by: 'signal', signal: 'SIGINT', code: 130 },
  { title: 'a failure of our own, such as an id that could not be kept', by: 'error', own: 23, code: 23 },
  { title: 'a defect of ours', reason: 'client', by: 'error', code: 1 },
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

const someError = (exitCode: number | undefined) =>
  exitCode === undefined ? undefined : new SseKitError('SOME_ERROR', exitCode, 'some error');

function closeOf({ reason, error, by }: Run): CloseInfo | undefined {
  if (reason === undefined) return undefined;
  const failure = someError(error);
  return {
    reason,
    ...(by === undefined ? {} : { by }),
    ...(failure === undefined ? {} : { error: failure }),
    events: 0,
    comments: 0,
    bytes: 0,
    wireBytes: 0,
    pendingBytes: 0,
    lastEventId: '',
    marks: { planned: 0, start: 0 },
  };
}

describe('the exit code', () => {
  for (const run of runs) {
    test(`of ${run.title} is ${run.code}`, () => {
      const { by, signal, opened = false, earlier, own, events = 0, untilWanted = false, code } = run;
      const outcome = outcomeOf({
        close: closeOf(run),
        by,
        signal,
        opened,
        ownFailure: someError(own),
        earlierError: someError(earlier),
        events,
        untilWanted,
      });
      assert.equal(outcome.exitCode, code);
      // Whoever interrupts knows it.
      assert.equal(outcome.failure?.exitCode, code === 0 || by === 'signal' ? undefined : code);
    });
  }
});
