import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Load, PublishOptions } from '../../../src/bench/options.ts';
import { makePlan, type PlanOptions } from '../../../src/bench/plan/make-plan.ts';
import { planSummary, type SummaryOptions } from '../../../src/bench/plan/plan-summary.ts';
import type { HttpVersion } from '../../../src/client/request.ts';
import type { PlanSummary } from '../../../src/results/bench/result.ts';

type Told = PlanOptions & SummaryOptions;

const CLOSED: Load = { model: 'closed', connections: 50, rampUpMs: 0 };

const PUBLISH = { run: 'r', ratePerSecond: 10, body: '', headers: [] } as const;

const REQUEST = { idleTimeoutMs: 0, connection: { http: 'auto' } } as const;

function summary(load: Load, more: Partial<Told> = {}): PlanSummary {
  const reconnect = { mode: 'browser', retryDelayMs: 3000, retryMaxMs: 30_000, jitter: 0.5 } as const;
  const run = { durationMs: 10_000, warmUpMs: 2000, seed: 42 };
  const options: Told = {
    ...{ load, request: REQUEST, life: {}, behaviour: {}, delivery: {}, reconnect, ...run },
    ...more,
  };
  return planSummary(options, makePlan(options), 2);
}

const words = (load: Load) => summary(load).load;

describe('the summary of a plan', () => {
  test('has its numbers', () => {
    assert.deepEqual(summary({ model: 'closed', connections: 5000, rampUpMs: 5000 }), {
      model: 'closed',
      load: '-c 5000, ramp-up 5 s',
      durationMs: 10_000,
      rampUpMs: 5000,
      warmUpMs: 2000,
      starts: 5000,
      peak: 5000,
      workers: 2,
      reconnect: 'browser',
      seed: 42,
      notes: [],
    });
  });

  test('tells the load in the words of the command line', () => {
    assert.equal(words({ model: 'closed', connections: 50, rampUpMs: 0 }), '-c 50');
    const open = { model: 'open', arrival: 'constant', rampUpMs: 0 } as const;
    assert.equal(words({ ...open, rate: 1000 }), '1,000 starts/s');
    assert.equal(words({ ...open, rate: 100 / 60 }), '1.667 starts/s');
    assert.equal(
      words({ ...open, rate: 1000, arrival: 'poisson', rampUpMs: 1500, maxOpen: 2000 }),
      '1,000 starts/s, ramp-up 1500 ms, Poisson, at most 2,000 open',
    );
    const stages = [
      { durationMs: 30_000, target: 1000 },
      { durationMs: 120_000, target: 5000 },
      { durationMs: 30_000, target: 0 },
    ];
    assert.equal(words({ model: 'closed-stages', stages }), 'stages 30s:1000, 2m:5000, 30s:0');
    const slow = [{ durationMs: 60_000, target: 100 / 60 }];
    assert.equal(words({ model: 'open-stages', stages: slow, arrival: 'constant' }), 'stages 1m:1.667/s');
    assert.equal(
      words({ model: 'open-stages', stages, arrival: 'poisson' }),
      'stages 30s:1000/s, 2m:5000/s, 30s:0/s, Poisson',
    );
  });

  test('notes what else shapes the load', () => {
    const { notes } = summary(
      { model: 'closed', connections: 50, rampUpMs: 0 },
      {
        life: { forMs: 5000, maxEvents: 1, untilData: ['[DONE]'], maxTimeMs: 30_000 },
        behaviour: {
          drop: { atMs: 30_000, share: 0.5 },
          slow: { share: 0.1, bytesPerSecond: 1024 },
          cancel: { share: 0.025, afterMs: 2000 },
        },
        request: { idleTimeoutMs: 20_000, connection: { http: '2' } },
        streamsPerConnection: 100,
        localAddresses: ['10.0.0.5', '10.0.0.6', '10.0.0.7'],
        delivery: {
          sequence: { kind: 'path', path: 'seq' },
          sentAtPath: 'sent',
          publish: { ...PUBLISH, target: { kind: 'http', url: 'http://u:pw@h/publish?token=abc' } },
        },
      },
    );
    assert.deepEqual(notes, [
      'a stream ends after 5 s or after 1 event or at data "[DONE]"',
      'an attempt may take 30 s',
      'an attempt may be silent for 20 s',
      '50% of the streams are cut at 30 s',
      '10% of the streams read 1KB/s',
      '2.5% of the streams leave after 2 s',
      '100 streams a connection',
      'from 10.0.0.5 and 2 more addresses',
      'numbered by seq',
      'sent at sent',
      '10 events/s published to http://u:•••@h/publish?token=•••',
    ]);
  });

  test('names what takes published events, but no command: it may hold a secret', () => {
    const published = (target: PublishOptions['target']) =>
      summary(CLOSED, { delivery: { publish: { ...PUBLISH, target } } }).notes;
    assert.deepEqual(published({ kind: 'redis', url: 'redis://h:6379/0', channel: 'c' }), [
      '10 events/s published to redis://h:6379/0#c',
    ]);
    assert.deepEqual(published({ kind: 'exec', command: 'send --key 123' }), [
      '10 events/s published by a command',
    ]);
  });

  test('knows whether HTTP/2 was asked for', () => {
    const asked = (http: HttpVersion, streamsPerConnection?: number) =>
      summary(CLOSED, {
        request: { idleTimeoutMs: 0, connection: { http } },
        ...(streamsPerConnection === undefined ? {} : { streamsPerConnection }),
      }).http2;
    assert.deepEqual(
      [asked('2'), asked('2-prior-knowledge'), asked('auto', 50), asked('auto'), asked('1.1')],
      [true, true, true, undefined, undefined],
    );
  });
});
