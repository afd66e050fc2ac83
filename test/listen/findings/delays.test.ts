import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { timeToldIn } from '../../../src/listen/findings/lint/time-told.ts';
import { WatchedRun } from './finding-case.ts';

const EVENT = 'id: 1\ndata: x\n\n';

/** A run whose answer came at 1 ms. */
function opened(encoding = 'identity'): WatchedRun {
  return new WatchedRun({ lint: true }).open({ encoding }, 1);
}

describe('silence', () => {
  test('is found above 30 s: behind the headers, between reads, before the end', () => {
    assert.equal(opened().read(EVENT, 30_001).has('silence'), false);
    assert.equal(opened().read(EVENT, 30_002).has('silence'), true);
    assert.equal(opened().read(EVENT, 10).read(EVENT, 30_010).has('silence'), false);
    assert.equal(opened().read(EVENT, 10).read(EVENT, 30_011).has('silence'), true);
    assert.equal(opened().read(EVENT, 10).close(30_010).has('silence'), false);
    assert.equal(opened().read(EVENT, 10).close(30_011, 'client').has('silence'), true);
  });

  test('is ended by a comment, and by half a line', () => {
    const run = opened().read(EVENT, 10).read(':\n', 20_000).read('da', 40_000).read('ta: x\n\n', 60_000);
    assert.equal(run.has('silence'), false);
  });

  test('does not run while we read nothing', () => {
    const run = opened().read(EVENT, 10);
    run.instrument.resumed?.({ t: 50_000, conn: 1 });
    assert.equal(run.read(EVENT, 60_000).has('silence'), false);
  });

  test('does not run between two connections, nor where there is no head', () => {
    const run = opened().read(EVENT, 10).close(20, 'eof', false);
    assert.equal(run.open({}, 50_000).read(EVENT, 50_001).has('silence'), false);
    assert.equal(new WatchedRun({ lint: true }).read(EVENT, 0).read(EVENT, 90_000).has('silence'), false);
  });
});

describe('headers', () => {
  const late = (sent: number, headers: number, firstRead: number) =>
    new WatchedRun({ lint: true })
      .open({ marks: { planned: 0, start: 0, sent, headers } }, headers)
      .read(EVENT, firstRead)
      .has('late-headers');

  test('are late from a second on, where the stream begins in their own read', () => {
    assert.equal(late(5, 1_005, 1_005), true);
    assert.equal(late(5, 1_004, 1_004), false);
    assert.equal(late(5, 1_005, 1_006), false);
  });
});

describe('what is held back', () => {
  const halves = (waitMs: number, size = 10) => {
    const run = opened();
    for (let n = 0; n < 2; n++) {
      run.read(`id: ${n}\ndata: ${'x'.repeat(size)}`, 1 + n * 10_000).read('y\n\n', 1 + n * 10_000 + waitMs);
    }
    return run.has('held-back');
  };

  test('is found where the rest of a line comes half a second later, for the second time', () => {
    assert.equal(halves(500), true);
    assert.equal(halves(499), false);
    assert.equal(opened().read('data: x', 1).read('y\n\n', 900).has('held-back'), false);
  });

  test('is not found in an event that is too large to come at once', () => {
    assert.equal(halves(500, 16_300), true);
    assert.equal(halves(500, 16_400), false);
  });
});

describe('pieces of events', () => {
  const inPieces = (events: number, pieces: readonly string[]) => {
    const run = opened();
    let t = 1;
    for (let n = 0; n < events; n++) for (const piece of pieces) run.read(piece, t++);
    return run.has('split-writes');
  };

  test('are found from the third small event of three reads on', () => {
    assert.equal(inPieces(3, ['event: a\n', 'data: x\n', '\n']), true);
    assert.equal(inPieces(2, ['event: a\n', 'data: x\n', '\n']), false);
    assert.equal(inPieces(9, ['event: a\ndata: x\n', '\n']), false);
    assert.equal(inPieces(9, ['event: a\n', `data: ${'x'.repeat(1_400)}\n`, '\n']), false);
  });
});

