import assert from 'node:assert/strict';
import { createServer, get, type RequestListener } from 'node:http';
import { describe, type TestContext, test } from 'node:test';
import { TooBusy } from '../../../src/checks/not-measurable.ts';
import type { Held } from '../../../src/checks/observation/held-stream.ts';
import { lifetime, measureLifetime } from '../../../src/checks/probes/lifetime.ts';
import type { ProbeContext } from '../../../src/checks/ways/way.ts';
import { requestOf } from '../../client/recorded-attempt.ts';
import { listen } from '../../e2e/harness/listening.ts';
import { startChecking } from '../checking.ts';
import type { ProxyFaults } from '../faulty-proxy.ts';

async function check(test: TestContext, faults: ProxyFaults) {
  const { direct, proxied, context } = await startChecking(test, faults);
  const times = { lifeMs: 1_200, staggerMs: 50 };
  const [without, through] = await Promise.all([
    measureLifetime(direct, context, times),
    measureLifetime(proxied, context, times),
  ]);
  return lifetime.judge(without, through, context);
}

describe('lifetime', () => {
  test('passes where comments keep a stream alive', async (test) => {
    const { status, direct, proxied } = await check(test, { idleCutMs: 1_000 });
    assert.equal(status, 'pass');
    assert.deepEqual(direct, { lifeMs: 1_200, streams: 2, cutAfterMs: [] });
    assert.deepEqual(proxied, direct);
  });

  test('fails where they do not', async (test) => {
    const { status, fault, summary, proxied } = await check(test, { lifetimeMs: 800 });
    assert.equal(status, 'fail');
    assert.equal(fault, 'lifetime.cut');
    assert.match(summary, /with a comment every 300 ms/);
    // From when the origin is asked, which a busy machine has later than the proxy.
    for (const ms of proxied.cutAfterMs as number[]) assert.ok(ms >= 500 && ms < 1_200, String(ms));
  });
});

test('lifetime has nothing to say where no stream reaches the origin', async (t) => {
  const { context, direct } = await startChecking(t);
  const server = createServer((_request, response) => response.writeHead(502).end());
  const { port } = await listen(t, server);
  const request = requestOf(`http://127.0.0.1:${port}/`);
  const proxied = { ...direct, name: 'proxied', request } as const;
  await assert.rejects(measureLifetime(proxied, context, { lifeMs: 60_000, staggerMs: 10 }), {
    why: 'a stream that was to be held never reached the origin',
  });
  assert.equal(context.pool.size, 0);
});

test('a stream that is given up before it reaches the origin is held again', async (t) => {
  const { context, direct } = await startChecking(t);
  const givesUp: RequestListener[] = [
    (_request, response) => response.writeHead(504).end(),
    (_request, response) => response.destroy(),
  ];
  const ends = givesUp.map(async (listener) => {
    const { port } = await listen(t, createServer(listener));
    const proxied = { ...direct, name: 'proxied', request: requestOf(`http://127.0.0.1:${port}/`) } as const;
    await assert.rejects(measureLifetime(proxied, context, { lifeMs: 60_000, staggerMs: 10 }), TooBusy);
  });
  await Promise.all(ends);
});

test('lifetime tells nothing where the origin hears of a stream when the proxy has given it up already', async (t) => {
  const { context, direct } = await startChecking(t);
  const server = createServer((request, response) => {
    response.writeHead(504).end();
    setTimeout(() => get(new URL(request.url ?? '/', context.origin.url), (late) => late.destroy()), 50);
  });
  const { port } = await listen(t, server);
  const request = requestOf(`http://127.0.0.1:${port}/`);
  const proxied = { ...direct, name: 'proxied', request } as const;
  await assert.rejects(measureLifetime(proxied, context, { lifeMs: 60_000, staggerMs: 10 }), TooBusy);
});

const whole: Held = { startedAtMs: 0 };
const cutAfter = (afterMs: number, startedAtMs = 0): Held => ({
  startedAtMs,
  cut: { afterMs, how: 'reset' },
});

function judge(proxied: readonly Held[], direct: readonly Held[] = [whole, whole]) {
  const of = (twins: readonly Held[]) => ({ lifeMs: 75_000, commentEveryMs: 1_000, twins });
  return lifetime.judge(of(direct), of(proxied), {} as ProbeContext);
}

describe('the judging of lifetime', () => {
  test('tells a limit, a reload and an accident apart', () => {
    const limit = judge([cutAfter(15_004), cutAfter(15_001, 4_000)]);
    assert.equal(limit.status, 'fail');
    assert.deepEqual(limit.evidence, [
      { k: 'lifetimeLimitMs', v: 15_001 },
      { k: 'cutSeenAs', v: 'reset' },
    ]);
    const reload = judge([cutAfter(34_000), cutAfter(30_010, 4_000)]);
    assert.equal(reload.status, 'fail');
    assert.deepEqual(reload.evidence.at(-1), { k: 'cutTogether', v: true });
    assert.match(reload.summary, /cut after 34\.0 s and 30\.0 s .*: both at one moment/);
    const accident = judge([whole, cutAfter(30_000)]);
    assert.equal(accident.status, 'warn');
    assert.equal(accident.fault, 'lifetime.cut');
  });

  test('tells a life of minutes in minutes, and ages with one decimal of a millisecond', () => {
    const of = (twins: readonly Held[]) => ({ lifeMs: 960_000, commentEveryMs: 1_000, twins });
    const judged = (twins: readonly Held[]) =>
      lifetime.judge(of([whole, whole]), of(twins), {} as ProbeContext);
    assert.equal(judged([whole, whole]).summary, 'no cut in 16m 00s with a comment every 1.00 s');
    const { summary, proxied } = judged([cutAfter(900_001.234), cutAfter(900_003, 4_000)]);
    assert.match(summary, /^cut after 15m 00s and 15m 00s .*: a limit on the whole answer$/);
    assert.deepEqual(proxied, { lifeMs: 900_001.2, streams: 2, cutAfterMs: [900_001.2, 900_003] });
  });

  test('leaves what silence cuts to the probe that looks for it', () => {
    // HAProxy with `timeout server 1s`: a comment every second is just in time, or just too late.
    const silentFor = (afterMs: number, silentMs: number, startedAtMs = 0): Held => ({
      startedAtMs,
      cut: { afterMs, silentMs, how: 'truncated' },
    });
    assert.throws(() => judge([silentFor(10_003, 803), silentFor(5_001, 990, 4_000)]), {
      name: 'NotMeasurable',
      why: /^streams are cut after 1\.00 s of silence already, .*: mend idle\.cut first$/,
    });
    assert.throws(() => judge([silentFor(800, 800), silentFor(803, 803, 4_000)]), { name: 'NotMeasurable' });
    assert.equal(judge([silentFor(30_900, 900), silentFor(30_920, 920, 4_000)]).fault, 'lifetime.cut');
  });

  test('says of what is cut at no common age that there is none, and how long it lived', () => {
    const { status, evidence, proxied } = judge([cutAfter(10_000), cutAfter(5_001, 4_000)]);
    assert.equal(status, 'fail');
    assert.deepEqual(evidence[0], { k: 'commonAge', v: false });
    assert.equal(proxied.lifeMs, 5_001);
  });

  test('blames no proxy for what is cut without it', () => {
    const cut = [cutAfter(15_000), cutAfter(15_000, 4_000)];
    assert.equal(judge(cut, cut).status, 'pass');
    assert.equal(judge([cutAfter(5_000), cutAfter(5_000, 4_000)], cut).status, 'fail');
  });
});
