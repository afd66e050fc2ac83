import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FaultId } from '../../src/checks/faults/fault.ts';
import { NotMeasurable, TooBusy } from '../../src/checks/not-measurable.ts';
import { type Judgement, type Probe, probe } from '../../src/checks/probe.ts';
import { type ProbeProgress, runProbes } from '../../src/checks/run-probes.ts';
import type { ProbeContext, Way } from '../../src/checks/ways/way.ts';
import { SseKitError } from '../../src/client/errors.ts';
import type { ProbeStatus } from '../../src/results/check/result.ts';
import { until } from '../e2e/harness/until.ts';
import { startChecking } from './checking.ts';

/** Probes that measure what a test tells them to, and a record of who ran beside whom. */
class Stage {
  readonly order: string[] = [];
  readonly running = new Set<string>();
  readonly #open = new Map<string, () => void>();

  /** Measures until `release`; its judgements come one after the other, the last one for ever. */
  held(id: string, changes: Partial<Probe> = {}, statuses: readonly ProbeStatus[] = ['pass']): Probe {
    return this.#probe(id, changes, statuses, (way, signal) => {
      const name = `${id} ${way}`;
      this.running.add(name);
      return new Promise<void>((resolve) => {
        const done = () => {
          this.running.delete(name);
          resolve();
        };
        this.#open.set(name, done);
        signal.addEventListener('abort', done, { once: true });
      });
    });
  }

  instant(id: string, statuses: readonly ProbeStatus[] = ['pass'], changes: Partial<Probe> = {}): Probe {
    return this.#probe(id, changes, statuses, async () => {});
  }

  failing(id: string, error: Error): Probe {
    return this.#probe(id, {}, ['pass'], () => Promise.reject(error));
  }

  /** Lets those that measure now be done. */
  release(...ids: string[]): void {
    for (const [name, done] of [...this.#open]) {
      if (ids.length > 0 && !ids.some((id) => name.startsWith(`${id} `))) continue;
      this.#open.delete(name);
      done();
    }
  }

  #probe(
    id: string,
    changes: Partial<Probe>,
    statuses: readonly ProbeStatus[],
    measure: (way: string, signal: AbortSignal) => Promise<void>,
  ): Probe {
    let judged = 0;
    return probe({
      ...{ id, title: id, requirement: id, seconds: 1, load: 'quiet' as const },
      measure: async ({ name }, { signal }) => {
        this.order.push(`${id} ${name}`);
        await measure(name, signal);
        return name;
      },
      judge: (direct, proxied): Judgement => {
        const status = statuses[Math.min(judged, statuses.length - 1)] ?? 'pass';
        judged += 1;
        return { status, summary: `${judged}: ${direct} ${proxied}`, direct: {}, proxied: {}, evidence: [] };
      },
      ...changes,
    });
  }
}

async function runOf(test: TestContext, probes: readonly Probe[], changes: Partial<ProbeContext> = {}) {
  const { direct, proxied, context } = await startChecking(test);
  const told: string[] = [];
  const onProgress = ({ probe, state }: ProbeProgress) => void told.push(`${probe} ${state}`);
  return { told, run: runProbes(probes, { direct, proxied }, { ...context, ...changes }, onProgress) };
}

