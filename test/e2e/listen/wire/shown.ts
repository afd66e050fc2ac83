import assert from 'node:assert/strict';
import { type Outcome, type RunningCli, startCli } from '../../harness/cli.ts';
import { recordsOfType } from '../../harness/records.ts';

/** `wire` of an event's record, and the same fields of a `block` record. */
export interface Wire {
  offset: number;
  bytes: number;
  reads: number;
  firstRead: number;
  chunks?: number;
  firstChunk?: number;
  readChunks?: number;
  ends: string;
  lateLf?: number;
  lines: {
    offset: number;
    text: string;
    end?: string;
    kind?: string;
    bom?: boolean;
    invalidUtf8?: boolean;
    bytes?: number;
  }[];
  lineCount?: number;
  cuts?: { offset: number; read?: number; t?: number; chunk?: number }[];
}

export interface Block extends Wire {
  t: number;
  conn: number;
  unfinished?: boolean;
  setsId?: string;
  setsRetry?: number;
}

const NDJSON = ['--wire', '--format', 'ndjson'];

export function startWire(url: string, ...flags: string[]): RunningCli {
  return startCli(['listen', url, ...NDJSON, ...flags]);
}

export function wires(outcome: Outcome): Wire[] {
  return recordsOfType(outcome, 'event').map(({ wire }) => wire as Wire);
}

export function blocks(outcome: Outcome): Block[] {
  return recordsOfType(outcome, 'block') as unknown as Block[];
}

export const textsOf = ({ lines }: Wire) => lines.map(({ text }) => text);

/** The bytes of a block, as far as its lines tell them. */
export function bytesOf({ lines }: Wire): Buffer {
  const endings: Record<string, string> = { lf: '\n', cr: '\r', crlf: '\r\n' };
  const text = lines.map(
    (line) => `${line.bom === true ? '\ufeff' : ''}${line.text}${endings[line.end ?? ''] ?? ''}`,
  );
  return Buffer.from(text.join(''));
}

/** The bytes of a block, between the places where chunks begin; as Latin-1, as a place may split a character. */
export function chunkParts(wire: Wire): string[] {
  const text = bytesOf(wire).toString('latin1');
  const places = (wire.cuts ?? [])
    .filter(({ chunk }) => chunk !== undefined)
    .map(({ offset }) => offset - wire.offset);
  return [0, ...places].map((from, index) => text.slice(from, places[index]));
}

/** Blocks lie side by side, and are as large as the bytes of their lines. */
export function assertGapless(all: readonly Wire[]): void {
  let end = 0;
  for (const wire of all.toSorted((a, b) => a.offset - b.offset)) {
    assert.equal(wire.lateLf ?? wire.offset, end);
    assert.equal(bytesOf(wire).length, wire.bytes);
    end = wire.offset + wire.bytes;
  }
}
