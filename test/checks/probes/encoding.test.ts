import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { UNEVENLY } from '../../../src/checks/lateness/arrivals.ts';
import { encoding, measureEncoding } from '../../../src/checks/probes/encoding.ts';
import { type Checking, startChecking } from '../checking.ts';
import type { ProxyFaults } from '../faulty-proxy.ts';

type Samples = Awaited<ReturnType<typeof measureEncoding>>;

/** Held until the end, three of four are 3 × 250 ms late. */
const PACE = [{ count: 4, everyMs: 250 }];

describe('the measuring of encodings', () => {
  test('sees what is held only where it is compressed, and what no-transform does to it', async (t) => {
    const samples = await measured(t, { compressAndHold: ['gzip', 'br'], noTransformCures: true });
    assert.equal(samples.length, 12);
    for (const { coding, noTransform, applied, lagMs } of samples) {
      const isHeld = coding !== 'identity' && !noTransform;
      assert.equal(applied, isHeld ? coding : 'identity');
      // 250 ms or more behind the direct way, where nothing is held.
      assert.ok(isHeld ? (lagMs ?? 0) >= 245 : lagMs !== null, `${coding} ${lagMs}`);
    }
  });

  test('sees a compressor that holds each event until the next', async (t) => {
    const faults = { compressAndHold: ['gzip'], compressOneBehind: true, noTransformCures: true } as const;
    const { proxied, context } = await startChecking(t, faults);
    const samples = await measureEncoding(proxied, context, UNEVENLY);
    for (const { coding, noTransform, oneBehind, lagMs } of samples)
      assert.equal(oneBehind, coding === 'gzip' && !noTransform, `${coding} ${noTransform} ${lagMs}`);
  });

  test('does not take what somebody else answers for events that are held', async (t) => {
    const { context, proxied } = await startChecking(t, { answersItself: () => 200 });
    await assert.rejects(measureEncoding(proxied, context, PACE), {
      why: 'the proxy answered HTTP 200 itself, and did not ask the origin',
    });
  });

  test('ends when it is interrupted', async (t) => {
    const { context, direct } = await startChecking(t);
    const interrupted = { ...context, signal: AbortSignal.abort() };
    await assert.rejects(measureEncoding(direct, interrupted, PACE), { name: 'AbortError' });
  });
});