describe('a run of probes', () => {
  test('tells results in the order of the probes, both ways measured', async (t) => {
    const stage = new Stage();
    const { run } = await runOf(t, [stage.instant('a'), stage.instant('b')]);
    const { results, skipped } = await run;
    assert.deepEqual(
      results.map(({ probe, status, runs, summary }) => [probe, status, runs, summary]),
      [
        ['a', 'pass', 1, '1: direct proxied'],
        ['b', 'pass', 1, '1: direct proxied'],
      ],
    );
    assert.deepEqual(skipped, []);
  });

  test('tells how long each took, its repetition with it', async (t) => {
    const wait = () => new Promise<void>((resolve) => setTimeout(resolve, 60));
    const stage = new Stage();
    const slow = { measure: wait };
    const { run } = await runOf(t, [
      stage.instant('slow', ['pass'], slow),
      stage.instant('twice', ['fail'], slow),
      stage.instant('quick'),
    ]);
    const [slowMs = 0, twiceMs = 0, quickMs = 0] = (await run).results.map(({ durationMs }) => durationMs);
    assert.ok(slowMs >= 50 && twiceMs >= 100 && quickMs >= 0, `${slowMs} ${twiceMs} ${quickMs}`);
  });

  test('repeats once what warns or fails, and believes the better of the two', async (t) => {
    const stage = new Stage();
    const { run, told } = await runOf(t, [
      stage.instant('once', ['fail', 'pass']),
      stage.instant('less', ['fail', 'warn']),
      stage.instant('worse', ['warn', 'fail']),
      stage.instant('always', ['fail', 'fail', 'pass']),
    ]);
    const { results } = await run;
    assert.deepEqual(
      results.map(({ probe, status, runs, summary }) => [probe, status, runs, summary.slice(0, 1)]),
      [
        ['once', 'pass', 2, '2'],
        ['less', 'warn', 2, '2'],
        ['worse', 'warn', 2, '1'],
        ['always', 'fail', 2, '1'],
      ],
    );
    assert.deepEqual(
      told.filter((line) => line.startsWith('once')),
      ['once running', 'once running', 'once pass'],
    );
  });

  test('calls a buffer that small events did not fill, and many bytes did, by one name', async (t) => {
    const stage = new Stage();
    const finding = (id: string, fault: FaultId): Probe => ({
      ...stage.instant(id),
      judge: () => ({ status: 'fail', fault, summary: '', direct: {}, proxied: {}, evidence: [] }),
    });
    const faultsOf = async (...probes: Probe[]) =>
      (await (await runOf(t, probes)).run).results.map(({ fault }) => fault);
    const small = finding('timing', 'buffer.until-end');
    assert.deepEqual(await faultsOf(small, finding('threshold', 'buffer.threshold')), [
      'buffer.threshold',
      'buffer.threshold',
    ]);
    assert.deepEqual(await faultsOf(small, finding('head', 'buffer.headers')), [
      'buffer.until-end',
      'buffer.headers',
    ]);
  });

  test('skips what can not be measured, with the reason', async (t) => {
    const stage = new Stage();
    const { run, told } = await runOf(t, [
      stage.failing('no h2', new NotMeasurable('the proxy speaks no HTTP/2')),
      stage.failing('no port', new SseKitError('EMFILE', 1, 'too many open files')),
      stage.instant('fine'),
    ]);
    const { results, skipped } = await run;
    assert.equal(results.length, 1);
    assert.deepEqual(skipped, [
      { probe: 'no h2', why: 'the proxy speaks no HTTP/2' },
      { probe: 'no port', why: 'too many open files' },
    ]);
    assert.ok(told.includes('no h2 skipped'));
  });

  test('measures again what a busy machine leaves open, and skips what it never lets be told', async (t) => {
    const stage = new Stage();
    const busy = (id: string, times: number): Probe => {
      const asked = stage.instant(id);
      let judged = 0;
      return {
        ...asked,
        judge: (...given) => {
          judged += 1;
          if (judged <= times) throw new TooBusy('this machine was too busy');
          return asked.judge(...given);
        },
      };
    };
    const { run } = await runOf(t, [busy('for a while', 3), busy('all the time', Number.POSITIVE_INFINITY)]);
    const { results, skipped } = await run;
    assert.deepEqual(
      results.map(({ probe, status }) => `${probe} ${status}`),
      ['for a while pass'],
    );
    assert.deepEqual(skipped, [{ probe: 'all the time', why: 'this machine was too busy' }]);
    assert.equal(stage.order.filter((each) => each === 'all the time direct').length, 4);
  });

  test('believes no failure that can not be measured again', async (t) => {
    const stage = new Stage();
    let asked = 0;
    const queued: Probe = {
      ...stage.instant('queued', ['fail']),
      measure: async () => {
        asked += 1;
        if (asked > 2) throw new NotMeasurable('a POST did not reach the origin');
      },
    };
    const { run, told } = await runOf(t, [queued]);
    const { results, skipped } = await run;
    assert.deepEqual(results, []);
    assert.deepEqual(skipped, [
      {
        probe: 'queued',
        why: 'a POST did not reach the origin, when it was measured again; the first time 1: undefined undefined',
      },
    ]);
    const running = 'queued running';
    assert.deepEqual(told, [running, running, running, 'queued skipped']);
  });

  test('tries once more where a failure can not be measured again', async (t) => {
    const stage = new Stage();
    let asked = 0;
    const lost: Probe = {
      ...stage.instant('lost', ['fail']),
      measure: async () => {
        asked += 1;
        if (asked === 3) throw new NotMeasurable('a stream never reached the origin');
      },
    };
    const { results, skipped } = await (await runOf(t, [lost])).run;
    assert.deepEqual(
      results.map(({ status, runs }) => [status, runs]),
      [['fail', 2]],
    );
    assert.deepEqual(skipped, []);
  });

  test('hides no defect of its own', async (t) => {
    const { run } = await runOf(t, [new Stage().failing('broken', new TypeError('x is undefined'))]);
    await assert.rejects(run, TypeError);
  });

  test('has four quiet ones side by side, heavy ones alone, and those that wait beside all', async (t) => {
    const stage = new Stage();
    const quiet = ['q1', 'q2', 'q3', 'q4', 'q5'].map((id) => stage.held(id));
    const heavy = ['h1', 'h2'].map((id) => stage.held(id, { load: 'heavy' }));
    const waits = stage.held('w', { load: 'waits' });
    const { run } = await runOf(t, [...heavy, ...quiet, waits]);
    const now = () => [...stage.running].sort().join(', ');
    const both = (...ids: string[]) => ids.flatMap((id) => [`${id} direct`, `${id} proxied`]).join(', ');
    await until(() => now() === both('q1', 'q2', 'q3', 'q4', 'w'), now);
    stage.release('q2');
    await until(() => now() === both('q1', 'q3', 'q4', 'q5', 'w'), now);
    stage.release('q1', 'q3', 'q4', 'q5');
    for (const name of ['h1', 'h2']) {
      await until(() => now() === `${name} direct, ${both('w')}`, now);
      stage.release(name);
      await until(() => now() === `${name} proxied, ${both('w')}`, now);
      stage.release(name);
    }
    stage.release('w');
    assert.equal((await run).results.length, 8);
  });

  test('has the origin fail when all others are done, alone, and by no answer last of all', async (t) => {
    const stage = new Stage();
    const { run } = await runOf(t, [
      stage.held('no answer', { originFails: 'without an answer' }),
      stage.held('broken', { originFails: 'in an answer' }),
      stage.held('quiet'),
      stage.held('waits', { load: 'waits' }),
    ]);
    const now = () => [...new Set([...stage.running].map((name) => name.replace(/ \w+$/, '')))].join(', ');
    for (const turn of ['waits, quiet', 'broken', 'no answer']) {
      await until(() => now() === turn, now);
      stage.release();
    }
    assert.deepEqual(
      (await run).results.map(({ probe }) => probe),
      ['no answer', 'broken', 'quiet', 'waits'],
    );
  });

  test('waits until the proxy asks the origin again, before it fails once more', async (t) => {
    const stage = new Stage();
    const { direct, proxied, context } = await startChecking(t, {
      answersItself: (nth) => (nth < 2 ? 502 : undefined),
    });
    const probes = [stage.instant('broken', ['pass'], { originFails: 'in an answer' })];
    const startMs = performance.now();
    const { results } = await runProbes(probes, { direct, proxied }, context, () => {});
    assert.equal(results.length, 1);
    assert.ok(performance.now() - startMs >= 999);
  });

  test('opens no more connections than it may', async (t) => {
    const stage = new Stage();
    const { context } = await startChecking(t, {}, { maxConnections: 20 });
    const probes = [
      stage.held('five', { connections: 5 }),
      stage.held('six', { connections: 6 }),
      stage.held('four', { connections: 4 }),
      stage.held('one'),
      stage.held('all', { load: 'heavy', connections: ({ maxConnections }) => maxConnections }),
      stage.held('too many', { connections: 11 }),
    ];
    const { run } = await runOf(t, probes, { options: context.options });
    const now = () => [...new Set([...stage.running].map((name) => name.replace(/ \w+$/, '')))].join(', ');
    for (const turn of ['five, four, one', 'six', 'all', 'all']) {
      await until(() => now() === turn, now);
      stage.release();
    }
    const { results, skipped } = await run;
    assert.equal(results.length, 5);
    assert.deepEqual(skipped, [
      {
        probe: 'too many',
        why: 'needs 22 connections at once; --max-connections leaves the probes 20',
        leftOut: true,
      },
    ]);
  });

  test('takes many that wait for the end of a run for no leak', async (t) => {
    const warnings: string[] = [];
    const warned = ({ name }: Error) => void warnings.push(name);
    process.on('warning', warned);
    t.after(() => process.off('warning', warned));
    const stage = new Stage();
    const ids = Array.from({ length: 8 }, (_, at) => `probe ${at}`);
    const { signal } = new AbortController();
    const { run } = await runOf(
      t,
      ids.map((id) => stage.held(id, { load: 'waits' })),
      { signal },
    );
    await until(() => stage.running.size === 16);
    stage.release();
    assert.equal((await run).results.length, 8);
    // Warnings come a turn later.
    await nextTurn();
    assert.deepEqual(warnings, []);
  });

  test('keeps a failure that it was to measure again when it is aborted, as measured once', async (t) => {
    const stage = new Stage();
    const abort = new AbortController();
    let asked = 0;
    // As the probe of the lifetime does, it waits for minutes, and hears of nothing.
    const again: Probe = {
      ...stage.instant('again', ['fail']),
      measure: () => {
        asked += 1;
        return asked > 2 ? new Promise(() => {}) : Promise.resolve();
      },
    };
    const { run, told } = await runOf(t, [again], { signal: abort.signal });
    await until(() => told.length === 2);
    abort.abort();
    const { results, skipped } = await run;
    assert.deepEqual(
      results.map(({ status, runs, summary }) => [status, runs, summary]),
      [['fail', 1, '1: undefined undefined (measured once: the run was interrupted)']],
    );
    assert.deepEqual(skipped, []);
  });

  test('stops at once when it is aborted, with what is there', async (t) => {
    const stage = new Stage();
    const abort = new AbortController();
    // Ends by nothing: the run doesn't wait for it.
    const deaf: Probe = { ...stage.instant('deaf'), measure: () => new Promise(() => {}) };
    const { run, told } = await runOf(t, [stage.instant('done'), deaf, stage.held('later')], {
      signal: abort.signal,
    });
    await until(() => told.includes('done pass'));
    abort.abort();
    const { results, skipped } = await run;
    assert.deepEqual(
      results.map(({ probe }) => probe),
      ['done'],
    );
    assert.deepEqual(skipped, [
      { probe: 'deaf', why: 'the run was interrupted' },
      { probe: 'later', why: 'the run was interrupted' },
    ]);
  });

  test('tells what can not be measured at all as such, and not as interrupted', async (t) => {
    const stage = new Stage();
    const abort = new AbortController();
    const whyNot = (way: Way) => (way.name === 'proxied' ? 'nobody speaks it' : undefined);
    const probes = [stage.held('held'), stage.instant('never', ['pass'], { whyNot })];
    const { run, told } = await runOf(t, probes, { signal: abort.signal });
    await until(() => told.includes('held running'));
    abort.abort();
    const { skipped } = await run;
    assert.deepEqual(skipped, [
      { probe: 'held', why: 'the run was interrupted' },
      { probe: 'never', why: 'nobody speaks it', leftOut: true },
    ]);
    assert.ok(told.includes('never skipped'));
    assert.ok(stage.order.every((each) => !each.startsWith('never')));
  });
});
