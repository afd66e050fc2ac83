import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Health } from '../../../src/bench/controller/health.ts';
import type { Evidence } from '../../../src/bench/verdict/evidence.ts';
import { verdictOf } from '../../../src/bench/verdict/verdict.ts';
import { WindowRecorder } from '../../../src/bench/worker/window-recorder.ts';
import { Figures } from '../../../src/results/bench/figures.ts';
import type { GeneratorSample } from '../../../src/results/bench/snapshot.ts';

const CALM: GeneratorSample = {
  cpu: 0.2,
  runQueueWait: 0.01,
  loopLatenessP99: 1,
  loopLatenessMax: 3,
  rss: 1e6,
};

function figures(record: (recorder: WindowRecorder) => void): Figures {
  const recorder = new WindowRecorder();
  record(recorder);
  const sum = new Figures();
  sum.add(recorder.take(0, 20_000, { connected: 0, connecting: 0, waiting: 0 }));
  return sum;
}

/** One worker for 20 s, and in so many of them something else. */
function health(otherSeconds = 0, other: Partial<GeneratorSample> = {}): Health {
  const worker = new Health(0);
  for (let second = 0; second < 20; second += 1) {
    worker.add(second < otherSeconds ? { ...CALM, ...other } : CALM, 1, 10);
  }
  return worker;
}

function evidence(changes: Partial<Evidence> = {}): Evidence {
  const fine = figures((recorder) => {
    recorder.counts.planned = 100;
    recorder.counts.started = 100;
  });
  return {
    plan: {
      model: 'open',
      durationMs: 20_000,
      rampUpMs: 0,
      warmUpMs: 0,
      starts: 100,
      peak: 100,
      targetAt: () => undefined,
      arrivals: () => [],
    },
    total: fine,
    measured: fine,
    health: [health()],
    machine: { cores: 2, steal: { mean: 0.002, max: 0.01 } },
    losses: [],
    endedEarly: false,
    ...changes,
  };
}

function codes(changes: Partial<Evidence> = {}): string[] {
  return verdictOf(evidence(changes)).reasons.map(({ code }) => code);
}

describe('a run', () => {
  test('is valid when its generator kept up', () => {
    assert.deepEqual(verdictOf(evidence()), { status: 'VALID', reasons: [] });
  });

  test('says of each reason what was seen, what is allowed, and what to change', () => {
    const { status, reasons } = verdictOf(evidence({ health: [health(3, { cpu: 0.95 })] }));
    assert.equal(status, 'INVALID');
    assert.deepEqual(
      reasons.map(({ figure, limit, unit }) => [figure, limit, unit]),
      [[3, 2, 's']],
    );
    assert.match(reasons[0]?.message ?? '', /^worker 1 was above 90 % of a core, in 3\.0 of 20 s$/);
    assert.match(reasons[0]?.remedy ?? '', /--workers/);
  });
});

describe('the generator was late', () => {
  const late = (delayMs: number, firstEventMs: number) =>
    figures((recorder) => {
      for (let start = 0; start < 3; start += 1) recorder.record('start_delay', delayMs);
      recorder.record('time_to_first_event_from_planned', firstEventMs);
    });

  test('above 10 ms, or 5 % of what it measured where that is more', () => {
    assert.deepEqual(codes({ measured: late(9.9, 50) }), []);
    assert.deepEqual(codes({ measured: late(10.5, 50) }), ['generator-late']);
    assert.deepEqual(codes({ measured: late(10.5, 400) }), []);
    assert.deepEqual(codes({ measured: late(21, 400) }), ['generator-late']);
  });

  test('to bring back streams that were cut together, beside how long they were away', () => {
    const herd = (delayMs: number, reconnectMs?: number) =>
      figures((recorder) => {
        for (let start = 0; start < 300; start += 1) recorder.record('reconnect_start_delay', delayMs);
        recorder.record('time_to_first_event_from_planned', 20);
        if (reconnectMs !== undefined) recorder.record('reconnect_time', reconnectMs);
      });
    assert.deepEqual(codes({ measured: herd(140, 3_000) }), []);
    const { reasons } = verdictOf(evidence({ measured: herd(160, 3_000) }));
    assert.deepEqual(
      reasons.map(({ code, limit }) => [code, Math.round(limit)]),
      [['generator-late', 150]],
    );
    assert.match(
      reasons[0]?.message ?? '',
      /^3 of 300 reconnects started 160\.0 ms or more after their time/,
    );
    assert.match(reasons[0]?.remedy ?? '', /cut together come back together: .*--jitter/);
    // No stream was back, so that no figure has it in it.
    assert.deepEqual(codes({ measured: herd(160) }), []);
  });

  test('by nothing where no stream was ever accepted: no figure has it in it', () => {
    const starts = (left: boolean) =>
      figures((recorder) => {
        for (let start = 0; start < 20; start += 1) recorder.record('start_delay', 26);
        if (left) recorder.censor('time_to_first_byte_from_planned', 300);
      });
    assert.deepEqual(codes({ measured: starts(false) }), []);
    assert.deepEqual(codes({ measured: starts(true) }), ['generator-late']);
  });

  test('by the first byte where no event came', () => {
    const measured = figures((recorder) => {
      recorder.record('start_delay', 15);
      recorder.record('time_to_first_byte_from_planned', 1_000);
    });
    assert.deepEqual(codes({ measured }), []);
  });
});

