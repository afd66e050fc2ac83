import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MadeUpServer } from './made-up-server.ts';
import { only } from './only-value.ts';

describe('a stream of a load', () => {
  test('is measured from its start and from its plan, mark by mark', (t) => {
    const server = new MadeUpServer(t);
    server.pass(7);
    server.fleet.arrive({ index: 0, atMs: 3 });
    server.pass(20);
    server.latest.answer();
    server.pass(30);
    server.latest.send('1', '2');
    const { histograms, counts } = server.take();
    assert.equal(only(histograms.start_delay), 4);
    assert.equal(only(histograms.time_to_headers), 20);
    assert.equal(only(histograms.time_to_headers_from_planned), 24);
    assert.equal(only(histograms.time_to_first_byte), 50);
    assert.equal(only(histograms.time_to_first_event), 50);
    assert.equal(only(histograms.time_to_first_event_from_planned), 54);
    assert.deepEqual([counts.events, counts.reads, counts.coalescedEvents, counts.bytes], [2, 1, 1, 20]);
  });

  test('comes back with its id, and its outage is the sum of its parts', (t) => {
    const server = new MadeUpServer(t);
    server.arrive();
    server.latest.answer();
    server.latest.send('1');
    server.pass(500);
    server.latest.end('reset');
    server.pass(1_000);
    assert.equal(server.latest.start.lastEventId, '1');
    server.pass(40);
    server.latest.end('connect_error');
    server.pass(2_100);
    assert.equal(server.attempts.length, 3);
    server.latest.answer();
    server.pass(5);
    server.latest.send('2');
    const { histograms, endings, counts, shortestCut } = server.take();
    const [whole = 0, ...parts] = (
      ['reconnect_time', 'backoff', 'failed_attempts', 'reconnect_headers'] as const
    ).map((metric) => only(histograms[metric]) ?? Number.NaN);
    assert.equal(
      whole,
      parts.reduce((sum, part) => sum + part, 0),
    );
    assert.equal(parts[1], 40);
    assert.equal(only(histograms.outage), whole + 5);
    assert.deepEqual([endings.reset, endings.connect_error, counts.outages, counts.attempts], [1, 1, 1, 3]);
    assert.deepEqual(shortestCut, { reset: 500 });
  });

  test('that comes back late is late for its reconnect, and not for the plan', (t) => {
    const server = new MadeUpServer(t);
    server.arrive();
    server.latest.answer();
    server.latest.send('1');
    server.latest.end('reset');
    server.pass(999);
    server.stall(70);
    server.pass(1);
    server.pass(20);
    server.latest.answer();
    server.pass(30);
    server.latest.send('2');
    const { histograms } = server.take();
    assert.equal(only(histograms.reconnect_start_delay), 70);
    assert.equal(only(histograms.start_delay), 0);
    assert.equal(only(histograms.reconnect_time), 1_090);
    assert.equal(histograms.time_to_headers?.max, 20);
    assert.equal(histograms.time_to_headers_from_planned?.max, 20);
    assert.equal(histograms.time_to_first_event_from_planned?.max, 50);
  });

  test('starts no attempt before its time, although a timer fires early', (t) => {
    const server = new MadeUpServer(t);
    server.arrive();
    server.latest.answer();
    server.latest.send('1');
    server.latest.end('reset');
    server.passEarly(1_000);
    assert.equal(server.attempts.length, 1);
    server.pass(1_000);
    assert.deepEqual(server.latest.marks, { planned: 1_000, start: 1_000 });
  });

  test('is never sooner back than the server asked for, whatever the jitter', (t) => {
    const reconnect = { mode: 'persistent', retryDelayMs: 100, retryMaxMs: 8_000, jitter: 1 } as const;
    const server = new MadeUpServer(t, { reconnect });
    server.arrive();
    server.latest.answer(503, 2_000);
    server.pass(1_999);
    assert.equal(server.attempts.length, 1);
    server.pass(2_002);
    assert.equal(server.attempts.length, 2);
    server.latest.answer();
    server.latest.askForWait(3_000);
    server.latest.send('1');
    server.latest.end('reset');
    server.pass(2_999);
    assert.equal(server.attempts.length, 2);
    server.pass(3_002);
    assert.equal(server.attempts.length, 3);
  });

  test('that fails for good after it was cut leaves an outage without end', (t) => {
    const server = new MadeUpServer(t);
    server.arrive();
    server.latest.answer();
    server.latest.send('1');
    server.latest.end('reset');
    server.pass(1_000);
    server.latest.answer(404);
    const { histograms, counts } = server.take();
    assert.deepEqual([counts.outages, counts.failed], [1, 1]);
    for (const metric of ['reconnect_time', 'outage'] as const) assert.equal(histograms[metric]?.lost, 1);
  });

  test('that leaves while it is out leaves an outage of which only so much was seen', (t) => {
    const server = new MadeUpServer(t, { life: { forMs: 3_000 } });
    server.arrive();
    server.latest.answer();
    server.latest.end('reset');
    server.pass(3_100);
    const { histograms, counts } = server.take();
    assert.deepEqual([counts.outages, counts.succeeded], [1, 1]);
    assert.deepEqual([histograms.reconnect_time?.censored, histograms.reconnect_time?.lost], [1, 0]);
  });

  test('that is reset before an event came had none for ever', (t) => {
    const server = new MadeUpServer(t);
    server.arrive();
    server.latest.answer();
    server.pass(700);
    server.latest.end('reset');
    const { time_to_first_event: first, silence } = server.take().histograms;
    assert.deepEqual([first?.lost, first?.longestCensored], [1, 700]);
    assert.equal(silence?.lost, 1);
  });

  test('is open when the time is over, and what it waited for is cut short, not forgotten', (t) => {
    const server = new MadeUpServer(t);
    server.arrive(2);
    server.attempts[0]?.answer();
    server.pass(8_000);
    server.fleet.finish(8_000);
    const { counts, endings, histograms } = server.take();
    assert.deepEqual([counts.started, counts.open, counts.succeeded, counts.failed], [2, 2, 0, 0]);
    assert.equal(endings.open, 2);
    assert.equal(histograms.time_to_headers?.censored, 1);
    assert.equal(histograms.time_to_first_event_from_planned?.censored, 2);
    assert.equal(histograms.silence?.longestCensored, 8_000);
  });

  test('has failed when it will not try again', (t) => {
    const server = new MadeUpServer(t, {
      load: { model: 'open', rate: 1, arrival: 'constant', rampUpMs: 0 },
      reconnect: { mode: 'browser', retryDelayMs: 1_000, retryMaxMs: 8_000, jitter: 0 },
    });
    server.arrive();
    server.latest.answer(503);
    server.pass(60_000);
    assert.deepEqual(server.counts(), {
      planned: 1,
      started: 1,
      failed: 1,
      attempts: 1,
      failedAttempts: 1,
      neverOpened: 1,
    });
  });

  test('that a server turns away for a moment tries again, unless it is a browser', (t) => {
    const server = new MadeUpServer(t);
    server.arrive();
    server.latest.answer(503);
    server.pass(2_100);
    assert.equal(server.attempts.length, 2);
  });

  test('has succeeded when it had the events that it came for', (t) => {
    const server = new MadeUpServer(t, {
      load: { model: 'open', rate: 1, arrival: 'constant', rampUpMs: 0 },
      life: { maxEvents: 2 },
    });
    server.arrive();
    server.latest.answer();
    server.latest.send('1', '2', '3');
    const { counts, endings } = server.take();
    assert.deepEqual([counts.succeeded, counts.events, endings.client], [1, 2, 1]);
  });

  test('lives from its headers on, however long they took', (t) => {
    const server = new MadeUpServer(t, { life: { forMs: 100 } });
    server.arrive();
    server.pass(2_000);
    assert.equal(server.latest.ended, false);
    server.latest.answer();
    server.pass(100);
    assert.equal(server.attempts[0]?.ended, true);
  });

  test('whose attempt takes longer than it may has a failed attempt, and tries again', (t) => {
    const server = new MadeUpServer(t, { life: { maxTimeMs: 300 } });
    server.arrive();
    server.pass(300);
    const { errors, counts } = server.take();
    assert.deepEqual([errors.map(({ code }) => code), counts.failedAttempts], [['MAX_TIME'], 1]);
    server.pass(2_100);
    assert.equal(server.attempts.length, 2);
  });

  test('that reads slowly is paused, and its silences say nothing of the server', (t) => {
    const server = new MadeUpServer(t, { behaviour: { slow: { share: 1, bytesPerSecond: 100 } } });
    server.arrive();
    server.latest.answer();
    server.latest.send('1', '2');
    assert.equal(server.latest.paused, true);
    server.pass(199);
    assert.equal(server.latest.paused, true);
    server.pass(2);
    assert.equal(server.latest.paused, false);
    server.pass(1_000);
    server.latest.send('3');
    const { histograms, counts } = server.take();
    assert.deepEqual([histograms.event_gap, histograms.silence, counts.reads], [undefined, undefined, 2]);
  });

  test('that cancels leaves whatever the server does, and does not come back', (t) => {
    const server = new MadeUpServer(t, {
      load: { model: 'open', rate: 1, arrival: 'constant', rampUpMs: 0 },
      behaviour: { cancel: { share: 1, afterMs: 50 } },
    });
    server.arrive();
    server.pass(60_000);
    const { counts, histograms } = server.take();
    assert.deepEqual([server.attempts.length, counts.succeeded], [1, 1]);
    assert.equal(histograms.time_to_headers?.longestCensored, 50);
  });
});

