import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { asOneHold } from '../../../src/checks/passive/one-hold.ts';
import type { ProbeResult } from '../../../src/results/check/result.ts';
import { found, passed } from '../diagnosis/measured.ts';

const faults = (...results: ProbeResult[]) => asOneHold(results).map(({ fault }) => fault);

const timer = found('timing', 'buffer.timer', { bursts: 19, lagP95Ms: 953, batchEveryMs: 976 });

describe('what several probes see of one thing', () => {
  test('is a buffer where pieces have its size, however regularly it is filled', () => {
    const sized = found('threshold', 'buffer.threshold', { modalBurstBytes: 4_096 });
    const [timing] = asOneHold([timer, sized]);
    assert.equal(timing?.fault, 'buffer.threshold');
    assert.deepEqual(
      timing?.evidence.map(({ k }) => k),
      ['bursts', 'lagP95Ms', 'modalBurstBytes'],
    );
    assert.deepEqual(faults(found('timing', 'buffer.until-end'), sized), [
      'buffer.threshold',
      'buffer.threshold',
    ]);
    assert.deepEqual(faults(timer, passed('threshold')), ['buffer.timer', undefined]);
  });

  test('is one timer where the head comes with the first events that it lets go', () => {
    const head = (headLateMs: number) => found('headers-first', 'buffer.headers', { headLateMs });
    assert.deepEqual(faults(timer, head(1_010)), ['buffer.timer', 'buffer.timer']);
    assert.match(
      asOneHold([timer, head(1_010)])[1]?.summary ?? '',
      /the timer holds it that holds the events$/,
    );
    // It waits for longer than the timer lets it: for something else.
    assert.deepEqual(faults(timer, head(3_000)), ['buffer.timer', 'buffer.headers']);
    assert.deepEqual(faults(passed('timing'), head(1_010)), [undefined, 'buffer.headers']);
    assert.deepEqual(faults(found('timing', 'buffer.until-end'), head(1_010)), [
      'buffer.until-end',
      'buffer.headers',
    ]);
    const sized = found('threshold', 'buffer.threshold', { modalBurstBytes: 4_096 });
    assert.equal(faults(timer, head(1_010), sized)[1], 'buffer.headers');
  });
});