test('one start that is late is chance, where there are few', () => {
  const measured = figures((recorder) => {
    for (let start = 0; start < 48; start += 1) recorder.record('start_delay', 1);
    for (let late = 0; late < 2; late += 1) recorder.record('start_delay', 90);
  });
  assert.deepEqual(codes({ measured }), []);
});

describe('the generator was saturated', () => {
  test('by other processes alone, where it has one worker', () => {
    const waits = () => health(5, { runQueueWait: 0.2, loopLatenessP99: 6 });
    const remedy = (workers: Health[]) => verdictOf(evidence({ health: workers })).reasons[0]?.remedy ?? '';
    assert.match(remedy([waits()]), /^Other processes take the cores: run it again/);
    assert.match(remedy([waits(), waits()]), /^Other processes, or too many --workers, take/);
  });

  for (const [title, sample] of [
    ['of its core', { cpu: 0.91 }],
    ['by others that took it', { runQueueWait: 0.11, loopLatenessP99: 5.1 }],
    ['so that its loop was late', { loopLatenessP99: 10.1 }],
  ] as const) {
    test(`${title}, for more than 2 s`, () => {
      assert.deepEqual(codes({ health: [health(2, sample)] }), []);
      assert.deepEqual(codes({ health: [health(), health(3, sample)] }), ['generator-saturated']);
    });
  }

  test('not where it waited often, and never for long', () => {
    assert.deepEqual(codes({ health: [health(20, { runQueueWait: 0.3, loopLatenessP99: 4.9 })] }), []);
  });

  test('in all of a short run', () => {
    const worker = new Health(0);
    for (let second = 0; second < 2; second += 1) worker.add({ ...CALM, cpu: 1 }, 1, 10);
    assert.deepEqual(codes({ health: [worker] }), ['generator-saturated']);
  });

  test('in warm-up and ramp says nothing', () => {
    const worker = health();
    for (let second = 0; second < 10; second += 1) worker.add({ ...CALM, cpu: 1 }, 0, 10);
    assert.deepEqual(codes({ health: [worker] }), []);
  });
});

describe('the load was not delivered', () => {
  const started = (count: number, planned: number, withheld = 0) =>
    figures((recorder) => Object.assign(recorder.counts, { started: count, planned, withheld }));

  test('below 99 % of the plan', () => {
    assert.deepEqual(codes({ total: started(99, 100) }), []);
    assert.deepEqual(codes({ total: started(98, 100) }), ['load-not-delivered']);
    // Those that never became due count, too.
    assert.deepEqual(codes({ total: started(50, 50) }), ['load-not-delivered']);
  });

  test('is judged by what was due where the run was ended early', () => {
    assert.deepEqual(codes({ total: started(50, 50), endedEarly: true }), []);
    // One was on its way at that instant.
    assert.deepEqual(codes({ total: started(49, 50), endedEarly: true }), []);
    assert.deepEqual(codes({ total: started(30, 50), endedEarly: true }), ['load-not-delivered']);
  });

  test('is nothing where the run was ended before the first start', () => {
    assert.deepEqual(codes({ total: started(0, 0), endedEarly: true }), ['load-not-delivered']);
  });
});

