import { createFaultLine } from '../../../src/mock/faults/fault-line.ts';
import type { FaultContext, FaultLine, Outgoing, ResponseHead } from '../../../src/mock/faults/line.ts';
import { parseFaults } from '../../../src/mock/faults/parse.ts';
import type { Op } from '../../../src/mock/wire/op.ts';
import type { EncodableEvent } from '../../../src/sse/encoder.ts';
import { seededRandom } from '../../../src/stats/random.ts';

/** Events of the tests are due a second apart. */
export const INTERVAL_MS = 1000;

export function context(seed = 1, changes: Partial<FaultContext> = {}): FaultContext {
  return {
    draws: (name) => seededRandom(seed, name),
    connection: 1,
    lineEnd: 'lf',
    errorEvent: { event: 'error', data: 'broken' },
    splitGapMs: 5,
    ...changes,
  };
}

export function lineOf(texts: readonly string[], changes: Partial<FaultContext> = {}, seed = 1): FaultLine {
  const line = createFaultLine(parseFaults(texts), context(seed, changes));
  if (line === undefined) throw new Error(`no fault for this connection: ${texts.join(' ')}`);
  return line;
}

/** Event `n`, whose data is `n` unless it says otherwise. */
export function event(n: number, changes: Partial<EncodableEvent> = {}, done = false): Outgoing {
  return { kind: 'event', n, event: { id: String(n), data: String(n), ...changes }, done };
}

/** What the wire is told for events 1 to `count` and then an end in order. */
export function told(texts: readonly string[], count = 3, changes: Partial<FaultContext> = {}): string[] {
  return show(allOps(lineOf(texts, changes), count));
}

export function allOps(line: FaultLine, count: number): Op[] {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const events = numbers.flatMap((n) => line.send(event(n), n * INTERVAL_MS));
  return [...line.opened(), ...events, ...line.finish('end')];
}

/** Writes with their text, JSON-quoted where a control character or a broken one is in it. */
export function show(ops: readonly Op[]): string[] {
  return ops.map((op) => {
    switch (op.kind) {
      case 'write':
        return shown(op.frame.bytes);
      case 'wait':
      case 'freeze':
        return `${op.kind} ${op.ms}`;
      case 'until':
        return `until ${op.atMs}`;
      default:
        return op.kind;
    }
  });
}

/** All the bytes that are written. */
export function written(ops: readonly Op[]): Buffer {
  return Buffer.concat(ops.flatMap((op) => (op.kind === 'write' ? [op.frame.bytes] : [])));
}

export function headOf(
  texts: readonly string[],
  changes: Partial<FaultContext> = {},
  seed = 1,
): ResponseHead {
  const head: ResponseHead = { status: 200, headers: { 'content-type': 'text/event-stream' }, delayMs: 0 };
  lineOf(texts, changes, seed).head(head);
  return head;
}

/** UTF-8 where it is whole; else byte for byte. */
function shown(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : `bytes ${bytes.toString('latin1')}`;
}
