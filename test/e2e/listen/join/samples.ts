import { readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { rawServer } from '../../harness/raw-server.ts';
import { chunk, LAST_CHUNK, streamHead } from '../../harness/wire.ts';

/** A stream in the form of its service. */
export function sample(name: string): Buffer {
  return readFileSync(new URL(`../../../llm/samples/${name}`, import.meta.url));
}

/** A server that sends these bytes as a stream, in pieces of a size, and ends it in order; its URL. */
export async function serving(test: TestContext, bytes: string | Buffer, pieceSize = 4_096): Promise<string> {
  const body = Buffer.from(bytes);
  const { url } = await rawServer(test, async (client) => {
    await client.request();
    await client.write(streamHead.chunked);
    for (let at = 0; at < body.length; at += pieceSize) {
      const piece = body.subarray(at, at + pieceSize);
      await client.write(
        Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]),
      );
    }
    await client.write(LAST_CHUNK);
    client.finish();
  });
  return url;
}

/** A server that sends these bytes and keeps the connection; its URL. */
export async function holding(test: TestContext, bytes: string | Buffer): Promise<string> {
  const { url } = await rawServer(test, async (client) => {
    await client.request();
    await client.write(streamHead.chunked + chunk(bytes.toString()));
    await client.left();
  });
  return url;
}

export const event = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`;

export const said = (content: string, finish: string | null = null): string =>
  event({
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta: { content }, finish_reason: finish }],
  });
