import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  conformanceJson,
  conformanceRowNdjson,
  conformanceSummaryNdjson,
} from '../../src/report/conformance-json.ts';
import { progressLine } from '../../src/report/conformance-progress.ts';
import { failed, passed, resultOf } from './conformance-samples.ts';

describe('a conformance result as JSON', () => {
  test('is the result, and safe to show on a terminal', () => {
    const hostile = { ...failed, evidence: 'asked /\u009b2J' };
    const result = resultOf([passed, hostile]);
    const text = conformanceJson(result);
    assert.deepEqual(JSON.parse(text), result);
    assert.doesNotMatch(text, /\u009b/);
    assert.ok(text.endsWith('}\n'));
  });

  test('is a line a row, and a last one without them, as NDJSON', () => {
    assert.deepEqual(JSON.parse(conformanceRowNdjson(passed)), { type: 'row', ...passed });
    const { rows: _, ...rest } = resultOf([passed, failed]);
    const summary = conformanceSummaryNdjson(resultOf([passed, failed]), 10);
    assert.deepEqual(JSON.parse(summary), { type: 'summary', ...rest, exit: 10 });
    assert.equal(summary.indexOf('\n'), summary.length - 1);
  });
});

describe('the line that tells how far a suite is', () => {
  test('replaces itself, within the terminal, and is taken away at the end', () => {
    const line = progressLine(() => 30);
    assert.equal(line.clear(), '');
    assert.equal(line.next(passed), '\r\u001b[K1 told, 0 failed · reconnect…');
    assert.match(line.next(failed), /^\r\u001b\[K2 told, 1 failed/);
    assert.equal(line.clear(), '\r\u001b[K');
  });
});
