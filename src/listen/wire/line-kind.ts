import type { BlockEffect, LineKind } from './wire-block.ts';

const COLON = 0x3a;
const SPACE = 0x20;
const NUL = 0x00;

/** A line as the HTML standard reads it (section 9.2.6). */
export interface ReadLine {
  kind: LineKind;
  isData: boolean;
  /** What it does by itself, should its block have no data. */
  effect?: BlockEffect;
}

const BLANK: ReadLine = { kind: 'blank', isData: false };
const COMMENT: ReadLine = { kind: 'comment', isData: false };
const DATA: ReadLine = { kind: 'field', isData: true };
const FIELD: ReadLine = { kind: 'field', isData: false };
const UNKNOWN: ReadLine = { kind: 'unknown-field', isData: false };

/** @param line without its ending */
export function readLine(line: Buffer): ReadLine {
  if (line.length === 0) return BLANK;
  const colon = line.indexOf(COLON);
  if (colon === 0) return COMMENT;
  switch (line.toString('latin1', 0, colon === -1 ? line.length : colon)) {
    case 'data':
      return DATA;
    case 'event':
      return FIELD;
    case 'id':
      return readId(fieldValue(line, colon));
    case 'retry':
      return readRetry(fieldValue(line, colon).toString('latin1'));
    default:
      return UNKNOWN;
  }
}

function readId(value: Buffer): ReadLine {
  if (value.includes(NUL)) return { kind: 'ignored-id', isData: false };
  return { kind: 'field', isData: false, effect: { id: value.toString() } };
}

function readRetry(value: string): ReadLine {
  if (!/^[0-9]+$/.test(value)) return { kind: 'ignored-retry', isData: false };
  return { kind: 'field', isData: false, effect: { retryMs: Number(value) } };
}

function fieldValue(line: Buffer, colon: number): Buffer {
  if (colon === -1) return line.subarray(line.length);
  return line.subarray(line[colon + 1] === SPACE ? colon + 2 : colon + 1);
}
