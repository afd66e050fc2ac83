import { isHeaderSafe, utf8AsLatin1 } from '../../client/headers.ts';
import type { HeaderPair } from '../../client/records.ts';
import type { OpenRecord } from '../../recording/records.ts';
import { MASK } from '../../results/redaction.ts';
import type { RelayAnswer } from '../answer.ts';
import { contentOf, endToEnd, withoutHeaders } from '../relay/headers.ts';

/**
 * Headers that said something of that moment, or of that server's connections: the length is another with faults, and
 * what a browser would remember of them for this host would be wrong.
 */
const NOT_REPLAYED = [
  'content-length',
  'date',
  'alt-svc',
  'strict-transport-security',
  // Who may read it is for this server to say: the recorded page had another origin.
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'access-control-expose-headers',
];

/** What a stream without a head of its own has: one that was read from standard input. */
const PLAIN_STREAM: HeaderPair[] = [
  ['content-type', 'text/event-stream'],
  ['cache-control', 'no-cache'],
];

export interface ReplayedHead {
  status: number;
  headers: HeaderPair[];
  content: RelayAnswer['content'];
}

/** @param body `blocks` are sent as text, whatever the coding of the body was */
export function replayedHead(open: OpenRecord | undefined, body: 'chunks' | 'blocks'): ReplayedHead {
  if (open === undefined) return { status: 200, headers: PLAIN_STREAM, content: 'events' };
  const coded = body === 'blocks' ? ['content-encoding'] : [];
  const headers = withoutHeaders(endToEnd(pairs(open.headers)), [...NOT_REPLAYED, ...coded])
    .filter(([name, value]) => isSendable(name, value))
    .map(([name, value]): HeaderPair => [name, utf8AsLatin1(value)]);
  return { status: open.status, headers, content: contentOf(headers) };
}

function pairs(headers: OpenRecord['headers']): HeaderPair[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().map((each): HeaderPair => [name, each]),
  );
}

/** A credential that was masked in the recording is nothing to send, nor is what can't stand in a header. */
function isSendable(name: string, value: string): boolean {
  return value !== MASK && isHeaderSafe(value) && /^[!#$%&'*+.^_`|~0-9a-z-]+$/i.test(name);
}