describe('a host that took cores', () => {
  const stolen = (mean: number, max: number, cores = 2) => ({ cores, steal: { mean, max } });
  const much = stolen(0.062, 0.382);
  const FIRST =
    "The host took up to 38 % of this machine's 2 cores in a second, 6.2 % over the run (steal): " +
    'measure where the cores are your own, or when the host is calm. If that changes nothing: ';
  const counted = (counts: object) => figures((recorder) => Object.assign(recorder.counts, counts));
  const late = figures((recorder) => {
    for (let start = 0; start < 300; start += 1) {
      recorder.record('start_delay', 50);
      recorder.record('reconnect_start_delay', 300);
    }
    recorder.record('reconnect_time', 500);
    recorder.record('time_to_first_event_from_planned', 60);
  });
  const remedies = (changes: Partial<Evidence>) =>
    verdictOf(evidence(changes)).reasons.map(({ remedy }) => remedy);

  for (const [what, changes] of [
    ['starts and reconnects that came late', { measured: late }],
    ['workers that were short of a core', { health: [health(3, { runQueueWait: 0.5, loopLatenessP99: 9 })] }],
    ['streams that were not started', { total: counted({ started: 50, planned: 100 }) }],
  ] as const) {
    test(`is the first that is told of for ${what}, before what else may help`, () => {
      const usual = remedies(changes);
      assert.ok(usual.length > 0);
      assert.deepEqual(
        remedies({ ...changes, machine: much }),
        usual.map((remedy) => FIRST + remedy),
      );
    });
  }

  test('is blamed from 2 % of the run, or 10 % of a second, on', () => {
    const isBlamed = (mean: number, max: number) =>
      remedies({ measured: late, machine: stolen(mean, max) }).every((remedy) => remedy.includes('(steal)'));
    assert.deepEqual(
      [isBlamed(0.02, 0.1), isBlamed(0.021, 0.09), isBlamed(0.001, 0.11)],
      [false, true, true],
    );
    assert.doesNotMatch(remedies({ measured: late, machine: { cores: 2 } }).join(), /host/);
  });

  test('of a single core is told of as such', () => {
    const [remedy] = remedies({ measured: late, machine: stolen(0.5, 0.5, 1) });
    assert.match(
      remedy ?? '',
      /^The host took up to 50 % of the only core of this machine in a second, 50 %/,
    );
  });

  test('is no reason by itself', () => {
    assert.deepEqual(verdictOf(evidence({ machine: stolen(0.4, 0.9) })), { status: 'VALID', reasons: [] });
  });

  test('is not why a cap kept streams from starting', () => {
    const total = counted({ started: 50, planned: 100, withheld: 50 });
    assert.match(remedies({ total, machine: much })[0] ?? '', /^Raise -c/);
  });
});

describe('the machine', () => {
  test('ran out of something, where errors of our own side say so', () => {
    const failing = (code: string) =>
      figures((recorder) => {
        Object.assign(recorder.counts, { planned: 100, started: 100 });
        recorder.error({ code, message: `connect ${code}`, exitCode: 7 });
      });
    assert.deepEqual(codes({ total: failing('EMFILE') }), ['machine-limits']);
    assert.deepEqual(codes({ total: failing('EADDRNOTAVAIL') }), ['machine-limits']);
    // The server refuses: a finding, nothing against the figures.
    assert.deepEqual(codes({ total: failing('ECONNREFUSED') }), []);
  });

  test('lost a worker', () => {
    const losses = [{ worker: 0, how: 'was killed by SIGKILL', atMs: 1_500 }];
    const { reasons } = verdictOf(evidence({ losses }));
    assert.equal(reasons[0]?.message, 'worker 1 of 1 was killed by SIGKILL, 1.5 s into the run');
  });

  test('lost a worker before the run began, which is all that is wrong with it', () => {
    const losses = [{ worker: 0, how: 'was not ready after 30 s', atMs: 0 }];
    const total = figures(() => {});
    const { reasons } = verdictOf(evidence({ losses, total, measured: total, endedEarly: true }));
    assert.deepEqual(
      reasons.map(({ code, message }) => [code, message]),
      [['worker-lost', 'worker 1 of 1 was not ready after 30 s, before the run began']],
    );
  });

  for (const [how, remedy] of [
    ['was killed by SIGKILL', /short of memory/],
    ['was killed by SIGSEGV', /on standard error/],
    ['ended with code 1', /on standard error/],
    ['failed: no such file', /what its message tells of/],
    ['was not ready after 30 s', /^It was stopped, or had no time on a core/],
    ['stopped answering for 10 s', /^It was stopped, or had no time on a core/],
    ['did not end within 10 s', /^It was stopped, or had no time on a core/],
  ] as const) {
    test(`has a remedy for a worker that ${how}`, () => {
      const losses = [{ worker: 0, how, atMs: 1_500 }];
      assert.match(verdictOf(evidence({ losses })).reasons[0]?.remedy ?? '', remedy);
    });
  }
});

test('counts in messages are written as on the rest of the screen', () => {
  const total = figures((recorder) => {
    Object.assign(recorder.counts, { started: 24_000, planned: 30_000, withheld: 6_000 });
    const error = { code: 'EMFILE', message: 'too many', exitCode: 7 };
    for (let times = 0; times < 1_200; times += 1) recorder.error(error);
  });
  const measured = figures((recorder) => {
    for (let start = 0; start < 2_000; start += 1) recorder.record('start_delay', 30);
    recorder.record('time_to_first_event_from_planned', 50);
  });
  const messages = verdictOf(evidence({ total, measured })).reasons.map(({ message }) => message);
  assert.deepEqual(messages.slice(0, 2), [
    'EMFILE 1,200 times: too many',
    '24,000 of 30,000 planned streams were started: 6,000 came when all that -c allows were open',
  ]);
  assert.match(messages[2] ?? '', /^20 of 2,000 planned attempts started/);
});
