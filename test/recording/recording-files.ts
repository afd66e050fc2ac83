import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** A folder that goes with the test. */
export function temporaryFolder(test: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'ssekit-recording-'));
  test.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a file that goes with the test: bytes as they are, or records, a line each. */
export function recordingFile(
  test: TestContext,
  content: string | Uint8Array | readonly object[],
  name = 'recording.ndjson',
): string {
  const path = join(temporaryFolder(test), name);
  const isBytes = typeof content === 'string' || content instanceof Uint8Array;
  writeFileSync(path, isBytes ? content : content.map((each) => `${JSON.stringify(each)}\n`).join(''));
  return path;
}

export interface Made {
  conn?: number;
  t?: number;
  [field: string]: unknown;
}

/** Lines of a recording, with what every line of their type has. */
export const line = {
  open: ({ conn = 1, t = 0, ...fields }: Made = {}) => ({
    type: 'open',
    v: 1,
    t,
    conn,
    attempt: 1,
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    framing: 'chunked',
    ...fields,
  }),
  chunk: (bytes: string | Uint8Array, { conn = 1, t = 0, ...fields }: Made = {}) => ({
    type: 'chunk',
    conn,
    t,
    b64: Buffer.from(bytes as string).toString('base64'),
    ...fields,
  }),
  event: (data: string, { conn = 1, t = 0, ...fields }: Made = {}) => ({
    type: 'event',
    conn,
    n: 1,
    t,
    dt: 0,
    event: 'message',
    lastEventId: '',
    data,
    ...fields,
  }),
  close: (reason: string, { conn = 1, t = 0, ...fields }: Made = {}) => ({
    type: 'close',
    conn,
    t,
    reason,
    events: 0,
    bytes: 0,
    pendingBytes: 0,
    ...fields,
  }),
};
