import type { HeaderPair } from '../../client/records.ts';
import type { RawRead } from './raw-exchange.ts';

/** The head of an answer, or of what comes before one (1xx). */
interface RawAnswerHead {
  /** Its last byte came. */
  at: number;
  http: string;
  status: number;
  /** In order, names in their own case. */
  headers: readonly HeaderPair[];
}

/** What was read of an answer over HTTP/1. */
export interface RawAnswer {
  /** Those of 1xx, in order. */
  interim: readonly RawAnswerHead[];
  head?: RawAnswerHead;
  /** What came behind the head, chunk framing and all. */
  body: Buffer;
}

/** Takes reads apart into heads and a body; what isn't whole yet, or isn't HTTP, is left out. */
export function answerIn(reads: readonly RawRead[]): RawAnswer {
  const bytes = Buffer.concat(reads.map((read) => read.bytes));
  const interim: RawAnswerHead[] = [];
  for (let from = 0; ; ) {
    const blank = bytes.indexOf('\r\n\r\n', from, 'latin1');
    if (blank < 0) return { interim, body: Buffer.alloc(0) };
    const end = blank + 4;
    const head = headIn(bytes.toString('latin1', from, blank), timeOf(reads, end));
    if (head === undefined) return { interim, body: Buffer.alloc(0) };
    if (head.status >= 200) return { interim, head, body: bytes.subarray(end) };
    interim.push(head);
    from = end;
  }
}

/** Whether a line of an event's data is among what came. */
export function hasEvent(reads: readonly RawRead[]): boolean {
  return answerIn(reads).body.includes('data:');
}

function headIn(text: string, at: number): RawAnswerHead | undefined {
  const [first = '', ...lines] = text.split('\r\n');
  const [, http, status] = /^HTTP\/(\d\.\d) (\d{3})/.exec(first) ?? [];
  if (http === undefined) return undefined;
  const headers = lines.map((line): HeaderPair => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  return { at, http, status: Number(status), headers };
}

/** When so many bytes had come. */
function timeOf(reads: readonly RawRead[], count: number): number {
  let sum = 0;
  for (const { at, bytes } of reads) {
    sum += bytes.length;
    if (sum >= count) return at;
  }
  return reads.at(-1)?.at ?? 0;
}
