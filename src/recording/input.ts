import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { gunzipped, isGzip } from './gunzip.ts';
import { RecordingError } from './recording-error.ts';
import { blocksOf } from './recording-file.ts';

/** What somebody gave for a recording, decompressed. */
export interface RecordingInput {
  /** Lines of a recording; a HAR file; or neither, and so the bytes of a stream. */
  kind: 'records' | 'har' | 'stream';
  /** To be read once. Closed with the iteration, also an early end of it. */
  bytes: AsyncGenerator<Buffer, void, undefined>;
}

/** The first bytes tell what a file is, where they are no blank space alone. */
const LONGEST_HEAD = 64 * 1024;

const BYTE_ORDER_MARK = '\ufeff';

/**
 * Opens a file, a pipe or standard input once, and looks at how it begins. A line of an event stream never begins
 * with a brace, unless it means nothing.
 *
 * @param from a path, or what is to be read
 * @throws RecordingError for what can't be read, or is empty
 */
export async function openRecordingInput(from: string | Readable): Promise<RecordingInput> {
  const source = typeof from === 'string' ? createReadStream(from) : from;
  const raw = await peek(blocksOf(source), 2);
  const plain = isGzip(raw.head) ? await peek(unzipped(raw.bytes), 1) : raw;
  if (plain.head.length === 0) {
    throw new RecordingError('the file is empty', { hint: 'was the recording ended at once?' });
  }
  return kindOf(plain);
}

async function kindOf(input: Peeked): Promise<RecordingInput> {
  let { head, bytes } = input;
  while (isBlank(head) && head.length < LONGEST_HEAD) {
    const more = await peek(bytes, head.length + 1);
    if (more.head.length === head.length) break;
    ({ head, bytes } = more);
  }
  const text = textOf(head);
  if (!text.startsWith('{')) return { kind: 'stream', bytes };
  return { kind: /^\{\s*"log"\s*:\s*\{/.test(text) ? 'har' : 'records', bytes };
}

interface Peeked {
  /** The first bytes: as many as were asked for, or more, unless there are no more. */
  head: Buffer;
  /** All bytes, the first ones again. */
  bytes: AsyncGenerator<Buffer, void, undefined>;
}

async function peek(source: AsyncGenerator<Buffer, void, undefined>, atLeast: number): Promise<Peeked> {
  let head: Buffer = Buffer.alloc(0);
  while (head.length < atLeast) {
    const { done, value } = await source.next();
    if (done === true) break;
    head = head.length === 0 ? value : Buffer.concat([head, value]);
  }
  return { head, bytes: withHead(head, source) };
}

async function* withHead(head: Buffer, rest: AsyncGenerator<Buffer, void, undefined>) {
  try {
    if (head.length > 0) yield head;
    yield* rest;
  } finally {
    await rest.return();
  }
}

async function* unzipped(blocks: AsyncGenerator<Buffer, void, undefined>) {
  yield* blocksOf(await gunzipped(Readable.from(blocks, { objectMode: false })));
}

function isBlank(head: Buffer): boolean {
  return textOf(head) === '';
}

function textOf(head: Buffer): string {
  const text = head.toString('utf8', 0, LONGEST_HEAD);
  return (text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text).trimStart();
}