describe('the slots of a closed model', () => {
  test('open another stream at once when one has lived its life', (t) => {
    const server = new MadeUpServer(t, { life: { forMs: 100 } });
    server.arrive();
    server.latest.answer();
    server.pass(101);
    assert.equal(server.attempts.length, 2);
    assert.equal(server.latest.start.plannedAt, 100);
    assert.deepEqual(server.counts(), { planned: 2, started: 2, attempts: 2, succeeded: 1, opened: 1 });
  });

  test('do not hammer a server that ends each stream at once', (t) => {
    const server = new MadeUpServer(t, {
      reconnect: { mode: 'none', retryDelayMs: 1_000, retryMaxMs: 8_000, jitter: 0 },
    });
    server.arrive();
    for (let passed = 0; passed < 1_000; passed += 1) {
      if (!server.latest.ended) {
        server.latest.answer();
        server.latest.end('eof');
      }
      server.pass(1);
    }
    assert.ok(server.attempts.length <= 21, `${server.attempts.length} attempts in a second`);
  });

  test('open no stream before its time, although a timer fires early', (t) => {
    const server = new MadeUpServer(t, {
      reconnect: { mode: 'none', retryDelayMs: 1_000, retryMaxMs: 8_000, jitter: 0 },
    });
    server.arrive();
    server.latest.answer();
    server.latest.end('eof');
    server.passEarly(50);
    assert.equal(server.attempts.length, 1);
    server.pass(50);
    assert.deepEqual(server.latest.marks, { planned: 50, start: 50 });
  });

  test('wait longer each time after streams that failed', (t) => {
    const server = new MadeUpServer(t);
    server.arrive();
    for (let passed = 0; passed < 10_000; passed += 1) {
      if (!server.latest.ended) server.latest.answer(404);
      server.pass(1);
    }
    assert.ok(
      server.attempts.length >= 3 && server.attempts.length <= 6,
      `${server.attempts.length} attempts`,
    );
  });

  test('stay empty once their time in the plan is over, although its timer fires early', (t) => {
    const server = new MadeUpServer(t);
    server.fleet.arrive({ index: 0, atMs: 0, untilMs: 500 });
    server.latest.answer();
    server.pass(499);
    server.passEarly(1);
    assert.equal(server.latest.ended, false);
    server.pass(2_000);
    assert.deepEqual([server.latest.ended, server.attempts.length], [true, 1]);
  });

  test('stay empty once their time in the plan is over', (t) => {
    const server = new MadeUpServer(t);
    server.fleet.arrive({ index: 0, atMs: 0, untilMs: 500 });
    server.latest.answer();
    server.pass(2_000);
    assert.deepEqual(server.counts(), { planned: 1, started: 1, attempts: 1, succeeded: 1, opened: 1 });
  });
});

