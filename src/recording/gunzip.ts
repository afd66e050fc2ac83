import { pipeline, type Readable } from 'node:stream';

/** Whether a file that begins so is compressed (RFC 1952 §2.3.1): a name may say anything. */
export function isGzip(head: Buffer): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/** What is in compressed data. Errors of the source come out of it too. */
export async function gunzipped(source: Readable): Promise<Readable> {
  const { constants, createGunzip } = await import('node:zlib');
  // Whoever was recording may have been killed: what is there of the last block is good.
  return pipeline(source, createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }), () => {});
}
