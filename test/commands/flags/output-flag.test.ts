import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { outputFlag } from '../../../src/commands/flags/output-flag.ts';
import { InvalidValue } from '../../../src/notation/invalid-value.ts';

const forBench = outputFlag('Output:', 'bench');
const forReport = outputFlag('Output:', 'report');

function refused(flag: typeof forBench, text: string, message: RegExp, hint: RegExp): void {
  assert.throws(
    () => flag.convert(text, undefined),
    (error) => {
      assert.ok(error instanceof InvalidValue);
      assert.match(error.message, message);
      assert.match(error.hint ?? '', hint);
      return true;
    },
  );
}

describe('-o', () => {
  it('takes the form from the ending, and may be given again', () => {
    const first = forBench.convert('out/run.json', undefined);
    assert.deepEqual(forBench.convert('T.NDJSON', first), [
      { path: 'out/run.json', ending: '.json' },
      { path: 'T.NDJSON', ending: '.ndjson' },
    ]);
  });

  it('refuses an ending that says nothing, naming those that do', () => {
    const all = /^Accepted are \.json \(the result\), \.ndjson \(.*\), \.csv .* and \.prom/;
    refused(forBench, 'run', /"run" says by its ending what it is to hold: it has none/, all);
    refused(forBench, 'a.b/run', /it has none/, all);
    refused(forBench, 'run.txt', /\.txt is not known/, all);
    refused(forBench, 'run.constructor', /\.constructor is not known/, all);
  });

  it('refuses forms that are not built yet, and standard output', () => {
    refused(forBench, 'run.html', /^\.html: not available yet$/, /\.json/);
    refused(forBench, 'run.xml', /^\.xml: not available yet$/, /\.json/);
    refused(forBench, '-', /"-" is no file/, /--format json/);
    refused(forBench, '', /the file name is empty/, /^$/);
  });

  it('of report has no timeline: that is written while the run goes on', () => {
    refused(forReport, 'run.ndjson', /a timeline is written while the run goes on/, /ssekit bench/);
    assert.doesNotMatch(forReport.description, /ndjson|html|xml/);
    assert.match(forBench.description, /\.ndjson/);
  });
});
