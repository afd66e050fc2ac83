import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Steal, stolenTicksIn } from '../../../src/bench/controller/steal.ts';

/** Text of /proc/stat of a machine with so many cores, of which so many ticks were stolen; what comes behind it is left out. */
function stat(stolen: number, cores = 2): string {
  const line = (name: string, steal: number) =>
    `${name} 6565612 536157 2050000 7003966 35186 0 163425 ${steal} 7 3`;
  const each = Array.from({ length: cores }, (_, core) => line(`cpu${core}`, stolen / cores));
  return [line('cpu ', stolen), ...each, 'intr 145414940 0 0', 'ctxt 1990473', 'btime 1062191376', ''].join(
    '\n',
  );
}

describe('/proc/stat', () => {
  test('tells what was stolen of all cores, and how many they are', () => {
    assert.deepEqual(stolenTicksIn(stat(15_086)), { ticks: 15_086, cores: 2 });
    assert.deepEqual(stolenTicksIn(stat(0, 128)), { ticks: 0, cores: 128 });
    // Linux 2.6.11 to 2.6.23 have nothing behind it.
    assert.deepEqual(stolenTicksIn('cpu  1 2 3 4 5 6 7 8\ncpu0 1 2 3 4 5 6 7 8\n'), { ticks: 8, cores: 1 });
  });

  test('is not guessed at where it does not tell', () => {
    assert.equal(stolenTicksIn(''), undefined);
    assert.equal(stolenTicksIn('cpu  1 2 3 4 5 6 7\ncpu0 1 2 3 4 5 6 7\n'), undefined);
    assert.equal(stolenTicksIn('cpu  1 2 3 4 5 6 7 8\n'), undefined);
    // The figures of one core are not those of all.
    assert.equal(stolenTicksIn('cpu0 1 2 3 4 5 6 7 8\n'), undefined);
  });
});

/** Looks at the times given, in ms of the run, at so many ticks stolen of two cores up to then. */
function looked(looks: readonly (readonly [atMs: number, ticks: number])[]): Steal {
  let ticks = 0;
  const steal = new Steal(() => stat(ticks));
  for (const [atMs, stolen] of looks) {
    ticks = stolen;
    steal.look(atMs);
  }
  return steal;
}

describe('what the host took', () => {
  test('is a share of all cores: 20 ticks of 10 ms in a second of two cores are a tenth', () => {
    const steal = looked([
      [0, 1_000],
      [1_000, 1_020],
      [2_000, 1_020],
    ]);
    assert.deepEqual([steal.window(0, 1_000), steal.window(1_000, 2_000)], [0.1, 0]);
    assert.deepEqual(steal.figures, { mean: 0.05, max: 0.1 });
  });

  test('is taken to be spread evenly between two looks', () => {
    const steal = looked([
      [-200, 0],
      [1_050, 100],
      [2_050, 180],
    ]);
    assert.deepEqual(
      [steal.window(0, 1_000), steal.window(1_000, 2_000)].map((share) => Math.round((share ?? 0) * 1e6)),
      // 80 of 1,250 ms, and so on.
      [400_000, 400_000],
    );
  });

  test('is the same for windows that are told together, late', () => {
    const steal = looked([
      [0, 0],
      [3_000, 60],
    ]);
    const shares = [0, 1_000, 2_000].map((fromMs) => steal.window(fromMs, fromMs + 1_000) ?? 0);
    assert.deepEqual(
      shares.map((share) => share.toFixed(3)),
      ['0.100', '0.100', '0.100'],
    );
  });

  test('is nothing while the counter goes back', () => {
    const steal = looked([
      [0, 50_000],
      [1_000, 10],
      [2_000, 50],
    ]);
    assert.deepEqual([steal.window(0, 1_000), steal.window(1_000, 2_000)], [0, 0.2]);
  });

  test('is never more than all', () => {
    assert.equal(
      looked([
        [0, 0],
        [1_000, 100_000],
      ]).window(0, 1_000),
      1,
    );
  });

  test('in a moment is not what it took in a second', () => {
    const steal = looked([
      [0, 0],
      [300, 60],
      [1_300, 80],
    ]);
    assert.equal(steal.window(0, 300), 1);
    steal.window(300, 1_300);
    const { mean, max } = steal.figures ?? assert.fail();
    assert.deepEqual([mean.toFixed(3), max.toFixed(3)], ['0.308', '0.100']);
    // A run that had no more than moments has nothing else.
    const short = looked([
      [0, 0],
      [300, 30],
    ]);
    short.window(0, 300);
    assert.deepEqual(short.figures, { mean: 0.5, max: 0.5 });
  });

  test('is looked for once for a window, whoever tells of it first', () => {
    let reads = 0;
    const steal = new Steal(() => {
      reads += 1;
      return stat(0);
    });
    steal.look(-200);
    for (const nowMs of [1_001, 1_002, 1_050]) steal.lookAfter(1_000, nowMs);
    for (const nowMs of [2_001, 2_002]) steal.lookAfter(2_000, nowMs);
    assert.equal(reads, 3);
  });

  test('is not known where the system does not tell', () => {
    const steal = new Steal(() => '');
    steal.look(0);
    steal.look(1_000);
    assert.equal(steal.window(0, 1_000), undefined);
    assert.equal(steal.figures, undefined);
  });
});
