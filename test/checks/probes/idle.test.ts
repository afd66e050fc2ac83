import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { Held, Twins } from '../../../src/checks/observation/held-stream.ts';
import { idle, measureIdle } from '../../../src/checks/probes/idle.ts';
import type { CheckOptions, ProbeContext } from '../../../src/checks/ways/way.ts';
import { startChecking } from '../checking.ts';
import type { ProxyFaults } from '../faulty-proxy.ts';

async function check(test: TestContext, faults: ProxyFaults, options: Partial<CheckOptions>) {
  const { direct, proxied, context } = await startChecking(test, faults, options);
  const [without, through] = await Promise.all([
    measureIdle(direct, context, 50),
    measureIdle(proxied, context, 50),
  ]);
  return idle.judge(without, through, context);
}

describe('idle', () => {
  test('passes where no silence is cut', async (test) => {
    const { status, proxied, summary } = await check(test, {}, { silencesMs: [100, 300], heartbeatMs: 100 });
    assert.equal(status, 'pass');
    assert.deepEqual(proxied, {
      silencesMs: [100, 300],
      limitMs: null,
      withHeartbeatsLimitMs: null,
      headlessLimitMs: null,
    });
    assert.equal(summary, 'no cut in 300 ms of silence');
  });

  test('finds the limit on silence, with a head and before it', async (test) => {
    const options = { silencesMs: [400, 1_600], heartbeatMs: 5_000 };
    const { status, fault, proxied, evidence } = await check(test, { idleCutMs: 800 }, options);
    assert.equal(status, 'fail');
    assert.equal(fault, 'idle.cut');
    assert.ok(Number(proxied.limitMs) >= 750 && Number(proxied.limitMs) < 1_600, String(proxied.limitMs));
    assert.equal(proxied.withHeartbeatsLimitMs, null);
    assert.deepEqual(
      evidence.find(({ k }) => k === 'headlessStatus'),
      { k: 'headlessStatus', v: 504 },
    );
  });

  test('counts silence from the last byte, however long a request was on its way to the origin', async (test) => {
    // Every second one: of each pair of twins one.
    const faults = { idleCutMs: 500, delayRequestMs: (nth: number) => (nth % 2 === 0 ? 450 : 0) };
    const options = { silencesMs: [900], heartbeatMs: 5_000 };
    const { fault, proxied } = await check(test, faults, options);
    assert.equal(fault, 'idle.cut');
    assert.equal(typeof proxied.headlessLimitMs, 'number');
    assert.ok(Math.abs(Number(proxied.limitMs) - 500) < 250, String(proxied.limitMs));
  });

  test('tells a limit on the whole answer by the heartbeats that do not help', async (test) => {
    const options = { silencesMs: [400, 1_600], heartbeatMs: 100 };
    const { status, fault, proxied } = await check(test, { lifetimeMs: 700 }, options);
    assert.equal(status, 'fail');
    assert.equal(fault, 'lifetime.cut');
    assert.equal(typeof proxied.withHeartbeatsLimitMs, 'number');
  });

  test('calls no limit one on silence that comments do not lift, where the whole answer is given up', async (test) => {
    const options = { silencesMs: [1_600], heartbeatMs: 5_000 };
    await assert.rejects(check(test, { wholeWithinMs: 300 }, options), {
      why: /^the proxy answered HTTP 504 itself, however busy the stream was/,
    });
  });

  test('ends when the run is interrupted', async (test) => {
    const { proxied, context } = await startChecking(test, {}, { silencesMs: [600_000] });
    const signal = AbortSignal.timeout(300);
    await assert.rejects(measureIdle(proxied, { ...context, signal }, 10), { name: 'TimeoutError' });
  });
});

const whole: Held = { startedAtMs: 0 };
const WHOLE: Twins = [whole, whole];

function cutAfter(afterMs: number, otherMs = afterMs, status?: number): Twins {
  const cut = { how: 'eof', ...(status === undefined ? {} : { status }) };
  return [
    { startedAtMs: 0, cut: { afterMs, ...cut } },
    { startedAtMs: 4_000, cut: { afterMs: otherMs, ...cut } },
  ];
}

const LIVES = {
  rungs: [
    { silenceMs: 20_000, twins: WHOLE },
    { silenceMs: 65_000, twins: WHOLE },
  ],
  beating: { everyMs: 5_000, twins: WHOLE },
  headless: WHOLE,
};

function judge(proxied: object, heartbeatMs = 15_000, direct: object = LIVES) {
  const context = { options: { heartbeatMs } } as ProbeContext;
  return idle.judge(direct, { ...LIVES, ...proxied }, context);
}

const longest = (twins: Twins) => ({ rungs: [LIVES.rungs[0], { silenceMs: 65_000, twins }] });

