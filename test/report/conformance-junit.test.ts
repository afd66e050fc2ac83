import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { conformanceJunit } from '../../src/report/conformance-junit.ts';
import { failed, noted, passed, resultOf, unmeasured } from './conformance-samples.ts';

describe('a conformance result as JUnit', () => {
  test('is a test case a requirement: failed, skipped where not measured, passed with a note', () => {
    assert.equal(
      conformanceJunit(resultOf([passed, failed, noted, unmeasured])),
      `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="client conformance: library 2.0" tests="4" failures="1" errors="0" skipped="1" timestamp="2026-01-01T12:00:00" time="19.420">
    <testcase classname="client-conformance" name="reconnect-end: reconnects when the stream has ended in order" time="0">
      <system-out>came back after 1,004 ms, asked retry: 1000</system-out>
    </testcase>
    <testcase classname="client-conformance" name="last-event-id-no-data: takes over an id that comes without data" time="0">
      <failure message="sent Last-Event-ID: &quot;with-data&quot;, not &quot;without-data&quot;" type="client-conformance">${failed.source}</failure>
    </testcase>
    <testcase classname="client-conformance" name="backoff: waits longer the more connections fail" time="0">
      <system-out>note: ${noted.evidence} (${noted.source})</system-out>
    </testcase>
    <testcase classname="client-conformance" name="multi-line: joins data lines by LF" time="0">
      <skipped message="needs an adapter, which reports events"/>
    </testcase>
  </testsuite>
</testsuites>
`,
    );
  });

  test('holds nothing that XML can not, whatever a client sent', () => {
    const hostile = { ...failed, evidence: '</failure>]]> & "\u0000\u001b\ud800\ufffe\ufffe𝄞' };
    const text = conformanceJunit(resultOf([hostile]));
    assert.match(text, /message="&lt;\/failure&gt;]]&gt; &amp; &quot;␀␛\ufffd\ufffd\ufffd𝄞"/);
    assert.doesNotMatch(text.replaceAll('\n', ''), /[\u0000-\u001f\ufffe\uffff]/);
  });
});
