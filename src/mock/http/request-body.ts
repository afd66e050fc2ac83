import type { Readable } from 'node:stream';
import { RequestError } from '../request.ts';

/** A client that sends nothing of its body for so long has gone, whatever its kernel says. */
const SILENCE_MS = 60_000;

/**
 * Reads a body whole, however long it takes as long as some of it comes.
 *
 * @throws RequestError 413 as soon as it is known to be longer, 408 when nothing comes for a minute; the rest is not read
 */
export function readBody(request: Readable, declared: string | undefined, maxBytes: number): Promise<Buffer> {
  const tooLarge = () =>
    new RequestError(413, `the body is larger than ${maxBytes} bytes`, { connection: 'close' });
  if (Number(declared) > maxBytes) return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    let silence: NodeJS.Timeout | undefined;
    const giveUp = (error: RequestError) => {
      clearTimeout(silence);
      request.removeAllListeners('data').pause();
      reject(error);
    };
    const listen = () => {
      clearTimeout(silence);
      silence = setTimeout(() => giveUp(tooSilent()), SILENCE_MS);
    };
    const cutShort = () => {
      clearTimeout(silence);
      reject(new RequestError(400, 'the body ended before it was whole'));
    };
    listen();
    request.on('data', (part: Buffer) => {
      size += part.length;
      if (size > maxBytes) giveUp(tooLarge());
      else {
        parts.push(part);
        listen();
      }
    });
    request.once('end', () => {
      clearTimeout(silence);
      resolve(Buffer.concat(parts));
    });
    request.once('close', cutShort);
    request.once('error', cutShort);
  });
}

function tooSilent(): RequestError {
  const message = `nothing of the body came for ${SILENCE_MS / 1_000} s`;
  return new RequestError(408, message, { connection: 'close' });
}