describe('the judging of idle', () => {
  test('measures the limit by the heartbeat', () => {
    const at60 = longest(cutAfter(60_012, 60_020));
    assert.deepEqual(
      [15_000, 29_000, 30_000, 31_000, 60_000, 61_000].map((heartbeatMs) => judge(at60, heartbeatMs).status),
      ['pass', 'pass', 'pass', 'warn', 'warn', 'fail'],
    );
    assert.equal(judge(at60).summary, 'cut after 60.0 s of silence: 4\u00d7 the heartbeat of 15.0 s');
  });

  test('takes nothing for granted of a long limit but some milliseconds', () => {
    // HAProxy with `timeout server 5m`.
    const at300 = longest(cutAfter(300_002, 300_015));
    assert.deepEqual(
      [15_000, 150_000, 151_000, 300_000, 302_000, 3_600_000].map(
        (heartbeatMs) => judge(at300, heartbeatMs).status,
      ),
      ['pass', 'pass', 'warn', 'warn', 'fail', 'fail'],
    );
    assert.equal(judge(at300).summary, 'cut after 5m 00s of silence: 20\u00d7 the heartbeat of 15.0 s');
    assert.equal(
      judge(at300, 3_600_000).summary,
      'cut after 5m 00s of silence: the heartbeat of 1h 00m comes too late',
    );
    const context = { options: { heartbeatMs: 15_000, isHeartbeatAssumed: true } } as ProbeContext;
    const short = longest(cutAfter(8_000, 8_004));
    assert.match(
      idle.judge(LIVES, { ...LIVES, ...short }, context).summary,
      /^cut after 8\.00 s of silence: a heartbeat every 15\.0 s, which is taken for granted \(--heartbeat/,
    );
    const { onlyIf } = idle.judge(LIVES, { ...LIVES, ...at300 }, context);
    assert.match(
      onlyIf ?? '',
      /^only if the application writes at least every 150 s, as .* for 300 s is cut;/,
    );
  });

  test('tells limits with one decimal of a millisecond', () => {
    const { proxied } = judge({
      ...longest(cutAfter(300_014.755999)),
      headless: cutAfter(300_004.452999),
    });
    assert.equal(proxied.limitMs, 300_014.8);
    assert.equal(proxied.headlessLimitMs, 300_004.5);
  });

  test('says what the application has to do where nobody has said that it does', () => {
    const at60 = { ...LIVES, ...longest(cutAfter(59_990, 60_020)) };
    const judged = (isHeartbeatAssumed: boolean, proxied: object = at60) => {
      const context = { options: { heartbeatMs: 15_000, isHeartbeatAssumed } } as ProbeContext;
      return idle.judge(LIVES, proxied, context);
    };
    assert.equal(judged(true).status, 'pass');
    assert.equal(
      judged(true).onlyIf,
      'only if the application writes at least every 30 s, as a stream that is silent for 60 s is cut; taken for granted: every 15 s. Where it may be silent for longer, --only idle --heartbeat 1h tells what mends it',
    );
    assert.equal(judged(false).onlyIf, undefined);
    assert.equal(judged(true, LIVES).onlyIf, undefined);
  });

  test('takes what befell one of two for no limit', () => {
    assert.equal(judge(longest([cutAfter(20_000)[0], whole]), 30_000).status, 'pass');
    assert.equal(judge(longest(cutAfter(20_000, 40_000)), 30_000).status, 'pass');
  });

  test('tells what cut both at one moment from a limit', () => {
    const { status, evidence } = judge(longest(cutAfter(30_000, 26_000)), 60_000);
    assert.equal(status, 'pass');
    assert.deepEqual(evidence, [{ k: 'cutTogether', v: true }]);
  });

  test('counts from wherever the proxy may have on a busy machine', () => {
    // nginx, whose limit of 2 s counts from the request; the first of the two took 309 ms to its origin, the other 29 ms.
    const one = { afterMs: 1_701, leastMs: 1_701, mostMs: 2_010, how: 'truncated' };
    const other = { afterMs: 2_001, leastMs: 2_001, mostMs: 2_030, how: 'truncated' };
    const cut = (first: object, second: object) =>
      [
        { startedAtMs: 0, cut: first },
        { startedAtMs: 4_000, cut: second },
      ] as unknown as Twins;
    const { fault, proxied } = judge(longest(cut(one, other)), 60_000);
    assert.equal(fault, 'idle.cut');
    assert.equal(proxied.limitMs, 2_001);
  });

  test('takes ages that differ far less than the times of the ends for one limit, on which a busy proxy looked late', () => {
    assert.equal(judge(longest(cutAfter(2_440, 2_004)), 60_000).proxied.limitMs, 2_004);
    assert.equal(judge(longest(cutAfter(3_800, 2_004)), 60_000).status, 'pass');
  });

  test('warns of a limit before the head alone', () => {
    const { status, fault, evidence } = judge({ headless: cutAfter(20_000, 20_001, 502) });
    assert.equal(status, 'warn');
    assert.equal(fault, 'idle.cut-before-headers');
    assert.deepEqual(evidence, [
      { k: 'headlessLimitMs', v: 20_000 },
      { k: 'headlessStatus', v: 502 },
    ]);
  });

  test('tells how a connection ended on which no answer came', () => {
    const { evidence } = judge({ headless: cutAfter(20_000) });
    assert.deepEqual(evidence, [
      { k: 'headlessLimitMs', v: 20_000 },
      { k: 'headlessSeenAs', v: 'eof' },
    ]);
  });

  test('takes a cut before the second heartbeat for one by silence', () => {
    const { fault } = judge({
      ...longest(cutAfter(3_000)),
      beating: { everyMs: 5_000, twins: cutAfter(3_000) },
    });
    assert.equal(fault, 'idle.cut');
  });

  test('blames no proxy for what is cut without it', () => {
    const cut = longest(cutAfter(10_000));
    assert.equal(judge(cut, 15_000, { ...LIVES, ...cut }).status, 'pass');
  });
});

test('idle does not take the patience of the client for a limit of the proxy', async (t) => {
  const { proxied, context } = await startChecking(t, {}, { silencesMs: [400], heartbeatMs: 5_000 });
  const impatient = { ...proxied, request: { ...proxied.request, idleTimeoutMs: 100 } };
  const { rungs } = await measureIdle(impatient, context, 10);
  assert.deepEqual(
    rungs.flatMap(({ twins }) => twins.map(({ cut }) => cut)),
    [undefined, undefined],
  );
});
