import type { CloseReason, HeaderPair } from '../client/records.ts';
import type { HarEntry } from './har-entry.ts';
import type { CloseRecord } from './records.ts';

/** Why an answer is no event stream, as the client judges it. */
export type Rejector = (answer: {
  method: string;
  status: number;
  statusText: string;
  headers: readonly HeaderPair[];
  contentType: string;
}) =>
  | { reason: CloseReason; error: { code: string; exitCode: number; message: string; hint: string } }
  | undefined;

/** How the stream of an entry ended. */
export interface HarEnding
  extends Pick<CloseRecord, 'reason' | 'by' | 'code' | 'exit' | 'message' | 'hint' | 'body'> {
  /** The file tells it. */
  known: boolean;
  /** The answer was refused: what came is no stream. */
  rejected?: true;
}

/** Characters of what was answered instead of a stream. */
const LONGEST_BODY = 2048;
const LONGEST_ERROR = 200;

/** Left by whoever exported the file, as far as anyone knows. */
const LEFT = { reason: 'client', by: 'signal' } as const;

/** The end of an entry that a browser wrote: by its answer, and by the name of the network error. */
export function harEndingOf(entry: HarEntry, contentType: string, rejectionOf: Rejector): HarEnding {
  const { request, response } = entry;
  const { status, _error: error } = response;
  const said = error ? { message: `the browser had ${error.slice(0, LONGEST_ERROR)}` } : {};
  if (status < 200) {
    if (isLeaving(error)) return { ...LEFT, known: true };
    return { reason: 'connect_error', message: 'no answer came', ...said, known: true };
  }
  const headers = response.headers.map(({ name, value }): HeaderPair => [name, value]);
  const rejection = rejectionOf({
    method: request.method,
    status,
    statusText: response.statusText ?? '',
    headers,
    contentType,
  });
  if (rejection !== undefined) {
    const { reason, error: refused } = rejection;
    const { code, exitCode: exit, message: why, hint } = refused;
    return { reason, code, exit, message: why, hint, ...bodyOf(entry), known: true, rejected: true };
  }
  if (!error) return { ...LEFT, known: false };
  if (isLeaving(error)) return { ...LEFT, known: true };
  return { reason: reasonOf(error), ...said, known: true };
}

/** Chromium's net errors and Firefox's NS_ERROR codes: the page, or its user, closed the stream. */
function isLeaving(error: string | null | undefined): boolean {
  return /ABORTED|BLOCKED_BY_CLIENT/i.test(error ?? '');
}

/** Of a stream that had begun. */
function reasonOf(error: string): CloseReason {
  if (/INCOMPLETE|CONTENT_LENGTH_MISMATCH|PARTIAL_TRANSFER|TRUNCATED/i.test(error)) return 'truncated';
  if (/TIMED_?OUT|NET_TIMEOUT|IDLE_TIMEOUT/i.test(error)) return 'idle';
  if (/INVALID|DECODING_FAILED|NOT_HTTP/i.test(error)) return 'protocol';
  return 'reset';
}

function bodyOf({ response }: HarEntry): { body?: string } {
  const { text, encoding } = response.content;
  return text && encoding !== 'base64' ? { body: text.slice(0, LONGEST_BODY) } : {};
}
