import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compileBody } from '../../../src/bench/delivery/publish/body.ts';
import type { Outgoing, Outlet } from '../../../src/bench/delivery/publish/outlet.ts';
import { PublishRun } from '../../../src/bench/delivery/publish/publish-run.ts';
import { SseKitError } from '../../../src/client/errors.ts';
import { assertInvalid } from '../../notation/rejection.ts';

/** Time passes when the test says so. */
class TestClock {
  #now = 0;
  #timers: { at: number; callback: () => void }[] = [];

  now = () => this.#now;

  after = (ms: number, callback: () => void) => {
    const timer = { at: this.#now + ms, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  };

  async advance(to: number): Promise<void> {
    for (;;) {
      await settled();
      const next = this.#timers.filter(({ at }) => at <= to).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((each) => each !== next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
    }
    this.#now = to;
    await settled();
  }
}

/** Answers when the test says so. */
class TestOutlet implements Outlet {
  readonly mostAtOnce: number;
  readonly sent: { at: number; text: string }[] = [];
  readonly waiting = new Map<number, { accept(): void; refuse(error: Error): void }>();
  readonly #clock: TestClock;
  readonly #answers: boolean;

  constructor(clock: TestClock, { mostAtOnce = 10, answers = true } = {}) {
    this.#clock = clock;
    this.mostAtOnce = mostAtOnce;
    this.#answers = answers;
  }

  publish({ n, render }: Outgoing): Promise<void> {
    this.sent.push({ at: this.#clock.now(), text: render() });
    if (this.#answers) return Promise.resolve();
    return new Promise((accept, refuse) => this.waiting.set(n, { accept, refuse }));
  }

  async close(): Promise<void> {
    for (const { refuse } of this.waiting.values()) refuse(failure('PUBLISH_UNANSWERED'));
  }
}

const failure = (code: string) => new SseKitError(code, 5, `${code} happened`);

async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

function setUp(ratePerSecond: number, options: ConstructorParameters<typeof TestOutlet>[1] = {}) {
  const clock = new TestClock();
  const outlet = new TestOutlet(clock, options);
  const plan = { run: 'r', ratePerSecond, body: '{{n}} {{sentAt}}' };
  return { clock, outlet, run: new PublishRun(plan, outlet, clock) };
}

describe('publishing', () => {
  test('follows an absolute schedule, each event stamped when it leaves', async () => {
    const { clock, outlet, run } = setUp(100);
    const outcome = run.begin(500, 600);
    await clock.advance(1_000);
    assert.deepEqual(
      outlet.sent,
      Array.from({ length: 10 }, (_, index) => {
        const at = 500 + 10 * index;
        return { at, text: `${index + 1} ssekit:r:${index + 1}:${at * 1e3}` };
      }),
    );
    assert.deepEqual(await outcome, {
      figures: { planned: 10, published: 10, failed: 0, late: 0, notStarted: 0, errors: [] },
      log: {
        sentMs: Float64Array.from({ length: 10 }, (_, index) => 500 + 10 * index),
        failedNumbers: [],
      },
    });
  });

  test('keeps a rate that no timer has the resolution for', async () => {
    const { clock, outlet, run } = setUp(2_500);
    const outcome = run.begin(0, 100);
    await clock.advance(100);
    assert.equal(outlet.sent.length, 250);
    assert.equal((await outcome).figures.late, 0);
  });

  test('goes on when an answer comes where too many wait, and counts what is late', async () => {
    const { clock, outlet, run } = setUp(100, { mostAtOnce: 2, answers: false });
    const outcome = run.begin(0, 50);
    await clock.advance(45);
    assert.equal(outlet.sent.length, 2);
    outlet.waiting.get(1)?.accept();
    outlet.waiting.get(2)?.refuse(failure('HTTP_503'));
    await clock.advance(45);
    // The third was due at 20, the fourth at 30.
    assert.equal(outlet.sent.length, 4);
    outlet.waiting.get(3)?.accept();
    await clock.advance(48);
    outlet.waiting.get(4)?.accept();
    outlet.waiting.get(5)?.accept();
    const { figures, log } = await outcome;
    assert.deepEqual(
      { ...figures, errors: figures.errors.map(({ code, count }) => [code, count]) },
      { planned: 5, published: 4, failed: 1, late: 2, notStarted: 0, errors: [['HTTP_503', 1]] },
    );
    assert.deepEqual(log.failedNumbers, [2]);
  });

  test('begins nothing after its time, and gives what waits a second', async () => {
    const { clock, outlet, run } = setUp(100, { mostAtOnce: 2, answers: false });
    const outcome = run.begin(0, 50);
    await clock.advance(1_059);
    outlet.waiting.get(2)?.accept();
    await clock.advance(1_062);
    const { figures, log } = await outcome;
    assert.deepEqual([figures.published, figures.failed, figures.notStarted], [1, 1, 3]);
    assert.deepEqual(
      figures.errors.map(({ code }) => code),
      ['PUBLISH_UNANSWERED'],
    );
    assert.deepEqual(log.failedNumbers, [1]);
  });

  test('can be stopped, before it began as well', async () => {
    const { clock, outlet, run } = setUp(10);
    const outcome = run.begin(0, 1_000);
    await clock.advance(250);
    run.stop();
    run.stop();
    const { planned, published, notStarted } = (await outcome).figures;
    assert.deepEqual([planned, published, notStarted], [3, 3, 0]);
    await clock.advance(2_000);
    assert.equal(outlet.sent.length, 3);
    const other = setUp(10);
    const never = other.run.begin(100, 200);
    other.run.stop();
    assert.equal((await never).figures.planned, 0);
  });
});

describe('the text of an event', () => {
  test('has its number and its stamp in their places, as often as they are named', () => {
    assert.equal(
      compileBody('{"n":{{n}},"a":["{{ sentAt }}","{{n}}"]}')(7, 'S$&'),
      '{"n":7,"a":["S$&","7"]}',
    );
    assert.equal(compileBody('{"a":{"b":{}}}')(1, ''), '{"a":{"b":{}}}');
  });

  test('names nothing else', () => {
    assertInvalid(
      () => compileBody('{{n}} {{now}}'),
      /\{\{now\}\} stands for nothing.*\nAccepted: \{\{n\}\}/,
    );
  });
});
