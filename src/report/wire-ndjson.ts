import type { EventPosition, Position, Printed, PrinterOptions } from '../listen/printer.ts';
import type { WireBlock, WireCut, WireLine } from '../listen/wire/wire-block.ts';
import type { SseEvent } from '../sse/sink.ts';
import { escapeJson } from './escape.ts';
import { NdjsonPrinter, roundNumbers } from './ndjson.ts';

/** What stands behind the fields of a record. */
const RECORD_END = '}\n';

/** `--format ndjson --wire`: events have a field `wire`, and other blocks are records of their own. */
export class WireNdjsonPrinter extends NdjsonPrinter {
  readonly #escape: boolean;

  constructor(options: PrinterOptions) {
    super(options);
    this.#escape = options.escape;
  }

  override event(event: SseEvent, at: EventPosition, wire?: WireBlock): Printed {
    const printed = super.event(event, at);
    if (wire === undefined || printed.data === undefined) return printed;
    const fields = printed.data.slice(0, -RECORD_END.length);
    return { data: `${fields},"wire":${this.#json(wireObject(wire))}${RECORD_END}` };
  }

  block(block: WireBlock, at: Position): Printed {
    const { id, retryMs } = block.effect;
    const record = {
      type: 'block',
      conn: at.conn,
      t: at.t,
      ...(block.unfinished ? { unfinished: true } : {}),
      ...(id === undefined ? {} : { setsId: id }),
      // JSON has no infinity; this is the same to whoever compares.
      ...(retryMs === undefined ? {} : { setsRetry: Math.min(retryMs, Number.MAX_VALUE) }),
      ...wireObject(block),
    };
    return { data: `${this.#json(record)}\n` };
  }

  #json(value: object): string {
    const json = JSON.stringify(value, roundNumbers);
    return this.#escape ? escapeJson(json) : json;
  }
}

function wireObject(block: WireBlock): object {
  const { chunks, readChunks, lines, lineCount, cuts, cutCount, lateLf } = block;
  return {
    offset: block.offset,
    bytes: block.sizeBytes,
    reads: block.reads.count,
    firstRead: block.reads.first,
    ...(chunks === undefined ? {} : { chunks: chunks.count, firstChunk: chunks.first }),
    ...(readChunks === undefined ? {} : { readChunks: readChunks.count, firstReadChunk: readChunks.first }),
    ends: block.ends,
    ...(lateLf === undefined ? {} : { lateLf }),
    lines: lines.map(lineObject),
    ...(lineCount === lines.length ? {} : { lineCount }),
    ...(cutCount === 0 ? {} : { cuts: cuts.map(cutObject) }),
    ...(cutCount === cuts.length ? {} : { cutCount }),
  };
}

function lineObject(line: WireLine): object {
  const { offset, bytes, sizeBytes, whole, end, afterMark, kind, invalidUtf8 } = line;
  // What was cut may end inside a character, which this leaves out.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: !invalidUtf8 });
  return {
    offset,
    text,
    ...(end === undefined ? {} : { end }),
    ...(kind === 'field' || kind === 'blank' ? {} : { kind }),
    ...(afterMark ? { bom: true } : {}),
    ...(invalidUtf8 ? { invalidUtf8 } : {}),
    ...(whole ? {} : { bytes: sizeBytes }),
  };
}

function cutObject({ offset, read, chunk }: WireCut): object {
  return {
    offset,
    ...(read === undefined ? {} : { read: read.number, t: read.t }),
    ...(chunk === undefined ? {} : { chunk }),
  };
}
