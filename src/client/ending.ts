import type { DecoderEnd } from '../sse/sink.ts';
import { SseKitError } from './errors.ts';
import type { TransferEnd } from './exchange.ts';
import { codeOf, tlsFailure } from './failures.ts';
import type { CloseReason, Framing } from './records.ts';

/** What is known of an attempt when its transfer ended. */
export interface EndingFacts {
  transfer: TransferEnd;
  /** `undefined`: no response headers came. */
  framing: Framing | undefined;
  /** The content coding had its end mark (or there is none). */
  codingComplete: boolean;
  decoder: DecoderEnd;
  /** Events of this attempt. */
  events: number;
  host: string;
}

export interface Ending {
  reason: CloseReason;
  error?: SseKitError;
}

/**
 * The verdict on how a stream ended: the one place that decides it. A clean end is only one whose transfer was
 * complete and that left no event unfinished.
 */
export function endingOf(facts: EndingFacts): Ending {
  const { transfer } = facts;
  switch (transfer.kind) {
    case 'reset':
      return resetEnding(facts, transfer.cause, transfer.detail);
    case 'protocol':
      return protocolEnding(transfer.cause, facts.framing);
    case 'unfinished':
      return facts.framing === undefined ? noAnswer(transfer.answered) : cutTransfer(facts);
    case 'complete':
      return facts.framing === undefined ? noAnswer(false) : completeEnding(facts);
  }
}

function completeEnding(facts: EndingFacts): Ending {
  if (facts.decoder.insideEvent) {
    const { pendingBytes, losesEvent } = facts.decoder;
    if (!losesEvent) {
      return truncated(
        `the stream ended before the blank line of its last block: ${counted(pendingBytes, 'byte')}, none of them of an event`,
        'no event was lost there; but a stream that is whole ends with a blank line',
      );
    }
    return truncated(
      `the stream ended inside an event: ${counted(pendingBytes, 'byte')} ${pendingBytes === 1 ? 'was' : 'were'} lost`,
      'every event ends with a blank line; a browser discards what lacks it, and says nothing',
    );
  }
  if (!facts.codingComplete) {
    return truncated(
      'the compressed body ended without its end mark',
      'events that the compressor still held back may be lost',
    );
  }
  return { reason: 'eof' };
}

function cutTransfer(facts: EndingFacts): Ending {
  const how = {
    chunked: 'the chunked body ended without its last chunk',
    length: 'the body ended before its Content-Length',
    h2: 'the connection ended before the HTTP/2 stream did',
    close: 'the connection ended inside the response',
  }[facts.framing ?? 'close'];
  const lost = facts.decoder.losesEvent ? `, inside an event (${facts.decoder.pendingBytes} bytes lost)` : '';
  return truncated(
    `the transfer was cut short: ${how}${lost}`,
    'a server or proxy that was stopped, or a timeout on the way; events may be lost',
  );
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function truncated(message: string, hint: string): Ending {
  return { reason: 'truncated', error: new SseKitError('TRUNCATED', 18, message, { hint }) };
}

function resetEnding(facts: EndingFacts, cause: Error | undefined, detail: string | undefined): Ending {
  const code = codeOf(cause);
  if (facts.framing === undefined && (code.startsWith('ERR_SSL') || code === 'EPROTO')) {
    return { reason: 'connect_error', error: tlsFailure(cause, facts.host) };
  }
  const when =
    facts.framing === undefined
      ? 'before it answered'
      : facts.events === 0
        ? 'after the headers, before any event'
        : `after ${counted(facts.events, 'event')}`;
  const message =
    detail === undefined
      ? `the connection was reset ${when}`
      : `the server ended the stream by ${detail}, ${when}`;
  return {
    reason: 'reset',
    error: new SseKitError(detail === undefined ? 'ECONNRESET' : 'STREAM_RESET', 56, message, {
      hint: 'a server that crashed or was killed, a load balancer, or a proxy that gave up?',
      cause,
    }),
  };
}

/** Nothing was heard for the idle timeout; `answered`: since or after the response headers. */
export function idleError(timeoutMs: number, answered: boolean): SseKitError {
  return new SseKitError(
    'IDLE_TIMEOUT',
    28,
    `${answered ? 'no byte' : 'no answer'} for ${timeoutMs / 1000} s`,
    {
      hint: answered
        ? 'a server should send a comment every 15 s or so; --idle-timeout D waits longer'
        : 'the server, or a proxy, holds back the response headers',
    },
  );
}

/** The connection ended in order before any response: silently (52), or inside the headers (8). */
function noAnswer(answered: boolean): Ending {
  if (answered) {
    return {
      reason: 'protocol',
      error: new SseKitError('INCOMPLETE_HEADERS', 8, 'the answer ended inside its headers', {
        hint: 'a server or proxy that was stopped, or something that is not an HTTP server?',
      }),
    };
  }
  return {
    reason: 'protocol',
    error: new SseKitError('EMPTY_REPLY', 52, 'the server closed the connection without an answer', {
      hint: 'does it expect https:// on this port?',
    }),
  };
}

/** What llhttp says of an answer that tells its length in two ways, or in none that is understood. */
const DOUBTFUL_LENGTH = new Set([
  'HPE_UNEXPECTED_CONTENT_LENGTH',
  'HPE_INVALID_CONTENT_LENGTH',
  'HPE_INVALID_TRANSFER_ENCODING',
]);

function protocolEnding(cause: Error, framing: Framing | undefined): Ending {
  if (cause instanceof SseKitError) return { reason: 'protocol', error: cause };
  const code = codeOf(cause);
  const fail = (stable: string, exitCode: number, message: string, hint: string): Ending => ({
    reason: 'protocol',
    error: new SseKitError(stable, exitCode, message, { hint, cause }),
  });
  if (code === 'HEADERS_TOO_LARGE')
    return fail('HEADERS_TOO_LARGE', 8, 'the response headers are larger than 300 KB', '');
  if (code.startsWith('ERR_HTTP2'))
    return fail(
      'NOT_HTTP',
      8,
      `the answer was not valid HTTP/2: ${cause.message}`,
      'does the server speak HTTP/2 on this port? --http1.1 asks for HTTP/1.1',
    );
  if (DOUBTFUL_LENGTH.has(code))
    return fail(
      'NOT_HTTP',
      8,
      'the length of the answer is in doubt: Content-Length is malformed, repeated, or beside Transfer-Encoding',
      'RFC 9112 §6.3: which of them a proxy believes decides where the answer ends; no proxy should pass it on',
    );
  if (framing !== undefined)
    return fail(
      'NOT_HTTP',
      8,
      `the body broke the rules of HTTP: ${cause.message}`,
      'a broken server, or proxy in between?',
    );
  return fail(
    'NOT_HTTP',
    8,
    `the answer was not valid HTTP: ${cause.message}`,
    'is this the right port? a TLS port asked by http:// answers like this',
  );
}
