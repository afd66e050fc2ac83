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
});

describe('the load generator', () => {
  it('says for how long it was saturated, in few digits', () => {
    const result = aResult();
    const workers = result.generator.workers.map((each) => ({ ...each, saturatedSeconds: 0.9997939999 }));
    const text = generatorSection(aResult({ generator: { ...result.generator, workers } }), options);
    assert.match(text, /2 of them were saturated for up to 1 s\n/);
  });
});
