import type { DecoderEnd } from '../../src/sse/sink.ts';

type ReferenceRecord =
  | { type: 'event'; event: string; data: string; id: string | undefined; lastEventId: string; bytes: number }
  | { type: 'comment'; text: string }
  | { type: 'retry'; ms: number };

export interface ReferenceResult {
  records: ReferenceRecord[];
  end: DecoderEnd;
  lastEventId: string;
}

interface Line {
  bytes: Uint8Array;
  ending: string;
}

/**
 * The standard's algorithm (sections 9.2.5 and 9.2.6) in its own order, on a whole stream, with no regard for speed:
 * what the decoder must agree with.
 */
export function decodeByTheLetter(stream: Uint8Array): ReferenceResult {
  const records: ReferenceRecord[] = [];
  let lastEventId = '';
  let data: string[] = [];
  let type = '';
  let id: string | undefined;
  let bytes = 0;
  let hasField = false;
  let hasEventPart = false;
  let endingBefore = '';
  const { lines, rest } = splitLines(withoutMark(stream));
  for (const { bytes: line, ending } of lines) {
    if (line.length === 0) {
      // A blank line counts as the line before it suggests, for an event may not wait for the LF of a CRLF.
      bytes += ending !== '\n' && endingBefore === '\r\n' ? 2 : 1;
      if (id !== undefined) lastEventId = id;
      if (data.length > 0) {
        records.push({
          type: 'event',
          event: type || 'message',
          data: data.join('\n'),
          id,
          lastEventId,
          bytes,
        });
      }
      data = [];
      type = '';
      id = undefined;
      bytes = 0;
      hasField = false;
      hasEventPart = false;
      endingBefore = '';
      continue;
    }
    bytes += line.length + ending.length;
    endingBefore = ending;
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(line);
    const colon = text.indexOf(':');
    const name = colon === -1 ? text : text.slice(0, colon);
    const value = colon === -1 ? '' : text.slice(colon + 1).replace(/^ /, '');
    if (colon === 0) {
      records.push({ type: 'comment', text: value });
      continue;
    }
    hasField = true;
    hasEventPart ||= ['data', 'event', 'id'].includes(name);
    if (name === 'data') data.push(value);
    else if (name === 'event') type = value;
    else if (name === 'id' && !value.includes('\0')) id = value;
    else if (name === 'retry' && /^[0-9]+$/.test(value)) records.push({ type: 'retry', ms: Number(value) });
  }
  return {
    records,
    end: {
      pendingBytes: bytes + rest.length,
      insideEvent: hasField || rest.length > 0,
      losesEvent: hasEventPart || mayBeEventPart(rest),
    },
    lastEventId,
  };
}

/** A line without its end: of an event if its name is one of an event's, or the beginning of one. */
function mayBeEventPart(line: Uint8Array): boolean {
  const [name = '', value] = Buffer.from(line).toString('latin1').split(':');
  const isPart = (field: string) => (value === undefined ? field.startsWith(name) : field === name);
  return name !== '' && ['data', 'event', 'id'].some(isPart);
}

function withoutMark(stream: Uint8Array): Uint8Array {
  return stream[0] === 0xef && stream[1] === 0xbb && stream[2] === 0xbf ? stream.subarray(3) : stream;
}

function splitLines(stream: Uint8Array): { lines: Line[]; rest: Uint8Array } {
  const lines: Line[] = [];
  let start = 0;
  for (let i = 0; i < stream.length; i++) {
    if (stream[i] !== 10 && stream[i] !== 13) continue;
    const ending = stream[i] === 10 ? '\n' : stream[i + 1] === 10 ? '\r\n' : '\r';
    lines.push({ bytes: stream.subarray(start, i), ending });
    i += ending.length - 1;
    start = i + 1;
  }
  return { lines, rest: stream.subarray(start) };
}