describe('compressed batches', () => {
  const batches = (encoding: string, events: number, gapMs: number, count = 4) => {
    const run = opened(encoding);
    for (let n = 0; n < count; n++) run.read(EVENT.repeat(events), 1 + n * gapMs);
    return run.has('compressed-batches');
  };

  test('are found where three of three events are each followed by a second without any', () => {
    assert.equal(batches('gzip', 3, 1_000), true);
    assert.equal(batches('gzip', 3, 1_000, 3), false);
    assert.equal(batches('gzip', 3, 999), false);
    assert.equal(batches('gzip', 2, 1_000), false);
    assert.equal(batches('identity', 3, 1_000), false);
  });
});

describe('events by the times in their data', () => {
  /** Batches of events, each read so long after the one before, made so far apart. */
  const batches = (apartMs: number, gapMs: number, count = 5, isHeldByUs = false) => {
    const run = opened();
    for (let n = 0; n < count; n++) {
      if (isHeldByUs) run.instrument.resumed?.({ t: n * gapMs, conn: 1 });
      const made = 1_700_000_000_000 + n * gapMs;
      const events = [0, 1, 2].map((each) => `data: {"sentAt": ${made + each * apartMs}}\n\n`);
      run.read(events.join(''), 1 + n * gapMs);
    }
    return run.has('held-in-batches');
  };

  test('are held back where three batches were made over a second of the silence before them', () => {
    assert.equal(batches(500, 1_500), true);
    assert.equal(batches(500, 1_500, 4), false);
    assert.equal(batches(499, 1_500), false);
  });

  test('are not held back by others while we read nothing', () => {
    assert.equal(batches(500, 1_500, 9, true), false);
  });

  test('are a history where they are older than the silence', () => {
    assert.equal(batches(5_000, 1_500), false);
  });

  const told: [string, number | undefined][] = [
    ['{"sentAt": 1700000000123}', 1_700_000_000_123],
    ['{"a": 1, "timestamp": 1700000000.5}', 1_700_000_000_500],
    ['{"created_at":"2026-01-01T00:00:00.250Z"}', Date.UTC(2026, 0, 1, 0, 0, 0, 250)],
    ['{"ts": 17}', undefined],
    ['{"at": 1700000000123456}', undefined],
    ['{"format": 1700000000123}', undefined],
    ['at 1700000000123', undefined],
  ];
  for (const [data, ms] of told) {
    test(`${data} tells ${ms ?? 'no time'}`, () => {
      assert.equal(timeToldIn(data), ms);
    });
  }
});

describe('the findings of a run', () => {
  test('are counted by code, the gravest first, with the place of the first', async () => {
    const run = new WatchedRun({ lint: true, strict: true });
    run.open({}, 1).read('data: {"a": NaN}\n\ndta: x\ndata: y\n\ndta: z\n', 2).close(3, 'client');
    const counts = (await run.counts()).map(({ code, severity, count, offset, conn }) => [
      code,
      severity,
      count,
      offset,
      conn,
    ]);
    assert.deepEqual(counts, [
      ['unknown-field', 'error', 2, 18, 1],
      ['cacheable', 'warning', 1, undefined, 1],
      ['bad-json', 'warning', 1, undefined, 1],
      ['no-ids', 'warning', 1, undefined, 1],
      ['accel-buffering-missing', 'note', 1, undefined, 1],
      ['six-connections', 'note', 1, undefined, 1],
      ['no-retry', 'note', 1, undefined, 1],
    ]);
  });

  test('tell at most a hundred types of events apart', async () => {
    const run = new WatchedRun({ lint: true }).open({}, 1).read(EVENT, 2);
    for (let n = 0; n < 200; n++) run.read(`event: t${n}\ndata: x\n\n`, 3);
    run.close(4, 'client');
    assert.equal((await run.counts()).find(({ code }) => code === 'type-without-ids')?.count, 99);
  });
});
