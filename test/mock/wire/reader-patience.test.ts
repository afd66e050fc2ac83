import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dropUnlessTaken } from '../../../src/mock/wire/reader-patience.ts';
import { until } from '../../e2e/harness/until.ts';

describe('the patience with a reader who has yet to take the end', () => {
  test('is not needed where nothing is left', () => {
    assert.equal(
      dropUnlessTaken({ heldBytes: 0 }, () => assert.fail('dropped')),
      undefined,
    );
  });

  test('lasts for as long as some of it is taken', async () => {
    const wire = { heldBytes: 10 };
    let looked = 0;
    const slow = {
      get heldBytes() {
        looked += 1;
        // It takes a byte whenever someone looks, down to the last three.
        wire.heldBytes = Math.max(3, wire.heldBytes - 1);
        return wire.heldBytes;
      },
    };
    let droppedAt: number | undefined;
    const timer = dropUnlessTaken(
      slow,
      () => {
        droppedAt ??= looked;
      },
      1,
    );
    timer?.ref();
    await until(() => droppedAt !== undefined);
    clearInterval(timer);
    assert.ok((droppedAt ?? 0) >= 7, `it was dropped after ${droppedAt} looks`);
    assert.equal(wire.heldBytes, 3);
  });
});
