import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SseKitError } from '../../src/client/errors.ts';
import type { RunReport } from '../../src/listen/run-report.ts';
import { listenJunit } from '../../src/report/listen-junit.ts';
import { anEnding, aSummary } from './samples.ts';

function report(changes: Partial<RunReport> = {}): RunReport {
  return {
    startedAtMs: Date.UTC(2026, 0, 1, 12, 0, 0, 500),
    close: anEnding(),
    by: undefined,
    failure: undefined,
    summary: aSummary(),
    ...changes,
  };
}

describe('a run as JUnit', () => {
  test('is a test case for its end and one for each rule: failed, skipped where undecided', () => {
    const cause = new SseKitError('TRUNCATED', 18, 'cut <short>');
    const failure = new SseKitError('EXPECTATION_FAILED', 10, 'one failed', { cause });
    const expectations = [
      { rule: 'count>=1', pass: true, seen: '12 events', t: 40 },
      { rule: 'ends clean', pass: false, seen: 'cut <short>', t: 3200 },
      { rule: 'event=x', pass: false, undecided: true as const, seen: 'none', t: 3200 },
    ];
    const close = anEnding({ reason: 'truncated' });
    assert.equal(
      listenJunit(report({ close, failure, summary: aSummary({ exit: 10, expectations }) }), 'http://a/?b&c'),
      `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="ssekit listen http://a/?b&amp;c" tests="4" failures="2" errors="0" skipped="1" timestamp="2026-01-01T12:00:00" time="3.200">
    <testcase classname="listen" name="the run ends as it should" time="3.200">
      <failure message="cut &lt;short&gt; (exit 18); truncated after 12 events" type="listen">cut &lt;short&gt; (exit 18); truncated after 12 events</failure>
    </testcase>
    <testcase classname="listen" name="count&gt;=1" time="0.040">
      <system-out>12 events</system-out>
    </testcase>
    <testcase classname="listen" name="ends clean" time="3.200">
      <failure message="cut &lt;short&gt;" type="listen">cut &lt;short&gt;</failure>
    </testcase>
    <testcase classname="listen" name="event=x" time="3.200">
      <skipped message="none"/>
    </testcase>
  </testsuite>
</testsuites>
`,
    );
  });

  test('ended well where only its expectations failed', () => {
    const failure = new SseKitError('EXPECTATION_FAILED', 10, 'one failed');
    const text = listenJunit(report({ failure, summary: aSummary({ exit: 10, expectations: [] }) }), '-');
    assert.match(text, /name="the run ends as it should"[^>]*>\s*<system-out>eof after 12 events</);
  });

  test('is skipped where somebody interrupted it', () => {
    const interrupted = report({ by: 'signal', summary: aSummary({ exit: 130 }) });
    assert.match(listenJunit(interrupted, '-'), /<skipped message="we left: signal after 12 events"\/>/);
  });

  test('has a suite of the findings: only errors fail', () => {
    const findings = [
      {
        code: 'null-id',
        severity: 'error' as const,
        count: 2,
        message: 'an id with NUL',
        offset: 7,
        conn: 1,
      },
      { code: 'no-ids', severity: 'warning' as const, count: 1, message: 'no event has an id', conn: 1 },
    ];
    const text = listenJunit(report({ summary: aSummary({ findings }) }), '-');
    assert.match(text, /<testsuite name="findings in -" tests="2" failures="1"/);
    assert.match(
      text,
      /name="null-id" time="0.000">\s*<failure message="error, 2×: an id with NUL \(first on connection 1, byte 7\)"/,
    );
    assert.match(text, /name="no-ids" time="0.000">\s*<system-out>warning, 1×: no event has an id/);
  });
});
