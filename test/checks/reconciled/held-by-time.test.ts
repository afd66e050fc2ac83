import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { asHeldByTime } from '../../../src/checks/reconciled/held-by-time.ts';
import type { Measured, ProbeResult } from '../../../src/results/check/result.ts';
import { found, passed } from '../diagnosis/measured.ts';

/** 15 small events in 6 pieces behind HAProxy, as two busy cores let them come: without a beat. */
function torn(bursts = 6): ProbeResult {
  return {
    ...found('timing', 'buffer.threshold', { bursts, lagP95Ms: 241 }),
    summary: `15 events came in ${bursts} bursts`,
    proxied: { events: 15, bursts },
  };
}

function threshold(bursts: number, directBursts: number, bytes = 228_000): ProbeResult {
  const direct: Measured = { bytes, bursts: directBursts };
  return { ...passed('threshold'), direct, proxied: { bytes, bursts } };
}

function faultOf(results: readonly ProbeResult[]): string | undefined {
  return asHeldByTime(results)[0]?.fault;
}

describe('batches that a busy machine has torn apart', () => {
  test('are held by time where far more bytes come at once when more are sent', () => {
    const [timing] = asHeldByTime([torn(), threshold(13, 300)]);
    assert.equal(timing?.fault, 'buffer.timer');
    assert.match(timing?.summary ?? '', /: they are held for a time, whatever their size$/);
  });

  test('are held by size where as many come at once at any rate', () => {
    assert.equal(faultOf([torn(), threshold(200, 400)]), 'buffer.threshold');
    // A buffer of 700 bytes, of which a busy machine reads three pieces at once.
    assert.equal(faultOf([torn(2), threshold(130, 400)]), 'buffer.threshold');
  });

  test('are not told by a machine that reads what comes directly in as few pieces', () => {
    assert.equal(faultOf([torn(), threshold(13, 30)]), 'buffer.threshold');
  });

  test('are held by time where events that are sent fast come at regular times', () => {
    // A proxy that lets go every second, and keeps the small events of one probe in two pieces.
    const timed = { ...threshold(3, 376, 2_129_920), status: 'fail', fault: 'buffer.timer' } as const;
    assert.deepEqual(
      asHeldByTime([torn(2), timed]).map(({ fault }) => fault),
      ['buffer.timer', 'buffer.timer'],
    );
  });

  test('are held by time wherever something came into silence, with the period that was seen there', () => {
    const shown = found('timing', 'buffer.timer', { batchEveryMs: 5_000, heldInSilenceMs: 4_950 });
    const whole = found('threshold', 'buffer.until-end', { modalBurstBytes: 2_129_920, framing: 'chunked' });
    const [, other] = asHeldByTime([shown, whole]);
    assert.equal(other?.fault, 'buffer.timer');
    assert.deepEqual(other?.evidence, [
      { k: 'framing', v: 'chunked' },
      { k: 'batchEveryMs', v: 5_000 },
    ]);
    // What never came at all is held for longer than that, and a size is a size.
    const missing = found('threshold', 'buffer.until-end', { eventsMissing: 3 });
    const sized = found('threshold', 'buffer.threshold', { modalBurstBytes: 4_096 });
    for (const each of [missing, sized]) assert.equal(asHeldByTime([shown, each])[1], each);
  });

  test('tell of the fast events what these do not show', () => {
    const unsized = { ...threshold(13, 300), status: 'fail', fault: 'buffer.threshold' } as const;
    const beating = found('timing', 'buffer.timer', { batchEveryMs: 200 });
    assert.deepEqual(
      asHeldByTime([beating, unsized]).map(({ fault }) => fault),
      ['buffer.timer', 'buffer.timer'],
    );
    assert.equal(asHeldByTime([torn(1), unsized])[1]?.fault, 'buffer.threshold');
  });

  test('are held by time where a head is, for about as long, and nothing came behind it', () => {
    const head = (headLateMs: number) => found('headers-first', 'buffer.timer', { headLateMs });
    assert.equal(faultOf([torn(), head(207)]), 'buffer.timer');
    assert.equal(faultOf([torn(), head(101)]), 'buffer.threshold');
    assert.equal(
      faultOf([torn(), found('headers-first', 'buffer.headers', { headLateMs: 1_500 })]),
      'buffer.threshold',
    );
  });

  test('stay what they are where no other probe has looked, or has found a size', () => {
    assert.equal(faultOf([torn()]), 'buffer.threshold');
    const evidence = [{ k: 'modalBurstBytes', v: 17_500, n: 12, of: 12 }];
    const sized = { ...threshold(13, 300), status: 'fail', fault: 'buffer.threshold', evidence } as const;
    assert.equal(faultOf([torn(), sized]), 'buffer.threshold');
    assert.equal(faultOf([torn(1), threshold(13, 300)]), 'buffer.threshold');
  });
});
