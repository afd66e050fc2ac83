import { parseContentEncoding } from '../../client/content-coding.ts';
import { headerValue } from '../../client/headers.ts';
import { mimeEssence } from '../../client/mime-type.ts';
import type { HeaderPair } from '../../client/records.ts';
import type { RelayAnswer } from '../answer.ts';
import type { HeaderList } from '../http/head.ts';

/** What belongs to one connection, and never to the next (RFC 9110 §7.6.1, RFC 9112 §6.1). */
const OF_THE_CONNECTION = new Set([
  'connection',
  'proxy-connection',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'proxy-authenticate',
  'proxy-authorization',
]);

/** The headers that go on to the other side: without those of the connection, and those that `Connection` names. */
export function endToEnd(headers: readonly HeaderPair[]): HeaderPair[] {
  const named = headers
    .filter(([name]) => name.toLowerCase() === 'connection')
    .flatMap(([, value]) => value.toLowerCase().split(','))
    .map((name) => name.trim());
  const left = new Set([...OF_THE_CONNECTION, ...named]);
  return headers.filter(([name]) => !left.has(name.toLowerCase()));
}

export function withoutHeaders(headers: readonly HeaderPair[], names: readonly string[]): HeaderPair[] {
  return headers.filter(([name]) => !names.includes(name.toLowerCase()));
}

/** Which answers faults have to do with, and how. */
export function contentOf(headers: readonly HeaderPair[]): RelayAnswer['content'] {
  if (mimeEssence(headerValue(headers, 'content-type') ?? '') !== 'text/event-stream') return 'other';
  return parseContentEncoding(headerValue(headers, 'content-encoding') ?? '').length === 0
    ? 'events'
    : 'coded stream';
}

/** The pairs as faults know headers: an object with names in lower case. What they change in it is changed here. */
export function changedHeaders(
  headers: readonly HeaderPair[],
  change: (headers: Record<string, string>) => void,
): HeaderPair[] {
  const before = Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));
  const after = { ...before };
  change(after);
  const changed = Object.entries(after).filter(([name, value]) => before[name] !== value);
  const gone = Object.keys(before).filter((name) => before[name] !== after[name]);
  return [...withoutHeaders(headers, gone), ...changed];
}

/** CORS is the server's own where whoever answered said nothing of it. */
export function withCors(headers: HeaderList, cors: Readonly<Record<string, string>>): HeaderPair[] {
  const hasOwn = headers.some(([name]) => name.toLowerCase() === 'access-control-allow-origin');
  return hasOwn ? [...headers] : [...headers, ...Object.entries(cors)];
}
