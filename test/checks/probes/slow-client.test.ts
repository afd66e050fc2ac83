import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { measureSlowClient, slowClient } from '../../../src/checks/probes/slow-client.ts';
import type { ProbeContext } from '../../../src/checks/ways/way.ts';
import { figureTexts } from '../../../src/report/check/figures.ts';
import { startChecking } from '../checking.ts';
import type { ProxyFaults } from '../faulty-proxy.ts';

const MB = 1e6;

async function check(test: TestContext, faults: ProxyFaults) {
  const { direct, proxied, context } = await startChecking(test, faults);
  const times = { mostBytes: 64 * MB, restMs: 1_500, mostMs: 30_000 };
  const without = await measureSlowClient(direct, context, times);
  const through = await measureSlowClient(proxied, context, times);
  return slowClient.judge(without, through, context);
}

describe('slow-client', () => {
  test('passes where the origin has to wait', async (test) => {
    const { status, direct, proxied } = await check(test, {});
    assert.equal(status, 'pass');
    for (const { takenBytes, everything } of [direct, proxied]) {
      assert.ok(Number(takenBytes) > 0 && Number(takenBytes) < 50 * MB, String(takenBytes));
      assert.equal(everything, false);
    }
  });

  test('fails where a proxy takes whatever comes', async (test) => {
    const { status, fault, proxied, summary } = await check(test, { absorb: true });
    assert.equal(status, 'fail');
    assert.equal(fault, 'buffer.unbounded');
    assert.equal(proxied.everything, true);
    assert.match(
      summary,
      /^took 64(\.\d)? MB and more from the origin while the client read nothing; directly/,
    );
  });
});

describe('the judging of slow-client', () => {
  const judge = (directBytes: number, proxiedBytes: number) =>
    slowClient.judge(
      { takenBytes: directBytes, everything: false },
      { takenBytes: proxiedBytes, everything: false },
      {} as ProbeContext,
    ).status;

  test('measures by what the direct way takes, and by 50 MB', () => {
    assert.equal(judge(4 * MB, 16 * MB), 'pass');
    assert.equal(judge(4 * MB, 17 * MB), 'warn');
    assert.equal(judge(4 * MB, 51 * MB), 'fail');
    assert.equal(judge(20 * MB, 60 * MB), 'pass');
  });

  test('tells sizes as the figures beside them do', () => {
    const of = (takenBytes: number) => ({ takenBytes, everything: false });
    const { summary, proxied } = slowClient.judge(of(4_194_304), of(67_108_864), {} as ProbeContext);
    assert.match(summary, /^took 67\.1 MB from the origin .* the connection takes 4\.19 MB$/);
    assert.deepEqual(figureTexts(proxied), ['taken 67.1 MB', 'everything no']);
  });
});