describe('the open model', () => {
  test('withholds what comes when all that may be open are', (t) => {
    const server = new MadeUpServer(t, {
      load: { model: 'open', rate: 1, arrival: 'constant', rampUpMs: 0, maxOpen: 2 },
    });
    server.arrive(5);
    assert.deepEqual(server.counts(), { planned: 5, started: 2, withheld: 3, attempts: 2 });
  });
});

describe('a storm', () => {
  test('cuts the streams that are connected, and tells how long they took to come back', (t) => {
    const server = new MadeUpServer(t, { behaviour: { drop: { atMs: 100, share: 1 } } });
    server.arrive(3);
    for (const attempt of server.attempts.slice(0, 2)) attempt.answer();
    server.pass(101);
    assert.deepEqual(
      server.attempts.map(({ ended }) => ended),
      [true, true, false],
    );
    server.pass(1_000);
    const [, , , again, refused] = server.attempts;
    again?.answer();
    refused?.answer(503);
    const { storm, counts, histograms } = server.take();
    assert.deepEqual([storm?.cut, storm?.recovery.count, storm?.status503], [2, 1, 1]);
    assert.equal(counts.outages, 2);
    // Nothing had to notice a cut of our own.
    assert.equal(histograms.detect, undefined);
  });
});

describe('a storm of many streams', () => {
  test('counts from its beginning until each is back, and each outage from its own cut', (t) => {
    const server = new MadeUpServer(t, { behaviour: { drop: { atMs: 100, share: 1 } } });
    server.arrive(200);
    for (const attempt of server.attempts) {
      attempt.answer();
      attempt.send('1');
    }
    server.pass(99);
    assert.equal(server.take().storm, undefined);
    // Two in a millisecond, and from the second on: the last ones 99 ms after the first.
    server.pass(1_300);
    for (const attempt of server.attempts.slice(200)) attempt.answer();
    const { storm, histograms } = server.take();
    assert.deepEqual([storm?.cut, storm?.cutWithin, storm?.recovery.count], [200, 99, 200]);
    // All were answered in the same moment.
    assert.deepEqual([storm?.recovery.min, storm?.recovery.max], [1_299, 1_299]);
    assert.deepEqual([histograms.reconnect_time?.min, histograms.reconnect_time?.max], [1_200, 1_299]);
  });
});

describe('goodput', () => {
  const goodput = {
    text: 'first_event<200ms,gap<1s',
    limits: [
      { metric: 'time_to_first_event', comparison: '<', limitMs: 200 },
      { metric: 'event_gap', comparison: '<', limitMs: 1_000 },
    ],
  } as const;

  test('counts streams that kept every limit, and had an event', (t) => {
    const server = new MadeUpServer(t, { goodput });
    server.arrive(4);
    const [good, late, silent, gap] = server.attempts;
    for (const attempt of server.attempts) attempt.answer();
    server.pass(100);
    good?.send('1');
    gap?.send('1');
    server.pass(200);
    late?.send('1');
    server.pass(750);
    good?.send('2');
    late?.send('2');
    assert.equal(silent?.ended, false);
    server.fleet.finish(1_100);
    assert.deepEqual(server.take().goodput, { good: 1, of: 4 });
  });
});
