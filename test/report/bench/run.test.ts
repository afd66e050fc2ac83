import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { generatorSection } from '../../../src/report/bench/generator.ts';
import { runSection } from '../../../src/report/bench/run.ts';
import { plainPalette } from '../../../src/report/palette.ts';
import { aResult, aWindow } from './results.ts';

const options = { palette: plainPalette, columns: 200 };

describe('the streams of a run', () => {
  it('that were never answered are not said to be coming back', () => {
    const series = [aWindow({ connected: 380, connecting: 15, waiting: 5 })];
    assert.match(
      runSection(aResult({ series }), options),
      /380 open at the end, as wanted · 15 without an answer at the end · 5 trying to come back at the end/,
    );
  });

  it('that never got in are counted, and did not end as wanted', () => {
    const counts = { ...aResult().counts, open: 380, succeeded: 15, failed: 5, neverOpened: 18 };
    assert.match(
      runSection(aResult({ counts }), options),
      /400 of 400 started · 15 ended · 380 open at the end · 5 failed · 18 never got in\n/,
    );
  });
});

describe('the attempts of a run', () => {
  it('are counted by how they ended', () => {
    const { counts, endings } = aResult();
    const text = runSection(
      aResult({
        counts: { ...counts, attempts: 520, failedAttempts: 400 },
        endings: { ...endings, status: 400, open: 120 },
      }),
      options,
    );
    assert.match(text, /520 · 400 failed \(76\.9 %\) · by ending: 400 × HTTP status, 120 × open\n/);
  });

  it('did not go well where none was answered', () => {
    const counts = { ...aResult().counts, opened: 0, neverOpened: 400 };
    assert.match(runSection(aResult({ counts }), options), /attempts {2}400 · none was answered\n/);
  });
});

describe('the target', () => {
  it('has the places of users as they were written', () => {
    const target = 'http://h/u/%7B%7Bid%7D%7D/%7B%7Bmy%20key%7D%7D?x={{id}}';
    const text = runSection(aResult({ target }), options);
    assert.match(text, /target {4}http:\/\/h\/u\/\{\{id\}\}\/\{\{my key\}\}\?x=\{\{id\}\}\n/);
  });
});

describe('the protocol', () => {
  const spoken = (http2: number, asked = true) => {
    const { plan, counts } = aResult();
    const asks = asked ? { http2: true as const } : {};
    return runSection(aResult({ plan: { ...plan, ...asks }, counts: { ...counts, http2 } }), options);
  };

  it('is told where it is not what was asked for', () => {
    assert.match(spoken(0), /spoken {4}HTTP\/1\.1 only, although HTTP\/2 was asked for: each stream had/);
    assert.match(
      spoken(300),
      /spoken {4}HTTP\/2 for 300 of 400 accepted attempts, HTTP\/1\.1 for the others\n/,
    );
    assert.doesNotMatch(spoken(400), /spoken/);
    assert.doesNotMatch(spoken(0, false), /spoken/);
  });
});

describe('the load generator', () => {
  it('says for how long it was beyond its limits, in few digits', () => {
    const result = aResult();
    const workers = result.generator.workers.map((each) => ({ ...each, saturatedSeconds: 0.9997939999 }));
    const text = generatorSection(aResult({ generator: { ...result.generator, workers } }), options);
    assert.match(text, /2 of them were busy, or late, beyond the limits for up to 1 s\n/);
  });

  it('says what the host took of the cores, where it was more than a trace', () => {
    const told = (steal?: { mean: number; max: number }, cores = 2) => {
      const { generator } = aResult();
      return generatorSection(
        aResult({ generator: { ...generator, cores, ...(steal === undefined ? {} : { steal }) } }),
        options,
      );
    };
    assert.match(
      told({ mean: 0.004, max: 0.0612 }),
      /\n {2}the host took up to 6\.1 % of this machine's 2 cores in a second, 0\.4 % over the run \(steal\)\n$/,
    );
    assert.match(told({ mean: 0.011, max: 0.02 }), /took up to 2 % .+, 1\.1 % over the run/);
    assert.match(
      told({ mean: 0.996, max: 1 }, 1),
      /up to 100 % of the only core of this machine in a second/,
    );
    assert.doesNotMatch(told({ mean: 0.01, max: 0.05 }), /host/);
    // Other systems, and results of earlier versions.
    assert.doesNotMatch(told(), /host/);
  });

  it('has no figures of a run that was ramp and warm-up alone, and says so', () => {
    const { generator } = aResult();
    const nothing = {
      cpu: { mean: null, max: null },
      loopLateness: { p99Median: null, p99Max: null, max: null },
    };
    const workers = [0, 1, 2, 3, 4].map((worker) => {
      const { runQueueWait: _, ...known } = generator.workers[0] ?? assert.fail();
      return { ...known, ...nothing, worker };
    });
    const text = generatorSection(aResult({ generator: { ...generator, workers } }), options);
    assert.match(text, /worker 1 +200 +– +– +– +– +92 MB +–\n/);
    assert.match(text, /it was not judged: no second of the run came after both ramp-up and warm-up\n/);
    assert.match(text, /1 more\n/);
    assert.doesNotMatch(generatorSection(aResult(), options), /not judged/);
  });
});
