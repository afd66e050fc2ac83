import type { IncomingHttpHeaders } from 'node:http';
import { utf8AsLatin1 } from '../../client/headers.ts';
import type { HeaderPair } from '../../client/records.ts';
import { contentOf, endToEnd, withoutHeaders } from '../relay/headers.ts';
import { locationHere } from './target.ts';

/**
 * Not for the upstream: `Host` and the length are written anew, a body is whole by now, and with a coding nobody on
 * the way could tell where an event ends.
 */
const NOT_PASSED_ON = ['host', 'content-length', 'expect', 'accept-encoding', 'http2-settings'];

export interface Forwarding {
  /** Address of who asks. */
  remoteAddress: string;
  httpVersion: string;
  /** What this server calls itself on the way (RFC 9110 §7.6.3). */
  pseudonym: string;
  /** Of the user and password in the upstream's URL; the client's own goes first. */
  authorization: string | undefined;
}

/** The headers that the upstream gets. */
export function requestHeaders(headers: IncomingHttpHeaders, by: Forwarding): HeaderPair[] {
  const passed = withoutHeaders(endToEnd(pairs(headers)), [...NOT_PASSED_ON, 'x-forwarded-for', 'via']);
  const own = headers.authorization === undefined ? by.authorization : undefined;
  return [
    ...passed,
    ['x-forwarded-for', added(headers['x-forwarded-for'], by.remoteAddress)],
    ['via', added(headers.via, `${by.httpVersion} ${by.pseudonym}`)],
    ...(own === undefined ? [] : [['authorization', own] as const]),
  ];
}

/** The headers that the client gets, as the Latin-1 strings that Node writes. */
export function responseHeaders(headers: readonly HeaderPair[], upstream: URL): HeaderPair[] {
  // Faults make a stream longer or shorter.
  const length = contentOf(headers) === 'other' ? [] : ['content-length'];
  return withoutHeaders(endToEnd(headers), length).map(([name, value]) => [
    name,
    utf8AsLatin1(name.toLowerCase() === 'location' ? locationHere(upstream, value) : value),
  ]);
}

function added(before: string | string[] | undefined, value: string): string {
  return [...[before ?? []].flat(), value].join(', ');
}

function pairs(headers: IncomingHttpHeaders): HeaderPair[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((each): HeaderPair => [name, each]),
  );
}
