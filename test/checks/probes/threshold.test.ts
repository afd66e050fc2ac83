import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { TooBusy } from '../../../src/checks/not-measurable.ts';
import { threshold } from '../../../src/checks/probes/threshold.ts';
import { judgeThreshold, type Threshold } from '../../../src/checks/probes/threshold-judgement.ts';
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

  test('takes for no limit and no buffer what comes later by the same throughout', () => {
    const sizes = Array<number>(385).fill(570);
    const lagsMs = sizes.map((_, nth) => 1_500 + (nth % 3));
    const overtime = { pieces: 150, ms: 1_500, bytesPerSecond: 83_109 };
    assert.equal(judgeThreshold(direct, came(sizes, { lagsMs, overtime, firstMs: 1_500 })).status, 'pass');
    assert.equal(judgeThreshold(direct, came(sizes, { lagsMs, overtime, firstMs: 2_700 })).status, 'pass');
    const slowed = sizes.map((_, nth) => nth * 4);
    assert.equal(judgeThreshold(direct, came(sizes, { lagsMs: slowed, overtime })).fault, 'rate.limit');
  });

  test('takes for no limit what the origin itself was late to send', () => {
    // Caddy on a machine with ten times its work: the first was sent 777 ms behind the head, all others as long after it as they should.
    const sizes = Array.from({ length: 81 }, (_, nth) => 570 * (1 + (nth % 9)));
    const overtime = { pieces: 30, ms: 964, bytesPerSecond: 77_463 };
    const seen = came(sizes, { overtime, firstMs: 777.6, lagsMs: lateBy(62), writtenMs: 3_660 });
    const busy = came(Array<number>(95).fill(2_400), { lagsMs: lateBy(84) });
    assert.equal(judgeThreshold(busy, seen).status, 'pass');
    // Where nothing tells when they were sent, the first one does.
    assert.equal(judgeThreshold(busy, { ...seen, lagsMs: [] }).status, 'pass');
    assert.equal(judgeThreshold(busy, { ...seen, lagsMs: lateBy(964) }).fault, 'rate.limit');
  });

  test('finds a limit that lets much of a stream pass before it begins', () => {
    const sizes = Array<number>(385).fill(570);
    const lagsMs = sizes.map((_, nth) => Math.max(0, nth - 345) * 18.5);
    const overtime = { pieces: 30, ms: 740, bytesPerSecond: 65_000 };
    assert.equal(judgeThreshold(direct, came(sizes, { lagsMs, overtime })).fault, 'rate.limit');
  });

  test('takes for no buffer what lets the first few go as they are sent, and then nothing', () => {
    const first = came(Array<number>(5).fill(570), { came: 5, lagsMs: [1, 1, 2, 1, 1], isOver: false });
    const { status, fault, summary } = judgeThreshold(direct, first);
    assert.deepEqual([status, fault], ['fail', 'stream.stalled']);
    assert.match(
      summary,
      /^of 400 events the first 5 arrived when they were sent, 2850 bytes, and then nothing/,
    );
    // The head takes the first one with it, whatever becomes of the others.
    const withHead = came([570], { came: 1, lagsMs: [1], isOver: false });
    assert.equal(judgeThreshold(direct, withHead).fault, 'buffer.until-end');
    assert.equal(judgeThreshold(direct, { ...first, isOver: true }).fault, 'bytes.changed');
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
    assert.match(unknown.summary, /in 3 pieces, up to 910 ms late: they are held, though no size shows/);
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

describe('what is let go by time', () => {
  const letGo = { heldMs: 1_952, everyMs: 2_001 };
  const direct = pieces(570, 398, 400);

  test('is held by a timer, whether it came at the end or in pieces before', () => {
    // Behind a proxy that lets go every two seconds, and every five.
    const lagsMs = Array.from({ length: 400 }, (_, nth) => nth * 5);
    for (const seen of [came([228_000], { firstMs: 2_750 }), came([180_000, 48_000], { lagsMs })]) {
      assert.notEqual(judgeThreshold(direct, seen).fault, 'buffer.timer');
      const { status, fault, summary, evidence } = judgeThreshold(direct, { ...seen, letGo });
      assert.deepEqual([status, fault], ['fail', 'buffer.timer']);
      assert.match(summary, /; while an answer is open they come every 2\.00 s, in silence as well/);
      assert.deepEqual(evidence, [
        { k: 'batchEveryMs', v: 2_001 },
        { k: 'heldInSilenceMs', v: 1_952 },
      ]);
    }
  });

  test('says between which sizes it lies what lets go where nothing does in silence', () => {
    const lagsMs = Array.from({ length: 400 }, (_, nth) => nth * 5);
    const { fault, evidence } = judgeThreshold(direct, came([120_000, 90_000, 18_000], { lagsMs }));
    assert.equal(fault, 'buffer.threshold');
    assert.deepEqual(evidence, [
      { k: 'leastBurstBytes', v: 90_000 },
      { k: 'mostBurstBytes', v: 120_000 },
    ]);
  });
});

describe('the probe of the threshold', () => {
  const through = async (test: TestContext, faults: ProxyFaults) =>
    tried(threshold, await startChecking(test, faults));

  test('finds how many bytes have to be there', { timeout: 60_000 }, async (test) => {
    // So many at a time that the machine keeps up with all that they send.
    const whole = through(test, { bufferUntilEnd: true });
    const [clean, small] = await Promise.all([through(test, {}), through(test, { bufferBytes: 4_096 })]);
    assert.equal(clean.status, 'pass', clean.summary);
    assert.equal(small.fault, 'buffer.threshold', small.summary);
    assert.equal(small.evidence[0]?.v, 4_096);
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
    const { fault, summary } = await whole;
    assert.equal(fault, 'buffer.until-end', summary);
  });
});
