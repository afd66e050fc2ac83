import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { brotliDecompressSync, constants, gunzipSync } from 'node:zlib';
import { CompressedWire, type Compression } from '../../../src/mock/wire/compressed.ts';
import { Frame } from '../../../src/mock/wire/frame.ts';
import type { Wire } from '../../../src/mock/wire/wire.ts';
import { seededRandom } from '../../../src/stats/random.ts';
import { until } from '../../e2e/harness/until.ts';

/** A wire that takes everything at once. */
class TakingWire implements Wire {
  onClose: (() => void) | undefined;
  closed = false;
  heldBytes = 0;
  readonly taken: Buffer[] = [];
  readonly endings: string[] = [];

  get sentBytes(): number {
    return Buffer.concat(this.taken).length;
  }
  write(frame: Frame): void {
    this.taken.push(frame.bytes);
  }
  onceDrained(callback: () => void): void {
    callback();
  }
  end(): void {
    this.#end('end');
  }
  cut(): void {
    this.#end('cut');
  }
  reset(): void {
    this.#end('reset');
  }

  #end(how: string): void {
    this.endings.push(how);
    this.closed = true;
    this.onClose?.();
  }
}

const PARTLY = {
  gzip: (bytes: Buffer) => gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }),
  br: (bytes: Buffer) => brotliDecompressSync(bytes, { finishFlush: constants.BROTLI_OPERATION_FLUSH }),
};

function wires(compression: Compression) {
  const inner = new TakingWire();
  return { inner, wire: new CompressedWire(inner, compression) };
}

const drained = (wire: Wire) => new Promise<void>((resolve) => wire.onceDrained(resolve));

for (const encoding of ['gzip', 'br'] as const) {
  describe(`a body compressed with ${encoding}`, () => {
    test('can be read behind each write', async () => {
      const { inner, wire } = wires({ encoding, flushing: 'each write' });
      for (const text of ['one', 'two', 'three']) {
        const before = inner.sentBytes;
        wire.write(new Frame(text));
        assert.ok(wire.heldBytes > 0);
        await drained(wire);
        assert.ok(inner.sentBytes > before);
        assert.ok(PARTLY[encoding](Buffer.concat(inner.taken)).toString().endsWith(text));
      }
      assert.equal(wire.heldBytes, 0);
      assert.equal(wire.sentBytes, 11);
    });

    test('is whole when it has ended', async () => {
      const { inner, wire } = wires({ encoding, flushing: 'never' });
      wire.write(new Frame('one'));
      wire.write(new Frame('two'));
      wire.end();
      await until(() => inner.closed);
      const body = Buffer.concat(inner.taken);
      assert.equal(
        (encoding === 'gzip' ? gunzipSync(body) : brotliDecompressSync(body)).toString(),
        'onetwo',
      );
      assert.deepEqual(inner.endings, ['end']);
    });

    test('that is cut has all that was written, without the mark of its end', async () => {
      const { inner, wire } = wires({ encoding, flushing: 'never' });
      wire.write(new Frame('one'));
      wire.cut();
      wire.write(new Frame('two'));
      await until(() => inner.closed);
      const body = Buffer.concat(inner.taken);
      assert.equal(PARTLY[encoding](body).toString(), 'one');
      assert.throws(() => (encoding === 'gzip' ? gunzipSync(body) : brotliDecompressSync(body)));
    });
  });
}

test('a body that is never flushed comes when the compressor has had enough', async () => {
  const { inner, wire } = wires({ encoding: 'gzip', flushing: 'never' });
  wire.write(new Frame('data: 1\n\n'));
  await drained(wire);
  const header = inner.sentBytes;
  assert.ok(header <= 10, `${header} bytes`);
  const random = seededRandom(1);
  let written = 0;
  while (inner.sentBytes === header) {
    // Nothing in it repeats, so that it shrinks little.
    const text = Array.from({ length: 1000 }, () => random().toString(36).slice(2)).join('');
    wire.write(new Frame(text));
    written += text.length;
    await drained(wire);
  }
  assert.ok(written > 10_000);
});

test('a body whose connection goes is compressed no further, and says so once', async () => {
  const { inner, wire } = wires({ encoding: 'gzip', flushing: 'each write' });
  let closes = 0;
  wire.onClose = () => {
    closes += 1;
  };
  wire.write(new Frame('one'));
  wire.reset();
  wire.write(new Frame('two'));
  wire.onceDrained(() => assert.fail('it is gone'));
  await setImmediate();
  assert.deepEqual([closes, wire.closed, inner.endings], [1, true, ['reset']]);
  assert.equal(wire.sentBytes, 3);
});
