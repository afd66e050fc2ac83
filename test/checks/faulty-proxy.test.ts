import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, type TestContext, test } from 'node:test';
import type { Observation } from '../../src/checks/observation/observation.ts';
import { observe } from '../../src/checks/observation/observe.ts';
import type { OriginScript } from '../../src/checks/origin/script.ts';
import { withScript } from '../../src/checks/origin/script-text.ts';
import { until } from '../e2e/harness/until.ts';
import { type Checking, startChecking } from './checking.ts';
import type { ProxyFaults } from './faulty-proxy.ts';

const FIVE_EVENTS: OriginScript['steps'] = [
  { do: 'events', count: 5, everyMs: 20, sizeBytes: 100, fill: 'text' },
];

interface Passed extends Checking {
  key: string;
  seen: Observation;
}

async function pass(
  test: TestContext,
  faults: ProxyFaults,
  script: Partial<OriginScript> = {},
  forMs = 10_000,
): Promise<Passed> {
  const checking = await startChecking(test, faults);
  const key = randomUUID();
  const { pool, signal, origin } = checking.context;
  const asked = { key, steps: FIVE_EVENTS, ...script };
  const url = withScript(checking.proxied.request.url, asked, origin.sign);
  const seen = await observe(pool, { ...checking.proxied.request, url }, { forMs, signal });
  return { ...checking, key, seen };
}

const bursts = ({ reads }: Observation) => reads.length;

describe('the faulty proxy of the tests', () => {
  test('passes everything on without a fault', async (test) => {
    const { seen, context, key } = await pass(test, {});
    assert.equal(seen.end?.info.reason, 'eof');
    assert.equal(seen.events.length, 5);
    assert.ok(bursts(seen) > 1);
    assert.equal((await context.origin.visits(key))[0]?.end?.by, 'script');
  });

  test('buffers until the end', async (test) => {
    assert.equal(bursts((await pass(test, { bufferUntilEnd: true })).seen), 1);
  });

  test('buffers until so many bytes are there', async (test) => {
    const { seen } = await pass(test, { bufferBytes: 250 });
    const sizes = seen.reads.map(({ bytes }) => bytes);
    assert.ok(
      sizes.every((bytes) => bytes % 250 === 0),
      `250 at a time, not ${sizes}`,
    );
  });

  test('tells an X-Accel-Buffering of the origin from none', async (test) => {
    const headers = [['X-Accel-Buffering', 'no']] as const;
    const { seen } = await pass(
      test,
      { bufferUntilEnd: true, accelBuffering: 'cures and removed' },
      { headers },
    );
    assert.ok(bursts(seen) > 1);
    assert.equal(
      seen.head?.headers.some(([name]) => /accel/i.test(name)),
      false,
    );
  });

  test('cuts what is silent, and answers 504 before a head', async (test) => {
    const { seen } = await pass(
      test,
      { idleCutMs: 100 },
      { steps: [...FIVE_EVENTS.slice(0, 1), { do: 'hold' }] },
    );
    assert.equal(seen.events.length, 5);
    assert.notEqual(seen.end?.info.reason, 'client');
    const headless = await pass(test, { idleCutMs: 100 }, { head: 'never', steps: [{ do: 'hold' }] });
    assert.equal(headless.seen.head?.status, 504);
  });

  test('tells the origin of a client that has left, or not before its next bytes', async (test) => {
    const leftIdle = async (faults: ProxyFaults) => {
      const { context, key } = await pass(test, faults, { steps: [{ do: 'hold' }] }, 50);
      return { context, key };
    };
    const told = await leftIdle({});
    await until(async () => (await told.context.origin.visits(told.key))[0]?.end?.by === 'left');
    const steps: OriginScript['steps'] = [
      { do: 'wait', ms: 300 },
      { do: 'events', count: 1, everyMs: 0, sizeBytes: 0, fill: 'text' },
      { do: 'hold' },
    ];
    const late = await pass(test, { ignoreClientGone: 'until next bytes' }, { steps }, 50);
    const visit = async () => (await late.context.origin.visits(late.key))[0];
    await until(async () => (await visit())?.end !== undefined);
    const { atMs = 0, end } = (await visit()) ?? {};
    assert.equal(end?.by, 'left');
    assert.ok((end?.atMs ?? 0) - atMs >= 299);
  });

  test('shows, masks or swallows that the origin broke off', async (test) => {
    const steps: OriginScript['steps'] = [...FIVE_EVENTS, { do: 'end', how: 'fin' }];
    const { seen } = await pass(test, {}, { steps });
    assert.equal(seen.end?.info.reason === 'eof', false);
    const masked = await pass(test, { maskTruncation: true }, { steps });
    assert.equal(masked.seen.end?.info.reason, 'eof');
    const hangs = await pass(test, { hangOnTruncation: true }, { steps }, 400);
    assert.equal(hangs.seen.end?.info.by, 'for');
  });

  test('compresses and holds what a client takes compressed', async (test) => {
    const checking = await startChecking(test, { compressAndHold: ['gzip'] });
    const { request } = checking.proxied;
    const seen = await observe(
      checking.context.pool,
      {
        ...request,
        url: withScript(request.url, { key: randomUUID(), steps: FIVE_EVENTS }, checking.context.origin.sign),
        headers: [...request.headers, ['Accept-Encoding', 'gzip']],
      },
      { forMs: 10_000, signal: checking.context.signal },
    );
    assert.equal(seen.head?.encoding, 'gzip');
    assert.equal(seen.events.length, 5);
    assert.equal((seen.events[4]?.at ?? 0) - (seen.events[0]?.at ?? 0) < 20, true);
  });
});
