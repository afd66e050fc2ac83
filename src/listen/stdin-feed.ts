import { fstatSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { BodyReader } from '../client/body-reader.ts';
import { monotonicMs } from '../client/clock.ts';
import { endingOf } from '../client/ending.ts';
import { SseKitError } from '../client/errors.ts';
import type { ClientReason, CloseReason, Marks, Warning } from '../client/records.ts';
import { MAX_WAIT_MS } from '../client/retry-after.ts';
import type { StreamSink } from '../client/stream-sink.ts';
import type { RunClock } from './clock.ts';
import type { Feed, Source } from './feed.ts';

/** How a recording of ours begins, or a HAR file; no line of a stream does, unless it means nothing. */
const RECORDING = /^(\xef\xbb\xbf)?\{("type":"[a-z]+","(v|conn)":\d|\s*"log"\s*:\s*\{)/;

const IS_RECORDING: Warning = {
  code: 'recording-as-stream',
  message: 'this is a recording, taken for the bytes of a stream: --from - in place of - replays it',
};

/** Standard input: one stream, and nothing after it. */
export function stdinFeed(stdin: Readable, maxEventSizeBytes: number, clock: RunClock): Feed {
  return {
    clock,
    hasHead: false,
    start: ({ lastEventId }, sink) =>
      openStdin(stdin, { maxEventSizeBytes, lastEventId, startedAt: clock.startedAt }, sink),
    opened: () => {},
    serverAsked: (ms) => ({ clamped: ms > MAX_WAIT_MS }),
    next: () => ({ kind: 'stop' }),
    close: () => {},
  };
}

/** The bytes of a stream from standard input: no request, no headers, the same decoder and verdict. */
function openStdin(
  stdin: Readable,
  start: { maxEventSizeBytes: number; lastEventId: string; startedAt: number },
  sink: StreamSink,
): Source {
  const marks: Marks = { planned: start.startedAt, start: start.startedAt };
  let closed = false;
  const reader = new BodyReader([], start, sink, marks, {
    failed: (error) => finish('client', error, 'error'),
    backlog: () => {},
  });

  const finish = (reason: CloseReason, error?: SseKitError, by?: ClientReason, pendingBytes = 0) => {
    if (closed) return;
    closed = true;
    stdin.off('data', onData);
    stdin.destroy();
    // The decoder may be in the middle of a read: what else that holds is no longer wanted.
    reader.destroy();
    const at = monotonicMs();
    marks.end = at;
    const { events, comments, bytes, wireBytes, lastEventId } = reader;
    sink.close(
      {
        reason,
        ...(error === undefined ? {} : { error }),
        ...(by === undefined ? {} : { by }),
        events,
        comments,
        bytes,
        wireBytes,
        pendingBytes,
        lastEventId,
        marks,
      },
      at,
    );
  };
  const onData = (bytes: Uint8Array) => {
    const at = monotonicMs();
    if (marks.firstByte === undefined && RECORDING.test(Buffer.from(bytes).toString('latin1', 0, 100)))
      sink.warn(IS_RECORDING, at);
    marks.firstByte ??= at;
    reader.data(bytes, at);
  };
  stdin.on('data', onData);
  stdin.once('end', () =>
    reader.end(({ decoder, codingComplete }) => {
      const facts = { transfer: { kind: 'complete' as const }, framing: 'close' as const, host: '' };
      const ending = endingOf({ ...facts, decoder, codingComplete, events: reader.events });
      finish(ending.reason, ending.error, undefined, decoder.pendingBytes);
    }),
  );
  stdin.once('error', (error) =>
    finish(
      'client',
      new SseKitError('INPUT_FAILED', 1, `standard input can't be read: ${error.message}`, {
        hint: 'give it a file or a pipe: ssekit listen - < FILE',
      }),
      'error',
    ),
  );
  const unreadable = whyUnreadable(stdin);
  if (unreadable !== undefined) stdin.destroy(new Error(unreadable));
  return {
    marks,
    pause: () => void stdin.pause(),
    resume: () => void stdin.resume(),
    close: (by) => finish('client', undefined, by),
  };
}

/** Node reads a folder (and a disk) as an empty stream, which would pass for a server's clean end. */
function whyUnreadable(stdin: Readable & { fd?: unknown }): string | undefined {
  if (typeof stdin.fd !== 'number') return undefined;
  const file = fstatSync(stdin.fd);
  if (file.isDirectory()) return 'it is a folder';
  return file.isBlockDevice() ? 'it is a disk' : undefined;
}