describe('the judging of encodings', () => {
  test('passes where the encoding makes no difference', () => {
    const { status, evidence } = judge(() => 3);
    assert.equal(status, 'pass');
    assert.deepEqual(evidence[0], { k: 'stallsOnlyWhenCompressed', v: false });
  });

  test('fails where events are held without compression as well, and acquits compression', () => {
    const { status, fault, summary, evidence } = judge(() => 1_100);
    assert.deepEqual([status, fault], ['fail', 'buffer.threshold']);
    // The direct way compresses there as well.
    assert.match(
      summary,
      /^events of 60 B, 2048 B are held whatever the client accepts, and nothing is compressed: it is no comp/,
    );
    assert.deepEqual(evidence.slice(0, 2), [
      { k: 'stallsOnlyWhenCompressed', v: false },
      { k: 'heldUncompressed', v: true },
    ]);
    assert.equal(judge(() => null, 'at the end').fault, 'buffer.until-end');
    // 3 KB a second: those of 2 KB fall behind until they are waited for no longer.
    const slow = judge(({ sizeBytes }) => (sizeBytes > 60 ? null : 20), 'ever later');
    assert.deepEqual([slow.status, slow.fault], ['fail', 'rate.limit']);
    assert.match(slow.summary, /^events of 2048 B are held whatever the client accepts/);
  });

  test('acquits no compression of a proxy that compresses whatever the client accepts', () => {
    const plain = all(() => 1).map((sample) => ({ ...sample, applied: 'identity' }));
    const varnish = plain.map((sample) => ({
      ...sample,
      applied: sample.coding === 'gzip' ? 'gzip' : 'identity',
      lagMs: 1_200,
    }));
    const { status, summary, evidence } = encoding.judge(plain, varnish, undefined as never);
    assert.equal(status, 'fail');
    assert.equal(
      summary,
      'events of 60 B, 2048 B are held whatever the client accepts; the proxy compresses them with gzip where it may, and its compression may be what holds them all',
    );
    assert.deepEqual(evidence[2], { k: 'appliedEncodings', v: 'gzip' });
  });

  test('fails where one encoding holds what another does not, and names size and cure', () => {
    const judgement = judge(({ coding, sizeBytes, noTransform }) =>
      coding === 'br' && sizeBytes === 2_048 && !noTransform ? 1_100 : 2,
    );
    assert.equal(judgement.status, 'fail');
    assert.equal(judgement.fault, 'compression.holds-events');
    assert.equal(
      judgement.summary,
      'with Accept-Encoding br events of 2048 B come up to 1099 ms later than directly; no-transform cures it',
    );
    assert.deepEqual(judgement.evidence.slice(0, 5), [
      { k: 'stallsOnlyWhenCompressed', v: true },
      { k: 'noTransformCures', v: true },
      { k: 'stalledEncodings', v: 'br' },
      { k: 'stalledSizesBytes', v: '2048' },
      { k: 'appliedEncodings', v: 'gzip, br' },
    ]);
  });

  test('sees that no-transform cures nothing, and events that never come', () => {
    const judgement = judge(({ coding }) => (coding === 'gzip' ? null : 2));
    assert.equal(judgement.status, 'fail');
    assert.deepEqual(judgement.evidence[1], { k: 'noTransformCures', v: false });
    assert.match(judgement.summary, /events of 60 B, 2048 B do not come$/);
  });

  test('warns of a compressor with a timer', () => {
    assert.equal(judge(({ coding }) => (coding === 'gzip' ? 200 : 2)).status, 'warn');
  });

  test('fails a compressor that holds each event until the next, however soon that was', () => {
    const behind = (isSo: (sample: Samples[number]) => boolean) =>
      all((sample) => (isSo(sample as Samples[number]) ? 99 : 1)).map((sample) => ({
        ...sample,
        oneBehind: isSo(sample),
      }));
    const without = all(() => 1);
    const gzip = behind(({ coding, noTransform }) => coding === 'gzip' && !noTransform);
    const { status, fault, summary, evidence } = encoding.judge(without, gzip, undefined as never);
    assert.deepEqual([status, fault], ['fail', 'compression.holds-events']);
    assert.equal(
      summary,
      'with Accept-Encoding gzip events of 60 B, 2048 B come one behind: each when the next is sent, here up to 98 ms later than directly; no-transform cures it',
    );
    assert.deepEqual(evidence.at(-1), { k: 'comesWithTheNext', v: true });
    // Directly as well, or without compression as well: that is no compressor.
    assert.equal(encoding.judge(gzip, gzip, undefined as never).status, 'pass');
    const both = encoding.judge(
      without,
      behind(() => true),
      undefined as never,
    );
    assert.deepEqual([both.status, both.fault], ['fail', 'buffer.one-behind']);
  });

  test('blames no compressor where nothing is compressed, and who fills a buffer is late now more, now less', () => {
    // nginx as it comes on a busy machine: two large events fill a buffer, which looks like one behind.
    const buffered = all(({ coding, sizeBytes }) => {
      if (sizeBytes === 60) return 1_300;
      return coding === 'gzip' ? 282 : 90;
    }).map((sample) => ({
      ...sample,
      applied: 'identity',
      oneBehind: sample.coding === 'gzip' && sample.sizeBytes > 60,
    }));
    const { fault, evidence } = encoding.judge(
      all(() => 1),
      buffered,
      undefined as never,
    );
    assert.equal(fault, 'buffer.threshold');
    assert.deepEqual(evidence[0], { k: 'stallsOnlyWhenCompressed', v: false });
  });

  test('takes what is not compressed, and a little later with an encoding than without, for as late', () => {
    const plain = (lagMs: Parameters<typeof all>[0]) =>
      all(lagMs).map((sample) => ({ ...sample, applied: 'identity' }));
    const judged = (samples: Samples) =>
      encoding.judge(
        plain(() => 1),
        samples,
        undefined as never,
      );
    assert.equal(judged(plain(({ coding }) => (coding === 'gzip' ? 300 : 2))).status, 'pass');
    // Held until there is enough to compress, and then as it is: the encoding that is asked for makes it so.
    assert.equal(
      judged(plain(({ coding }) => (coding === 'gzip' ? 1_100 : 2))).fault,
      'compression.holds-events',
    );
    // Compressed, and held without that as well: by a buffer that takes turns.
    assert.equal(judged(all(({ coding }) => (coding === 'gzip' ? 1_250 : 1_000))).fault, 'buffer.threshold');
  });

  test('says nothing where nothing came', () => {
    const nothing = all(() => null).map((sample) => ({ ...sample, applied: 'none' }));
    assert.throws(
      () =>
        encoding.judge(
          all(() => 1),
          nothing,
          undefined as never,
        ),
      {
        why: 'no head and no event came, with compression or without',
      },
    );
  });

  test('blames no proxy for a machine that slows both ways', () => {
    const slow = all(({ coding }) => (coding === 'gzip' ? 2_000 : 1));
    assert.equal(encoding.judge(slow, slow, undefined as never).status, 'pass');
  });
});

async function measured(t: Parameters<typeof startChecking>[0], faults: ProxyFaults): Promise<Samples> {
  const { proxied, context }: Checking = await startChecking(t, faults);
  return measureEncoding(proxied, context, PACE);
}

type Variant = Pick<Samples[number], 'coding' | 'sizeBytes' | 'noTransform'>;

function judge(lagMs: (variant: Variant) => number | null, manner?: Samples[number]['manner']) {
  return encoding.judge(
    all(() => 1),
    all(lagMs, manner),
    undefined as never,
  );
}

function all(
  lagMs: (variant: Variant) => number | null,
  manner: Samples[number]['manner'] = 'now and then',
): Samples {
  const codings = ['identity', 'gzip', 'br'] as const;
  return codings.flatMap((coding) =>
    [60, 2_048].flatMap((sizeBytes) =>
      [false, true].map((noTransform) => {
        const variant = { coding, sizeBytes, noTransform };
        const ms = lagMs(variant);
        const mostMs = ms ?? Number.POSITIVE_INFINITY;
        return { ...variant, applied: coding, lagMs: ms, mostMs, manner, oneBehind: false };
      }),
    ),
  );
}
