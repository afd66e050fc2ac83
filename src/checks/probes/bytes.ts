import { createHash } from 'node:crypto';
import type { HeaderPair } from '../../client/records.ts';
import { NotMeasurable } from '../not-measurable.ts';
import { observe } from '../observation/observe.ts';
import { visitOf } from '../observation/origins-answer.ts';
import type { OriginStep } from '../origin/script.ts';
import { type Judgement, type Probe, probe } from '../probe.ts';
import { scripted } from '../ways/scripted.ts';
import type { ProbeContext, Way } from '../ways/way.ts';

/** A part of the body, and what it is there to provoke. */
interface Part {
  name: string;
  text: string;
  /** How often over; the request that asks for it has to stay small. */
  times?: number;
}

interface Bytes {
  sentBytes: number;
  sentHash: string;
  receivedBytes: number;
  receivedHash: string;
  /** Whether it came as it was sent where the origin asked for that (`no-transform`); absent where it came so anyhow. */
  noTransformKeeps?: boolean;
  /** Where the two first differ, and both sides there, escaped; absent where they don't. */
  difference?: { offset: number; part: string; sent: string; received: string };
}

/** Of either side of a difference. */
const MOST_SHOWN = 40;
/** The answer is short and ends by itself: who holds it back has given it by then. */
const WATCH_MS = 10_000;

export const bytes: Probe = probe<Bytes>({
  id: 'bytes',
  title: 'the body arrives as it was sent',
  requirement: 'Every byte of the body reaches the client as the origin wrote it, and no other does.',
  seconds: 1,
  load: 'quiet',
  measure: measureBytes,
  judge: judgeBytes,
});

async function measureBytes(way: Way, context: ProbeContext): Promise<Bytes> {
  const seen = await measureOnce(way, context);
  if (seen.difference === undefined) return seen;
  const { difference } = await measureOnce(way, context, NO_TRANSFORM);
  return { ...seen, noTransformKeeps: difference === undefined };
}

/** What forbids whoever is in between to change the body (RFC 9111, section 5.2.2.6). */
const NO_TRANSFORM: readonly HeaderPair[] = [['Cache-Control', 'no-cache, no-transform']];

async function measureOnce(
  way: Way,
  { pool, origin, signal }: ProbeContext,
  headers: readonly HeaderPair[] = [],
): Promise<Bytes> {
  const parts = partsFor(origin.url);
  const { key, request } = scripted(way, { headers, steps: parts.map(stepFor) });
  const sent = Buffer.concat(parts.map(bytesOf));
  // What was appended is to be seen as well.
  const { head, body } = await observe(pool, request, {
    forMs: WATCH_MS,
    signal,
    keepBytes: sent.length + 1_024,
  });
  signal.throwIfAborted();
  await visitOf(origin, key, head);
  if (head === undefined || body === undefined) throw new NotMeasurable('no answer came');
  return compared(sent, body, parts);
}

/** What programs that look into bodies have been seen to trip over. */
function partsFor(originUrl: string): Part[] {
  return [
    { name: 'byte order mark', text: '\ufeff' },
    { name: 'LF', text: 'data: line feed\n\n' },
    { name: 'CRLF', text: 'data: carriage return and line feed\r\ndata\r\n\r\n' },
    { name: 'CR', text: 'data: carriage return\rdata\r\r' },
    { name: 'comment', text: ': <!-- a comment -->\n:\n\n' },
    { name: 'NUL in an id', text: 'id: a\0b\ndata: NUL\n\n' },
    { name: 'spaces at the end of a line', text: 'data: \t spaces \t \n\n' },
    { name: 'HTML', text: 'data: <html><head><title>t</title></head><body>b</body></html>\n\n' },
    { name: 'absolute URL', text: `data: <a href="${originUrl}page">${new URL(originUrl).host}</a>\n\n` },
    {
      name: 'characters outside ASCII',
      text: 'data: caf\u00e9 \u65e5\u672c\u8a9e \u{1f600}\u{1f1ea}\u{1f1fa} e\u0301\n\n',
    },
    { name: 'line of 20 KB', text: 'data: ' },
    { name: 'line of 20 KB', text: '0123456789abcdef', times: 1_280 },
    { name: 'end', text: '\n\nevent: last\ndata: done\n\n' },
  ];
}

function stepFor({ text, times = 1 }: Part): OriginStep {
  return { do: 'bytes', base64: Buffer.from(text).toString('base64'), times };
}

function bytesOf({ text, times = 1 }: Part): Buffer {
  return Buffer.from(text.repeat(times));
}

function compared(sent: Buffer, received: Buffer, parts: readonly Part[]): Bytes {
  const figures = {
    sentBytes: sent.length,
    sentHash: hashOf(sent),
    receivedBytes: received.length,
    receivedHash: hashOf(received),
  };
  if (sent.equals(received)) return figures;
  let offset = 0;
  while (offset < sent.length && sent[offset] === received[offset]) offset += 1;
  const part = partAt(offset, parts);
  return {
    ...figures,
    difference: { offset, part, sent: shown(sent, offset), received: shown(received, offset) },
  };
}

function hashOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function partAt(offset: number, parts: readonly Part[]): string {
  let end = 0;
  for (const part of parts) {
    end += bytesOf(part).length;
    if (offset < end) return part.name;
  }
  return 'behind the end';
}

/** From an offset on: ASCII as it is, every other byte as `\xNN`; never half of an escape. */
function shown(content: Buffer, offset: number): string {
  let text = '';
  for (const byte of content.subarray(offset, offset + MOST_SHOWN)) {
    const next = escaped(byte);
    if (text.length + next.length > MOST_SHOWN) break;
    text += next;
  }
  return text;
}

function escaped(byte: number): string {
  if (byte === 0x0a) return '\\n';
  if (byte === 0x0d) return '\\r';
  if (byte === 0x5c) return '\\\\';
  if (byte >= 0x20 && byte < 0x7f) return String.fromCharCode(byte);
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}

function judgeBytes(direct: Bytes, proxied: Bytes): Judgement {
  const figures = { direct: measured(direct), proxied: measured(proxied) };
  const { difference } = proxied;
  if (difference === undefined || direct.difference !== undefined) {
    return {
      ...figures,
      status: 'pass',
      summary: `${proxied.receivedBytes} bytes arrived${difference === undefined ? ' as they were sent' : ', changed without a proxy as well'}`,
      evidence: [],
    };
  }
  const { offset, part, sent, received } = difference;
  return {
    ...figures,
    status: 'fail',
    fault: 'bytes.changed',
    summary: `the body differs from byte ${offset} on (${part}): sent ${quoted(sent)}, received ${quoted(received)}`,
    evidence: [
      { k: 'changedPart', v: part },
      { k: 'offset', v: offset },
      { k: 'sent', v: sent },
      { k: 'received', v: received },
      ...(proxied.noTransformKeeps === undefined
        ? []
        : [{ k: 'noTransformKeeps', v: proxied.noTransformKeeps }]),
    ],
  };
}

function quoted(text: string): string {
  return text === '' ? 'nothing' : `"${text}"`;
}

function measured({ difference, noTransformKeeps: _, ...figures }: Bytes) {
  return { ...figures, firstDifferenceAt: difference?.offset ?? null };
}
