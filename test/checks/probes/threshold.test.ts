import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { threshold } from '../../../src/checks/probes/threshold.ts';
import { judgeThreshold, type Threshold } from '../../../src/checks/probes/threshold-judgement.ts';
import { TooBusy } from '../../../src/checks/too-busy.ts';
import { startChecking } from '../checking.ts';
import type { ProxyFaults } from '../faulty-proxy.ts';
import { tried } from '../judged.ts';

function came(sizesBytes: readonly number[], changes: Partial<Threshold> = {}): Threshold {
  const bytes = sizesBytes.reduce((sum, size) => sum + size, 0);
  return {
    ...{ sizesBytes, bytes, eventBytes: 570 },
    ...{ sent: 400, came: 400, lagsMs: [], isOver: true },
    overtime: { pieces: 0, ms: 0, bytesPerSecond: 0 },
    firstMs: 1,
    writtenMs: 2_750,
    framing: 'chunked',
    ...changes,
  };
}

const pieces = (bytes: number, n: number, of: number) =>
  came(
    [...Array<number>(n).fill(bytes), ...Array.from({ length: of - n }, (_, index) => 570 * (index + 2)), 1],
    {
      modal: { bytes, n, of },
    },
  );

describe('the judgement of the threshold', () => {
  const direct = pieces(570, 398, 400);

  test('fails four of five pieces of one size, and no fewer', () => {
    assert.equal(judgeThreshold(direct, pieces(4_096, 40, 50)).status, 'fail');
    assert.equal(judgeThreshold(direct, pieces(4_096, 39, 50)).status, 'pass');
    assert.equal(judgeThreshold(direct, pieces(570, 400, 400)).status, 'pass');
  });

  test('fails nobody for what comes in pieces directly, too', () => {
    assert.equal(judgeThreshold(pieces(4_096, 50, 50), pieces(4_096, 50, 50)).status, 'pass');
  });

  test('fails where nothing arrives', () => {
    const { status, fault, summary } = judgeThreshold(direct, came([], { firstMs: null, framing: 'none' }));
    assert.deepEqual([status, fault], ['fail', 'buffer.until-end']);
    assert.match(summary, /nothing arrived/);
  });

  const SIZES = [109_440, 74_100, 44_460];
  const lateBy = (mostMs: number) => Array.from({ length: 400 }, (_, nth) => (nth * mostMs) / 400);

  test('fails what comes late in pieces, by a timer or by what nothing shows', () => {
    // Behind a proxy that lets go every second.
    const timed = judgeThreshold(direct, came(SIZES, { beatMs: 1_002, lagsMs: lateBy(960) }));
    assert.deepEqual([timed.status, timed.fault], ['fail', 'buffer.timer']);
    assert.deepEqual(timed.evidence, [{ k: 'batchEveryMs', v: 1_002 }]);
    const unknown = judgeThreshold(direct, came(SIZES, { lagsMs: lateBy(960) }));
    assert.deepEqual([unknown.status, unknown.fault], ['fail', 'buffer.threshold']);
    assert.match(unknown.summary, /in 3 bursts, up to 910 ms late: they are held, though no size shows/);
    assert.equal(judgeThreshold(direct, came(SIZES, { lagsMs: lateBy(200) })).status, 'warn');
    assert.equal(judgeThreshold(direct, came(SIZES, { lagsMs: lateBy(60) })).status, 'pass');
  });

  test('leaves it open where the machine is as late directly', () => {
    const busy = { ...direct, lagsMs: lateBy(200) };
    assert.throws(() => judgeThreshold(busy, came(SIZES, { lagsMs: lateBy(960) })), TooBusy);
    assert.throws(() => judgeThreshold(busy, came(SIZES, { lagsMs: lateBy(210) })), TooBusy);
  });

  test('blames no proxy that is late with each by itself, as a machine makes it', () => {
    const alone = came(Array<number>(380).fill(600), { lagsMs: lateBy(300) });
    assert.equal(judgeThreshold(direct, alone).status, 'pass');
  });

  test('fails what comes more slowly than it is sent, and tells how fast', () => {
    // 3 KB a second, of which 43,703 bytes came while it was watched.
    const slow = came(Array<number>(148).fill(295), {
      overtime: { pieces: 120, ms: 12_200, bytesPerSecond: 2_931 },
      ...{ came: 75, isOver: false },
    });
    const { status, fault, summary, evidence } = judgeThreshold(direct, slow);
    assert.deepEqual([status, fault], ['fail', 'rate.limit']);
    assert.match(summary, /^events came at 2931 bytes a second, .* 325 of 400 events still to come$/);
    assert.deepEqual(evidence, [{ k: 'bytesPerSecond', v: 2_931 }]);
    const { overtime } = slow;
    assert.equal(judgeThreshold({ ...direct, overtime }, came([570], { overtime })).status, 'pass');
  });

  test('fails what loses events', () => {
    const verdict = (changes: Partial<Threshold>) => {
      const { fault, summary } = judgeThreshold(direct, came([570, 570], changes));
      return `${fault}: ${summary}`;
    };
    assert.equal(
      verdict({ came: 300 }),
      'bytes.changed: of 400 events 300 arrived, and the answer ended as if it were whole',
    );
    assert.equal(
      verdict({ came: 300, isOver: false }),
      'buffer.until-end: of 400 events 300 arrived, and then nothing',
    );
  });
});

describe('the probe of the threshold', () => {
  const through = async (test: TestContext, faults: ProxyFaults) =>
    tried(threshold, await startChecking(test, faults));

  test('finds how many bytes have to be there', { timeout: 60_000 }, async (test) => {
    // So many at a time that the machine keeps up with all that they send.
    const [clean, small, whole] = await Promise.all([
      through(test, {}),
      through(test, { bufferBytes: 4_096 }),
      through(test, { bufferUntilEnd: true }),
    ]);
    assert.equal(clean.status, 'pass', clean.summary);
    assert.equal(small.fault, 'buffer.threshold', small.summary);
    assert.equal(small.evidence[0]?.v, 4_096);
    assert.equal(whole.fault, 'buffer.until-end', whole.summary);
    const [nginx, large, timed] = await Promise.all([
      // proxy_buffers of 64k: the probe's events fill them three times.
      through(test, { bufferBytes: 65_536 }),
      through(test, { bufferBytes: 512 * 1_024 }),
      through(test, { flushEveryMs: 200 }),
    ]);
    assert.equal(nginx.fault, 'buffer.threshold', nginx.summary);
    assert.equal(nginx.evidence[0]?.v, 65_536, nginx.summary);
    assert.equal(large.fault, 'buffer.threshold', large.summary);
    assert.equal(large.evidence[0]?.v, 512 * 1_024, large.summary);
    assert.equal(timed.fault, 'buffer.timer', timed.summary);
    assert.equal(timed.evidence[0]?.k, 'batchEveryMs');
  });
});
