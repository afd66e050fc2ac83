import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { clientGone, measureClientGone } from '../../../src/checks/probes/client-gone.ts';
import { startChecking } from '../checking.ts';
import type { ProxyFaults } from '../faulty-proxy.ts';

const TIMES = { arrivalMs: 2_000, writeEveryMs: 50, mostMs: 1_000 };

async function check(test: TestContext, faults: ProxyFaults) {
  const { direct, proxied, context } = await startChecking(test, faults);
  const [through, without] = await Promise.all([
    measureClientGone(proxied, context, TIMES),
    measureClientGone(direct, context, TIMES),
  ]);
  return { ...clientGone.judge(without, through, context), through, without };
}

describe('client-gone', () => {
  test('passes where the origin is told at once', async (test) => {
    const { status, without, through } = await check(test, {});
    assert.equal(status, 'pass');
    for (const each of [without, through])
      for (const ms of Object.values(each)) assert.ok(ms !== null && ms >= 0 && ms <= 1_000, String(ms));
  });

  test('warns where a silent origin is told nothing', async (test) => {
    const { status, fault, proxied, summary } = await check(test, { ignoreClientGone: 'until next bytes' });
    assert.equal(status, 'warn');
    assert.equal(fault, 'client-gone.on-next-write');
    assert.equal(proxied.idleMs, null);
    assert.equal(proxied.resetMs, null);
    assert.equal(typeof proxied.writingMs, 'number');
    assert.match(summary, /silent: never, writing: \d+ ms, left with RST: never/);
  });

  test('fails where the origin writes for nobody', async (test) => {
    const { status, fault, evidence } = await check(test, { ignoreClientGone: 'always' });
    assert.equal(status, 'fail');
    assert.equal(fault, 'client-gone.unnoticed');
    assert.deepEqual(evidence, [
      { k: 'idleNoticed', v: false },
      { k: 'writingNoticed', v: false },
      { k: 'resetNoticed', v: false },
    ]);
  });

  test('leaves, too, where the proxy holds everything back', async (test) => {
    const { proxied, direct, context } = await startChecking(test, { bufferUntilEnd: true });
    const times = { ...TIMES, arrivalMs: 200 };
    const through = await measureClientGone(proxied, context, times);
    const without = await measureClientGone(direct, context, times);
    assert.equal(clientGone.judge(without, through, context).status, 'pass');
  });
});

describe('the judging of client-gone', () => {
  const judge = async (test: TestContext, direct: object, proxied: object) =>
    clientGone.judge(direct, proxied, (await startChecking(test)).context);
  const quick = { idle: 1, writing: 1, reset: 1 };

  test('warns of a proxy that takes its time', async (test) => {
    const { status, fault, summary } = await judge(test, quick, { ...quick, idle: 5_000 });
    assert.match(summary, /^a silent origin is not told .*, until its silence is cut; one that writes is, /);
    assert.equal(status, 'warn');
    assert.equal(fault, 'client-gone.on-next-write');
  });

  test('says whom it concerns, where one that writes now and then is told soon', async (test) => {
    const { context } = await startChecking(test);
    const onlyIf = (proxied: object, heartbeatMs: number) =>
      clientGone.judge(
        quick,
        { ...quick, ...proxied },
        { ...context, options: { ...context.options, heartbeatMs } },
      ).onlyIf;
    assert.match(
      onlyIf({ idle: null }, 15_000) ?? '',
      /^only if the application may be silent .* every 15 s/,
    );
    assert.equal(onlyIf({ idle: null }, 3_600_000), undefined);
    assert.equal(onlyIf({ idle: 5_000, writing: 5_000 }, 15_000), undefined);
    assert.equal(onlyIf({}, 15_000), undefined);
  });

  test('blames no proxy for what the origin is not told directly either', async (test) => {
    const nothing = { idle: null, writing: null, reset: null };
    assert.equal((await judge(test, nothing, nothing)).status, 'pass');
    assert.equal((await judge(test, { ...quick, idle: 4_000 }, { ...quick, idle: 4_500 })).status, 'pass');
  });
});
