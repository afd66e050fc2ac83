import { SseKitError } from './errors.ts';
import { headerValue } from './headers.ts';
import { mimeEssence } from './mime-type.ts';
import type { CloseReason, OpenInfo } from './records.ts';
import { isRedirect } from './redirect.ts';
import type { StreamRequest } from './request.ts';

/** What the verdict on an answer rests on. */
export type Answer = Pick<OpenInfo, 'method' | 'status' | 'statusText' | 'headers' | 'contentType'>;

export interface Rejection {
  reason: CloseReason;
  error: SseKitError;
}

/**
 * Why an answer is no event stream, or `undefined` where it is one: status 200 with `text/event-stream` (HTML
 * standard §9.2.3), or 201 to a POST, which some streaming APIs send.
 *
 * @param request one for any type has none refused
 */
export function rejectionOf(
  info: Answer,
  { anyType }: Pick<StreamRequest, 'anyType'> = {},
): Rejection | undefined {
  const { status } = info;
  const statusLine = `HTTP ${status}${info.statusText === '' ? '' : ` ${info.statusText}`}`;
  if (status === 204) {
    return {
      reason: 'no_content',
      error: new SseKitError('NO_CONTENT', 52, 'HTTP 204: the server has no stream for us', {
        hint: '204 tells an EventSource to stop reconnecting',
      }),
    };
  }
  if (status !== 200 && !(status === 201 && info.method === 'POST')) {
    return { reason: 'status', error: statusError(info, statusLine) };
  }
  if (anyType !== true && mimeEssence(info.contentType) !== 'text/event-stream') {
    const found = info.contentType === '' ? 'no Content-Type' : info.contentType;
    return {
      reason: 'wrong_type',
      error: new SseKitError('WRONG_TYPE', 11, `not text/event-stream, but ${found}`, {
        hint: 'is this the URL of the stream, or of a page, a login form or a JSON answer?',
      }),
    };
  }
  return undefined;
}

function statusError({ status, headers }: Answer, statusLine: string): SseKitError {
  if (status < 300) {
    return new SseKitError('HTTP_STATUS', 11, `${statusLine}: only 200 opens an event stream`, {
      hint: 'browsers refuse any other status',
    });
  }
  const exitCode = status < 400 ? 3 : status < 500 ? 4 : 5;
  return new SseKitError('HTTP_STATUS', exitCode, statusLine, {
    hint: isRedirect(status) ? redirectHint(headers) : STATUS_HINTS[status],
  });
}

/** Why a redirect was not followed. */
function redirectHint(headers: Answer['headers']): string {
  const isNamed = headerValue(headers, 'location') !== undefined;
  return isNamed ? '--max-redirs 0 forbids following the redirect' : 'the redirect names no Location';
}

const STATUS_HINTS: Record<number, string> = {
  401: 'give credentials: -u USER:PASSWORD, --bearer TOKEN or -H',
  403: 'the server knows who asks, and refuses',
  404: 'is the path right?',
  405: 'does the stream want another method? -X POST -d …',
  406: 'the server does not offer text/event-stream here',
  407: 'the proxy wants credentials: -x http://USER:PASSWORD@HOST:PORT',
  415: 'the server does not take this Content-Type: --json sends application/json',
  429: 'too many requests; Retry-After, where the server sends it, says how long to wait',
  502: 'a proxy got no valid answer from the server behind it',
  503: 'the server is overloaded or restarting',
  504: 'a proxy waited too long for the server behind it',
};
