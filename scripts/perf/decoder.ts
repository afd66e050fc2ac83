import { pathToFileURL } from 'node:url';
import { createParser } from 'eventsource-parser';
import { createDecoder } from '../../src/sse/decoder.ts';
import type { SseSink } from '../../src/sse/sink.ts';

/** How the decoder does against bare eventsource-parser behind a `TextDecoder`: above 1 it is faster. */
export interface DecoderPerfRow {
  name: string;
  /** Events a second, the median of the rounds. */
  ours: number;
  theirs: number;
  ratio: number;
}

const EVENTS = 60_000;
const ROUNDS = 15;
const CHUNK_BYTES = 64 * 1024;
const EVENT_BYTES = 120;

/** An event of 120 bytes with LF, of id, event and data lines; `fill` makes up the data. */
function eventText(n: number, fill: string): string {
  const head = `id: ${String(n).padStart(10, '0')}\nevent: update\ndata: `;
  const room = EVENT_BYTES - Buffer.byteLength(head) - 2;
  return `${head}${fill.repeat(Math.floor(room / Buffer.byteLength(fill)))}\n\n`;
}

function events(fill: string): Buffer[] {
  return Array.from({ length: EVENTS }, (_, n) => Buffer.from(eventText(n, fill)));
}

function inChunks(blocks: readonly Buffer[]): Buffer[] {
  const stream = Buffer.concat(blocks);
  const chunks: Buffer[] = [];
  for (let i = 0; i < stream.length; i += CHUNK_BYTES) chunks.push(stream.subarray(i, i + CHUNK_BYTES));
  return chunks;
}

function withCrLf(blocks: readonly Buffer[]): Buffer[] {
  return blocks.map((block) => Buffer.from(block.toString().replaceAll('\n', '\r\n')));
}

/** Milliseconds for all chunks through a new decoder. */
function timeOurs(chunks: readonly Buffer[]): number {
  let seen = 0;
  const sink: SseSink = {
    event: (event) => {
      seen += event.data.length > 0 ? 1 : 0;
    },
    comment: () => {},
    retry: () => {},
  };
  const started = performance.now();
  const decoder = createDecoder(sink);
  for (let i = 0; i < chunks.length; i++) decoder.push(chunks[i] as Buffer, i);
  decoder.end();
  const took = performance.now() - started;
  if (seen !== EVENTS) throw new Error(`The decoder saw ${seen} events of ${EVENTS}`);
  return took;
}

function timeTheirs(chunks: readonly Buffer[]): number {
  let seen = 0;
  const started = performance.now();
  const text = new TextDecoder('utf-8', { ignoreBOM: true });
  const parser = createParser({
    onEvent: (event) => {
      seen += event.data.length > 0 ? 1 : 0;
    },
  });
  for (const chunk of chunks) parser.feed(text.decode(chunk, { stream: true }));
  // It holds an event back whose last CR ends the stream.
  parser.feed('\n');
  const took = performance.now() - started;
  if (seen !== EVENTS) throw new Error(`The parser saw ${seen} events of ${EVENTS}`);
  return took;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

/** Runs both in turns, so that whatever else the machine does falls on both. */
function compare(name: string, chunks: readonly Buffer[]): DecoderPerfRow {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = -2; round < ROUNDS; round++) {
    const first =
      round % 2 === 0
        ? [timeOurs(chunks), timeTheirs(chunks)]
        : [timeTheirs(chunks), timeOurs(chunks)].reverse();
    // The first rounds are the compiler's.
    if (round < 0) continue;
    ours.push(first[0] as number);
    theirs.push(first[1] as number);
  }
  const perSecond = (ms: number) => (EVENTS / ms) * 1000;
  return {
    name,
    ours: perSecond(median(ours)),
    theirs: perSecond(median(theirs)),
    ratio: median(theirs.map((ms, i) => ms / (ours[i] as number))),
  };
}

/** Measures the decoder; events a second and the ratio of each case. */
export async function measureDecoder(): Promise<DecoderPerfRow[]> {
  const ascii = events('x');
  const wide = events('żółw 🐢 ');
  return [
    compare('64 KB chunks', inChunks(ascii)),
    compare('one event a chunk', ascii),
    compare('64 KB chunks, not ASCII', inChunks(wide)),
    compare('one event a chunk, not ASCII', wide),
    compare('64 KB chunks, CRLF', inChunks(withCrLf(ascii))),
    compare('one event a chunk, CRLF', withCrLf(ascii)),
  ];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const perSecond = (value: number) => `${Math.round(value / 1000)}k/s`;
  console.table(
    (await measureDecoder()).map(({ name, ours, theirs, ratio }) => ({
      name,
      ours: perSecond(ours),
      theirs: perSecond(theirs),
      ratio: ratio.toFixed(2),
    })),
  );
}
