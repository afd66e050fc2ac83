import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Instrument, InstrumentContext } from '../../../src/listen/instrument.ts';
import { wire } from '../../../src/listen/wire/wire.ts';
import type { WireBlock } from '../../../src/listen/wire/wire-block.ts';
import { createDecoder } from '../../../src/sse/decoder.ts';
import { anAnswer, anEnding, opened } from '../../report/samples.ts';

const firstLine = ({ lines }: WireBlock) => `${lines[0]?.bytes}`;

/** A run that is read by a decoder, and what was printed of it so far. */
class Run {
  readonly printed: string[] = [];
  readonly #view: Instrument;
  readonly #decoder = createDecoder({
    event: (event, t) => {
      const shown = event.event === 'hidden' ? undefined : event;
      this.#view.event?.(event, { t, conn: 1, n: 1, dt: 0 }, shown);
      const bytes = this.#view.wire?.();
      if (shown !== undefined) this.printed.push(`event ${event.data} of ${bytes && firstLine(bytes)}`);
    },
    comment: (text) => this.printed.push(`comment ${text}`),
    retry: () => {},
  });

  constructor() {
    const printBlock: InstrumentContext['printBlock'] = (block, { t }) =>
      this.printed.push(`${block.unfinished ? 'rest' : 'block'} ${firstLine(block)} at ${t}`);
    this.#view = wire({ printBlock } as InstrumentContext);
    this.#view.open?.(anAnswer(), opened, true);
  }

  read(text: string, t: number): void {
    const bytes = Buffer.from(text);
    this.#view.chunk?.(bytes, { t, conn: 1 });
    this.#view.body?.(bytes, { t, conn: 1 });
    this.#decoder.push(bytes, t);
  }

  end(reason: 'eof' | 'client', t: number): void {
    this.#view.close?.(anEnding({ reason }), { t, conn: 1 }, true);
  }
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('the wire view', () => {
  test('prints blocks in their order among the events, once the decoder is through with the read', async () => {
    const run = new Run();
    run.read(': a\n\ndata: 1\n\nid: b\n\n: c\n\ndata: 2\n\n: d\n\nda', 1);
    await turn();
    assert.deepEqual(run.printed, [
      'comment a',
      'block : a at 1',
      'event 1 of data: 1',
      'comment c',
      'block id: b at 1',
      'block : c at 1',
      'event 2 of data: 2',
      'comment d',
      'block : d at 1',
    ]);
  });

  test('does not wait for a next read', async () => {
    const run = new Run();
    run.read(': a\n\n', 1);
    await turn();
    assert.deepEqual(run.printed, ['comment a', 'block : a at 1']);
  });

  test('gives each event its own bytes, those of hidden ones to nobody', () => {
    const run = new Run();
    run.read('data: 1\n\nevent: hidden\ndata: 2\n\n: x\n\nid: 3\ndata: 3\n\n', 1);
    assert.deepEqual(run.printed, ['event 1 of data: 1', 'comment x', 'block : x at 1', 'event 3 of id: 3']);
  });

  test('prints what is unfinished where the stream ends, and not where it is left', async () => {
    const run = new Run();
    run.read(': a\n\ndata: 1\n', 1);
    run.read('da', 2);
    run.end('eof', 9);
    assert.deepEqual(run.printed, ['comment a', 'block : a at 1', 'rest data: 1 at 9']);
    const left = new Run();
    left.read('data: 1\n\n: a\n\ndata: 2\n', 1);
    left.end('client', 9);
    await turn();
    assert.deepEqual(left.printed, ['event 1 of data: 1', 'comment a']);
  });

  test('lets no more than a thousand blocks wait in a read without events', () => {
    const run = new Run();
    run.read('\n'.repeat(60_000), 1);
    assert.ok(run.printed.length > 58_000);
  });
});
