import type { RequestHead } from './exchange.ts';
import { isHeaderSafe, utf8AsLatin1 } from './headers.ts';
import type { HeaderPair, Warning } from './records.ts';
import type { Hop } from './redirect.ts';

export interface RequestOnWire {
  head: RequestHead;
  /** The headers as text, for people. */
  headers: readonly HeaderPair[];
  /** Something of it could not be sent. */
  warning?: Warning;
}

/** A hop's request as it is sent: with the id to resume from, and credentials for a proxy that forwards it. */
export function requestOnWire(
  hop: Hop,
  lastEventId: string,
  proxyAuthorization: string | undefined,
): RequestOnWire {
  const headers: HeaderPair[] = [...hop.headers];
  if (proxyAuthorization !== undefined) headers.push(['Proxy-Authorization', proxyAuthorization]);
  const sendable = isHeaderSafe(lastEventId);
  if (lastEventId !== '' && sendable) headers.push(['Last-Event-ID', lastEventId]);
  const { method, url, body } = hop;
  const bytes = headers.map(([name, value]): HeaderPair => [name, utf8AsLatin1(value)]);
  return {
    head: { method, url, body, headers: bytes },
    headers,
    ...(sendable ? {} : { warning: UNSENDABLE_ID }),
  };
}

const UNSENDABLE_ID: Warning = {
  code: 'last-event-id-unsendable',
  message: 'the last event id holds control characters and can not be sent in a header: no resume',
};
