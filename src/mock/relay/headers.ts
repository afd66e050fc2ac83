import type { HeaderPair } from '../../client/records.ts';

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
