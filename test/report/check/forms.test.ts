import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkJson } from '../../../src/report/check/json.ts';
import { checkJunit } from '../../../src/report/check/junit.ts';
import type { CheckResult } from '../../../src/results/check/result.ts';
import { aHeldBack, aResult, aTroubledResult } from './results.ts';

describe('the JSON of check-proxy', () => {
  it('is the result', () => {
    assert.deepEqual(JSON.parse(checkJson(aTroubledResult())), aTroubledResult());
  });

  it('has no character that a terminal would obey', () => {
    const text = checkJson(aTroubledResult({ target: 'http://a/\u009b2J' }));
    assert.doesNotMatch(text, /\u009b/);
    assert.equal(JSON.parse(text).target, 'http://a/\u009b2J');
  });
});

describe('the JUnit of check-proxy', () => {
  it('has a case for each probe', () => {
    const xml = checkJunit(aTroubledResult(), new Set(['fail']));
    assert.match(xml, /<testsuite name="check-proxy: [^"]+" tests="10" failures="3" errors="0" skipped="2"/);
    assert.match(xml, /timestamp="2026-01-01T00:00:00" time="42.000"/);
    assert.equal(xml.match(/<testcase /g)?.length, 10);
    assert.match(
      xml,
      /name="timing" time="3.280">\n +<failure message="15 events[^"]+" type="buffer.threshold">nginx &lt; 1.29.7: proxy_buff/,
    );
    assert.match(xml, /name="share" time="1.510">\n +<system-out>warn: two clients/);
    assert.match(xml, /name="lifetime" time="0.000">\n +<skipped message="needs --long"\/>/);
  });

  it('fails by no note, however strict', () => {
    const note = aHeldBack({ status: 'warn', onlyIf: 'only if the application is <late>' });
    const xml = checkJunit(aResult({ results: [note] }), new Set(['fail', 'warn']));
    assert.match(xml, / failures="0"/);
    assert.match(xml, /<system-out>note: 15 events[^<]+late; it matters only if the application is &lt;late/);
  });

  it('names which of several proxies a fix is for', () => {
    const [fix] = aHeldBack().fixes;
    assert.ok(fix);
    const xml = checkJunit(
      aResult({ results: [aHeldBack({ fixes: [{ ...fix, proxy: 2 }] })] }),
      new Set(['fail']),
    );
    assert.match(xml, />nginx &lt; 1\.29\.7, proxy 2 from the client: proxy_buff/);
  });

  it('has a fix of several lines in lines that can be copied, and nothing else that a terminal obeys', () => {
    const [fix] = aHeldBack().fixes;
    assert.ok(fix);
    const lines = { ...fix, line: 'proxy_buffering off;\nproxy_read_timeout 1h;\u001b[2J' };
    const xml = checkJunit(aResult({ results: [aHeldBack({ fixes: [lines, fix] })] }), new Set(['fail']));
    assert.match(
      xml,
      />nginx &lt; 1\.29\.7:\nproxy_buffering off;\nproxy_read_timeout 1h;[^\u001b\n]+\nnginx &lt; 1/,
    );
  });

  it('is an error where nothing was measured, and says why where nothing could be', () => {
    const none = aResult({ results: [] });
    const xml = (result: CheckResult) => checkJunit(result, new Set(['fail']));
    assert.match(
      xml(none),
      / tests="2" failures="0" errors="1" skipped="1"[\s\S]*<error message="nothing could be/,
    );
    assert.match(xml({ ...none, interrupted: true }), / errors="0"/);
    const error = { code: 'PROXY_SILENT', exit: 14, message: 'no <answer>', hint: 'look' };
    assert.match(
      xml({ ...none, skipped: [], error }),
      / tests="1" failures="0" errors="1" skipped="0"[\s\S]*<error message="no &lt;answer&gt;" type="PROXY_SILENT">look<\/error>/,
    );
  });

  it('fails by warnings where the run does', () => {
    const xml = checkJunit(aTroubledResult(), new Set(['fail', 'warn']));
    assert.match(xml, / failures="4"/);
    assert.match(xml, /name="share" time="1.510">\n +<failure message="two clients/);
  });
});
