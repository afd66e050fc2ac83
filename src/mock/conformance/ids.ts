import { lastEventIdOf, type Observed, type ObservedRequest } from './observed.ts';
import { fail, inSeconds, notMeasured, pass, shown, type Verdict } from './verdict.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Judges what the n-th request says of the last event.
 *
 * @param expected '' where it must say nothing
 */
export function judgeLastEventId(observed: Observed, n: number, expected: string): Verdict | undefined {
  const request = observed.requests[n - 1];
  if (request === undefined) return judgeAbsence(observed, n);
  const seen = idText(request);
  if (expected === '') {
    return request.lastEventId === undefined ? pass('no Last-Event-ID was sent') : fail(`sent ${seen}`);
  }
  if (lastEventIdOf(request) === expected && isUtf8(request)) return pass(`sent ${seen}`);
  return fail(`sent ${seen}, not ${shown(expected)}`);
}

/** `Last-Event-ID: "7"`, or that there was none. */
export function idText(request: ObservedRequest): string {
  const { lastEventId } = request;
  if (lastEventId === undefined) return 'no Last-Event-ID';
  if (lastEventId.length === 0) return 'an empty Last-Event-ID';
  if (isUtf8(request)) return `Last-Event-ID: ${shown(lastEventIdOf(request))}`;
  const bytes = [...lastEventId.subarray(0, 12)].map((byte) => byte.toString(16).padStart(2, '0'));
  return `a Last-Event-ID that is no UTF-8 (bytes ${bytes.join(' ')})`;
}

/**
 * What there is to say where the n-th request is missing: of a client that comes back elsewhere, that it fails here.
 */
export function judgeAbsence(observed: Observed, n: number): Verdict | undefined {
  if (!observed.over) return undefined;
  const evidence = noRequest(observed, n);
  const missed = observed.requests.length > 0 && observed.usualWaitMs !== undefined;
  return missed ? fail(evidence) : notMeasured(evidence);
}

/** Why the n-th request can't be judged. */
export function noRequest({ requests, patienceMs }: Observed, n: number): string {
  const wait = inSeconds(patienceMs);
  if (requests.length === 0) return `the client made no request in ${wait}`;
  return n === 2
    ? `the client did not come back in ${wait}`
    : `the client did not come back in ${wait} after request ${requests.length}`;
}

function isUtf8({ lastEventId }: ObservedRequest): boolean {
  try {
    utf8.decode(lastEventId);
    return true;
  } catch {
    // What can't be decoded isn't: that was the question.
    return false;
  }
}
