import { setTimeout as sleep } from 'node:timers/promises';
import type { RawConnection } from '../harness/raw-connection.ts';
import type { Script } from '../harness/raw-server.ts';
import { answer, chunk, LAST_CHUNK, streamHead } from '../harness/wire.ts';

/** What a server does with one connection after its request has come. */
export type Turn = (client: RawConnection) => Promise<void> | void;

/** Serves the connections one after the other; the last turn is repeated. */
export function inTurn(...turns: Turn[]): Script {
  return async (client) => {
    await client.request();
    await turns[Math.min(client.number, turns.length) - 1]?.(client);
  };
}

/** Writes the bytes and ends the connection. */
export const send =
  (...parts: string[]): Turn =>
  async (client) => {
    await client.write(parts.join(''));
    client.finish();
  };

/** A stream with this body, ended as it should be. */
export const stream = (body: string): Turn => send(streamHead.chunked, chunk(body), LAST_CHUNK);

/** A reset takes along what the client's kernel holds unread: the body needs time to be read. */
const TIME_TO_READ_MS = 150;

/** A stream with this body, whose connection breaks when the client has read it. */
export const streamThenReset =
  (body: string): Turn =>
  async (client) => {
    await client.write(streamHead.chunked + chunk(body));
    await sleep(TIME_TO_READ_MS);
    client.reset();
  };

/** A stream with this body that then says nothing until the client leaves. */
export const streamThenSilence =
  (body: string): Turn =>
  async (client) => {
    await client.write(streamHead.chunked + chunk(body));
    await client.left();
  };

export const status = (line: string, headers: Record<string, string> = {}): Turn =>
  send(answer(line, headers));

/** The server wants no reconnect: ends a run of `--follow`. */
export const noContent: Turn = send('HTTP/1.1 204 No Content\r\n\r\n');

export const event = (id: string | number, data: string | number = id): string =>
  `id: ${id}\ndata: ${data}\n\n`;

/** A header's bytes as the text that they are in UTF-8. */
export function utf8(header: string | undefined): string | undefined {
  return header === undefined ? undefined : Buffer.from(header, 'latin1').toString('utf8');
}
