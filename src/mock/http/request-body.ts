import type { Readable } from 'node:stream';
import { RequestError } from '../request.ts';

/**
 * Reads a body whole.
 *
 * @throws RequestError 413 as soon as it is known to be longer; the rest is not read
 */
export function readBody(request: Readable, declared: string | undefined, maxBytes: number): Promise<Buffer> {
  const tooLarge = () =>
    new RequestError(413, `the body is larger than ${maxBytes} bytes`, { connection: 'close' });
  if (Number(declared) > maxBytes) return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    request.on('data', (part: Buffer) => {
      size += part.length;
      if (size > maxBytes) {
        request.removeAllListeners('data').pause();
        reject(tooLarge());
      } else parts.push(part);
    });
    request.once('end', () => resolve(Buffer.concat(parts)));
    request.once('close', () => reject(new RequestError(400, 'the body ended before it was whole')));
    request.once('error', () => reject(new RequestError(400, 'the body ended before it was whole')));
  });
}
