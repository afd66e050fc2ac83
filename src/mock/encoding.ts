import { encodeComment, encodeEvent } from '../sse/encoder.ts';
import type { LineEnd } from './answer.ts';
import type { Outgoing } from './faults/line.ts';

export const LINE_ENDS: Readonly<Record<LineEnd, string>> = { lf: '\n', cr: '\r', crlf: '\r\n' };

/** The bytes of what a stream sends, where no fault changes them. */
export function encode(item: Outgoing, lineEnd: LineEnd): string | Buffer {
  if ('bytes' in item) return Buffer.from(item.bytes);
  const text = textOf(item);
  return lineEnd === 'lf' ? text : text.replaceAll('\n', LINE_ENDS[lineEnd]);
}

function textOf(item: Exclude<Outgoing, { kind: 'bytes' }>): string {
  switch (item.kind) {
    case 'event':
      return encodeEvent(item.event);
    case 'comment':
      return encodeComment(item.text);
    case 'retry':
      return `retry: ${item.ms}\n\n`;
    case 'heartbeat':
      return item.event === undefined ? encodeComment('keep-alive') : encodeEvent(item.event);
  }
}
