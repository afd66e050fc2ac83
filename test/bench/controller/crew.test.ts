import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { Crew, type CrewWorker } from '../../../src/bench/controller/crew.ts';
import type { FromWorker, ToWorker } from '../../../src/bench/messages.ts';
import type { BenchOptions } from '../../../src/bench/options.ts';
import { WindowRecorder } from '../../../src/bench/worker/window-recorder.ts';
import type { WorkerExit } from '../../../src/bench/worker/worker-handle.ts';

const DURATION_MS = 60_000;
const LOOK_MS = 250;
/** What only workers read. */
const OPTIONS = {} as BenchOptions;

/** A worker that says what the test has it say. */
class MadeUpWorker implements CrewWorker {
  readonly number: number;
  readonly exited: Promise<WorkerExit>;
  readonly told: ToWorker['type'][] = [];
  readonly say: (message: FromWorker) => void;
  killed = false;
  #exit: (exit: WorkerExit) => void = () => {};

  constructor(number: number, onMessage: (message: FromWorker) => void) {
    this.number = number;
    this.say = onMessage;
    this.exited = new Promise((resolve) => {
      this.#exit = resolve;
    });
  }

  tell({ type }: ToWorker): void {
    this.told.push(type);
  }

  kill(): void {
    this.killed = true;
    this.exit('SIGKILL');
  }

  exit(signal: NodeJS.Signals): void {
    this.#exit({ code: null, signal });
  }

  window(): void {
    const snapshot = new WindowRecorder().take(0, 1_000, { connected: 0, connecting: 0, waiting: 0 });
    const generator = { cpu: 0, loopLatenessP99: 0, loopLatenessMax: 0, rss: 0 };
    this.say({ type: 'window', snapshot, generator });
  }
}

/** Two workers, and a clock that the test moves. */
class MadeUpCrew {
  readonly crew: Crew;
  readonly workers: [MadeUpWorker, MadeUpWorker];
  readonly left: number[] = [];
  windows = 0;
  readonly #test: TestContext;
  #now = 1_000;

  constructor(test: TestContext) {
    test.mock.timers.enable({ apis: ['setTimeout'] });
    this.#test = test;
    const workers: MadeUpWorker[] = [];
    this.crew = new Crew(
      2,
      DURATION_MS,
      {
        window: () => {
          this.windows += 1;
        },
        left: (worker) => this.left.push(worker),
      },
      {
        start: (number, onMessage) => {
          const worker = new MadeUpWorker(number, onMessage);
          workers.push(worker);
          return worker;
        },
        now: () => this.#now,
      },
    );
    this.workers = workers as [MadeUpWorker, MadeUpWorker];
  }

  get losses(): (readonly [worker: number, how: string])[] {
    return this.crew.losses.map(({ worker, how }) => [worker, how]);
  }

  /** Has all ready and going. */
  async underWay(): Promise<{ over: boolean }> {
    const prepared = this.crew.prepare(OPTIONS);
    for (const worker of this.workers) worker.say({ type: 'ready' });
    await prepared;
    this.crew.go();
    const run = { over: false };
    void this.crew.finished().then(() => {
      run.over = true;
    });
    return run;
  }

  /** @param meanwhile is called at each look */
  async pass(ms: number, meanwhile: () => void = () => {}): Promise<void> {
    for (let passed = 0; passed < ms; passed += LOOK_MS) {
      this.#now += LOOK_MS;
      meanwhile();
      this.#test.mock.timers.tick(LOOK_MS);
      await settled();
    }
  }

  /** This process did nothing for so long. */
  async freeze(ms: number): Promise<void> {
    this.#now += ms;
    this.#test.mock.timers.tick(ms);
    await settled();
  }
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('a crew of workers', () => {
  test('goes when all are ready, and is finished when all are done', async (t) => {
    const made = new MadeUpCrew(t);
    const run = await made.underWay();
    const [one, other] = made.workers;
    await made.pass(DURATION_MS, () => {
      one.window();
      other.window();
    });
    one.say({ type: 'done' });
    await settled();
    assert.equal(run.over, false);
    other.say({ type: 'done' });
    await settled();
    assert.equal(run.over, true);
    assert.deepEqual(one.told, ['prepare', 'go']);
    assert.deepEqual([made.windows, made.left, made.losses], [480, [0, 1], []]);
  });

  test('that is stopped while it warms up waits for nobody', async (t) => {
    const made = new MadeUpCrew(t);
    let prepared = false;
    void made.crew.prepare(OPTIONS).then(() => {
      prepared = true;
    });
    await settled();
    assert.equal(prepared, false);
    made.crew.stop();
    await settled();
    assert.equal(prepared, true);
    assert.deepEqual(made.losses, []);
  });

  test('loses a worker that is never ready', async (t) => {
    const made = new MadeUpCrew(t);
    let prepared = false;
    void made.crew.prepare(OPTIONS).then(() => {
      prepared = true;
    });
    made.workers[0].say({ type: 'ready' });
    await made.pass(30_500);
    assert.equal(prepared, true);
    assert.deepEqual(made.losses, [[1, 'was not ready after 30 s']]);
  });

  test('that has lost a worker has the others end at once with what they have', async (t) => {
    const made = new MadeUpCrew(t);
    const run = await made.underWay();
    const [one, other] = made.workers;
    await made.pass(1_000);
    one.exit('SIGSEGV');
    await settled();
    assert.deepEqual(made.losses, [[0, 'was killed by SIGSEGV']]);
    assert.equal(made.crew.losses[0]?.atMs, 800);
    assert.deepEqual([other.told.at(-1), run.over], ['stop', false]);
    other.window();
    other.say({ type: 'done' });
    await settled();
    assert.deepEqual([made.windows, made.left, run.over], [1, [0, 1], true]);
  });

  test('loses a worker that says nothing for 10 s', async (t) => {
    const made = new MadeUpCrew(t);
    const run = await made.underWay();
    const [silent, other] = made.workers;
    await made.pass(10_000, () => other.window());
    assert.deepEqual(made.losses, []);
    await made.pass(500, () => other.window());
    assert.deepEqual(made.losses, [[0, 'stopped answering for 10 s']]);
    assert.equal(silent.killed, true);
    other.say({ type: 'done' });
    await settled();
    assert.equal(run.over, true);
  });

  test('is finished 10 s after its time, whatever workers do', async (t) => {
    const made = new MadeUpCrew(t);
    const run = await made.underWay();
    const talk = () => {
      for (const worker of made.workers) worker.window();
    };
    await made.pass(DURATION_MS + 10_000, talk);
    assert.equal(run.over, false);
    await made.pass(500, talk);
    assert.equal(run.over, true);
    assert.equal(made.losses[1]?.[1], 'did not end within 10 s');
  });

  test('does not take a freeze of its own for silence of the workers', async (t) => {
    const made = new MadeUpCrew(t);
    const run = await made.underWay();
    await made.pass(1_000);
    await made.freeze(120_000);
    assert.deepEqual([made.losses, run.over], [[], false]);
    for (const worker of made.workers) {
      worker.window();
      worker.say({ type: 'done' });
    }
    await settled();
    assert.deepEqual([made.losses, made.windows, run.over], [[], 2, true]);
  });
});
