import type { Answer } from '../answer.ts';
import type { Step } from '../step.ts';
import { CLOSING_EVENT, endAfterMs } from './acts.ts';
import type { Act, StreamAct } from './case.ts';
import { movedQuery } from './cases/redirects.ts';

export interface ActContext {
  /** Path of the request, without its query. */
  path: string;
  /** Events are reported: streams close with the event by which that is known to be complete. */
  reports: boolean;
  /** Aborted when the case is over. */
  over: AbortSignal;
  /** Called when the answer is ended by the server, just before it is. */
  onEnd(): void;
}

const NOTHING = new Uint8Array();

/** Streams of the suite carry nothing that is published elsewhere. */
const OWN_CHANNEL = 'conformance suite';

/**
 * Makes the next request come on a connection of its own. On one that was kept open, a client may send a request that
 * fails again, at once (RFC 9110, section 9.2.2), which is no reconnect.
 */
export const FRESH_CONNECTION: Readonly<Record<string, string>> = { connection: 'close' };

/** Turns what a case wants done into what the server answers. */
export function answerAct(act: Act, context: ActContext): Answer {
  switch (act.kind) {
    case 'stream':
      return {
        kind: 'stream',
        schedule: schedule(act, context),
        hold: act.ending === 'hold' ? context.over : false,
        headers: {
          ...(act.contentType === undefined ? {} : { 'content-type': act.contentType }),
          ...FRESH_CONNECTION,
        },
        channels: [OWN_CHANNEL],
        // The bytes of the case, and no others.
        opening: false,
        retryMs: 'none',
        heartbeatMs: 0,
      };
    case 'answer':
      context.onEnd();
      return {
        kind: 'plain',
        status: act.status,
        headers: { ...act.headers, ...FRESH_CONNECTION },
        ...(act.body === undefined ? {} : { body: act.body }),
      };
    case 'redirect':
      context.onEnd();
      return {
        kind: 'plain',
        status: act.status,
        headers: {
          location: `${context.path}?${movedQuery(act.status)}`,
          'cache-control': 'no-store',
          ...FRESH_CONNECTION,
        },
      };
    case 'hang-up':
      context.onEnd();
      return { kind: 'hang-up', how: 'reset' };
  }
}

function* schedule(act: StreamAct, { reports, onEnd }: ActContext): Generator<Step, void> {
  const { writes, ending, closing = true } = act;
  for (const { bytes, afterMs } of writes) yield { kind: 'bytes', bytes, afterMs };
  if (reports && closing) yield { kind: 'bytes', bytes: CLOSING_EVENT, afterMs: 0 };
  if (ending === 'hold') return;
  // Waited for before the end is stamped: a step that is late makes none behind it late.
  yield { kind: 'bytes', bytes: NOTHING, afterMs: endAfterMs(ending) };
  onEnd();
  if (ending !== 'eof') yield { kind: 'end', how: ending, afterMs: 0 };
}
