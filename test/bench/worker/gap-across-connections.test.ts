import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PublishOptions } from '../../../src/bench/options.ts';
import { parseGoodput } from '../../../src/bench/thresholds/parse-goodput.ts';
import { MadeUpServer } from './made-up-server.ts';
import { only } from './only-value.ts';

describe('the last gap of a stream', () => {
  test('that ends in order lets nothing wait for ever', (t) => {
    const server = new MadeUpServer(t);
    server.pass(1);
    server.arrive();
    server.latest.answer();
    server.latest.send('1');
    server.pass(400);
    server.latest.end('eof');
    const { event_gap: gap, time_to_first_event: first } = server.take().histograms;
    assert.deepEqual([gap, first?.censored], [undefined, 0]);
    server.fleet.finish(401);
    const { event_gap: inTheEnd } = server.take().histograms;
    assert.deepEqual([inTheEnd?.censored, inTheEnd?.lost, inTheEnd?.longestCensored], [1, 0, 400]);
  });

  test('that ends in order and comes back has a gap from its event before to its event after', (t) => {
    const server = new MadeUpServer(t);
    server.pass(1);
    server.arrive();
    server.latest.answer();
    server.latest.send('1');
    server.pass(400);
    server.latest.end('eof');
    server.pass(1_000);
    server.latest.answer();
    server.latest.end('eof');
    server.pass(1_000);
    server.latest.answer();
    server.pass(5);
    server.latest.send('2');
    assert.equal(only(server.take().histograms.event_gap), 2_405);
  });

  test('that ends in order and finds nobody any more does not look healthy', (t) => {
    const server = new MadeUpServer(t, { goodput: parseGoodput('gap<1s') });
    server.pass(1);
    server.arrive();
    server.latest.answer();
    server.latest.send('1');
    server.latest.end('eof');
    server.pass(1_000);
    server.latest.end('connect_error');
    server.fleet.finish(6_001);
    const { histograms, goodput } = server.take();
    assert.equal(histograms.event_gap?.longestCensored, 6_000);
    assert.deepEqual(goodput, { good: 0, of: 1 });
  });

  test('is not blamed for the silence behind the last event that is published', (t) => {
    const publish: PublishOptions = {
      run: 'r1',
      target: { kind: 'http', url: 'http://made-up/publish' },
      ratePerSecond: 10,
      body: '{{n}}',
      headers: [],
    };
    const server = new MadeUpServer(t, { delivery: { publish }, durationMs: 60_000 });
    server.arrive();
    server.latest.answer();
    server.pass(59_700);
    server.latest.send('1');
    server.fleet.finish(60_000);
    assert.equal(server.take().histograms.event_gap?.longestCensored, 50);
  });
});
