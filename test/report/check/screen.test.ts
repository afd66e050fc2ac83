import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkText } from '../../../src/report/check/screen.ts';
import { displayWidth } from '../../../src/report/display-width.ts';
import { loadPalette, type Palette, plainPalette } from '../../../src/report/palette.ts';
import type { CheckResult } from '../../../src/results/check/result.ts';
import { aHeldBack, aPass, aResult, aTroubledResult } from './results.ts';

const LEFT_OUT = { why: 'HTTP/1.1 is asked for', leftOut: true } as const;
const GREEN = /\u001b\[32m/;
const TITLES: Record<string, string> = { 'buffer.threshold': 'events wait until a buffer is full' };

function screen(result: CheckResult, columns: number | undefined = 80, palette: Palette = plainPalette) {
  const againAt = (url: string) =>
    `ssekit check-proxy ${url.replace(/^http:.*:8080.*$/, ':8080')} --origin :41873`;
  const lookAt = (url: string) => `ssekit check-proxy ${url} --direct http://127.0.0.1:41873/events`;
  return checkText(result, {
    palette,
    columns,
    program: 'ssekit',
    titleOf: (fault) => TITLES[fault],
    onlyForOf: () => undefined,
    againAt,
    lookAt,
    standInAt: againAt,
  });
}

describe('the screen of check-proxy', () => {
  it('says in a few lines that there is no fault', () => {
    assert.equal(
      screen(aResult()),
      [
        '  PASS      no fault found; 7 probes in 42 s, 1 left out',
        '  target    http://127.0.0.1:8080/events',
        '  path      client ─HTTP/1.1─ proxy ─HTTP/1.1─ origin 127.0.0.1:41873',
        '',
        '  pass      timing headers-first threshold encoding client-gone share retry',
        '  skip      lifetime: needs --long',
        '',
        '  done      start your application again, and at last look at its own stream:',
        '            ssekit check-proxy http://127.0.0.1:8080/events --direct http://127.0.0.1:41873/events',
        '',
      ].join('\n'),
    );
  });

  it('says first that events come as they are sent, where something else is wrong', () => {
    const cut = aHeldBack({ probe: 'idle', fault: 'idle.cut', summary: 'cut after 5 s of silence' });
    const others = ['threshold', 'bytes'].map(aPass);
    const line = (...results: CheckResult['results']) =>
      /^ {2}events .*/m.exec(screen(aResult({ results })))?.[0];
    const live = '  events    come as they are sent: what was found is another matter';
    assert.equal(line(cut, aPass('timing'), ...others), live);
    assert.match(
      line(cut, aPass('timing'), aPass('encoding')) ?? '',
      /sent, where clients accept compression, too: what/,
    );
    assert.equal(line(aPass('timing'), ...others), undefined);
    assert.equal(line(cut, ...others), undefined);
    assert.equal(line(cut, aPass('timing'), aHeldBack({ probe: 'threshold' })), undefined);
  });

  it('is not as green where much could not be measured as where all passed', async () => {
    const missed = (...probes: string[]) =>
      aResult({
        results: ['bytes', 'reach', 'share'].map(aPass),
        skipped: [...probes.map((probe) => ({ probe, why: 'HTTP 500' })), { ...LEFT_OUT, probe: 'h2' }],
      });
    const line = /^ {2}PASS {6}as far as measured: 3 of 5 probes in 42 s; 2 could not be measured\n/;
    assert.match(screen(missed('retry', 'status')), line);
    const [few, many] = await Promise.all(
      [missed('retry'), missed('timing')].map(async (result) =>
        screen(result, 80, await loadPalette(true)).slice(0, 40),
      ),
    );
    assert.match(few ?? '', GREEN);
    assert.doesNotMatch(many ?? '', GREEN);
    assert.match(
      screen({ ...missed('idle'), mode: 'passive' }, 200),
      /PASS {6}as far as a look can tell, which has seen no silence: 3 of 4 probes in 42 s; 1 could not/,
    );
  });

  it('says beneath what passed on what condition it did', () => {
    const results = [{ ...aPass('idle'), onlyIf: 'only if the application writes at least every 30 s' }];
    assert.match(
      screen(aResult({ results })),
      / {2}pass {6}idle\n {12}idle only if the application writes at least every 30 s\n/,
    );
  });

  it('takes no note for a fault: it comes last, says whom it concerns, and is not to be mended', () => {
    const onlyIf = 'only if the application sends 103 Early Hints';
    const note = aHeldBack({ probe: '1xx', fault: 'early-hints.broken', status: 'warn', onlyIf });
    const alone = screen(aResult({ results: [note, aPass('timing')] }), 200);
    assert.match(alone, /^ {2}PASS {6}no fault found; 1 note; 2 probes in 42 s, 1 left out\n/);
    assert.match(alone, / {2}NOTE {6}early-hints\.broken/);
    assert.match(alone, /\n {12}it matters only if the application sends 103 Early Hints\n/);
    assert.match(alone, / {2}fix {7}nginx/);
    assert.doesNotMatch(alone, /to do|WARN/);
    assert.match(alone, / {2}done {6}start your application again/);
    const both = screen(aResult({ results: [note, aHeldBack()] }), 200);
    assert.match(both, /^ {2}FAIL {6}1 fault and 1 note; /);
    assert.ok(both.indexOf('early-hints.broken') > both.indexOf('buffer.threshold'));
    assert.match(both, /ends: buffer\.threshold\n/);
    assert.match(both, / {2}FAIL {6}1 fault: buffer\.threshold/);
  });

  it('gives a fault once, with what both ways measured, the cause, the fixes and the proof', () => {
    const text = screen(aTroubledResult(), 200);
    assert.match(text, /^ {2}FAIL {6}2 faults and 1 warning; 8 probes in 42 s, 1 not measured, 1 left out\n/);
    assert.match(text, / {2}proxy {5}probably nginx \(95 %\): xab-consumed, server-header\n/);
    assert.equal(text.match(/buffer\.threshold: /g)?.length, 1);
    assert.match(text, / {2}FAIL {6}buffer\.threshold: events wait until a buffer is full\n/);
    assert.match(
      text,
      /timing: 15 events, 100 ms apart, came in 1 burst, 1\.51 s late \(measured 2 times\)\n/,
    );
    assert.match(text, / {2}direct {4}p95 0\.6 ms · pieces 15\n {2}proxied {3}p95 1\.5 s · pieces 1\n/);
    assert.match(
      text,
      / {2}seen {6}most pieces 4,096 B \(54 of 56\) · X-Accel-Buffering: no cures it: yes\n/,
    );
    assert.match(text, / {2}cause {5}nginx\.proxy_buffering \(95 %\); ruled out: nginx\.gzip\n/);
    assert.match(text, / {2}fix {7}nginx < 1\.29\.7\n {12}proxy_buffering off; proxy_http_version/);
    assert.match(
      text,
      / {2}or {8}origin\n {12}answer with the header\n {14}X-Accel-Buffering: no\n.*res\.setHeader.*\n {12}but it is for nginx/,
    );
    assert.match(text, /prove {5}ssekit check-proxy :8080 --origin :41873 --only timing,threshold\n/);
  });

  it('tells which verdicts the clocks of two machines are too uncertain for, and of no clock otherwise', () => {
    const clock = { aheadMs: 12.5, uncertaintyMs: 60 };
    const results = [{ ...aPass('timing'), limitedByClock: true as const }, aPass('bytes')];
    assert.match(
      screen(aResult({ clock, results }), 200),
      / {2}clock {5}the origin's is known to ±60 ms: too little for timing, which may be wrong for that reason\n/,
    );
    assert.doesNotMatch(screen(aResult({ clock, results: [aPass('timing')] })), /clock/);
  });

  it('lets no guess stand for a name, and tells of all whom it may mean', () => {
    const because = ['lower-case-names'];
    const haproxy = { name: 'haproxy', confidence: 0.3, because };
    const proxies = [{ candidates: [haproxy, { name: 'envoy', confidence: 0.2, because }] }];
    const looked = aResult({
      mode: 'passive',
      path: { clientHttp: '1.1', hops: [], guess: haproxy, proxies },
    });
    const { origin, ...alone } = looked;
    assert.ok(origin);
    assert.match(
      screen(alone, 200),
      / {2}path {6}client ─HTTP\/1\.1─ haproxy\? ─ origin \(looked at alone\)\n/,
    );
    assert.match(
      screen(alone, 200),
      / {2}proxy {5}maybe haproxy \(30 %\) or envoy \(20 %\), or nobody: lower-case-names\n/,
    );
    assert.match(screen(looked, 200), /envoy \(20 %\): lower-case-names\n/);
  });

  it('tells two proxies as two, each cause and fix of which it is, and what would tell where nothing does', () => {
    const [held] = aTroubledResult().results;
    assert.ok(held);
    const proxies = [
      { candidates: [{ name: 'nginx', version: '1.22.1', confidence: 0.97, because: ['server-header'] }] },
      {
        candidates: [
          { name: 'haproxy', confidence: 0.4, because: ['lower-case-names'] },
          { name: 'node', confidence: 0.3, because: ['lower-case-names'] },
        ],
      },
      { candidates: [], via: '1.1 last' },
    ];
    const path = { clientHttp: '1.1', hops: [], proxies, proxyOrder: 'assumed' } as const;
    const [first, second] = [1, 2].map((proxy) => ({
      causes: held.causes.map((cause) => ({ ...cause, proxy })),
      fixes: held.fixes.slice(0, 1).map((fix) => ({ ...fix, proxy })),
    }));
    const told = aHeldBack({ ...first, proxy: 1 });
    const untold = aHeldBack({ ...second, probe: 'idle', fault: 'idle.cut' });
    const text = screen(aResult({ path, results: [told, untold] }), 200);
    assert.match(text, /client ─HTTP\/1\.1─ nginx ─ haproxy\? ─ 1\.1 last ─ origin/);
    assert.match(
      text,
      / {2}proxies {3}3, from the client to the origin \(which of them comes first is not seen/,
    );
    assert.match(text, /\n {12}1 {2}probably nginx 1\.22\.1 \(97 %\): server-header\n/);
    assert.match(text, /\n {12}2 {2}maybe haproxy \(40 %\) or node \(30 %\): lower-case-names\n/);
    assert.match(text, /\n {12}3 {2}calls itself 1\.1 last in Via\n/);
    assert.match(text, /cause {5}nginx\.proxy_buffering \(95 %\), proxy 1; ruled out/);
    assert.match(text, /fix {7}nginx < 1\.29\.7, proxy 1\n/);
    const asks = 'ssekit check-proxy URL-OF-PROXY-3 --origin :41873 --only timing,threshold';
    assert.equal(text.split(asks).length, 2, 'of the one that is not told alone');
    assert.ok(text.indexOf(asks) > text.indexOf('idle.cut'));
  });

  it('says in words what is in no catalogue', () => {
    const what = 'a setting of nginx that is not in the catalogue';
    const causes = [
      { id: 'nginx.unlisted', what, confidence: 0.65, ruledOut: [] },
      { id: 'squid.accel-login', confidence: 0.2, ruledOut: [] },
    ];
    const text = screen(aResult({ results: [aHeldBack({ causes })] }), 200);
    assert.match(
      text,
      / {2}cause {5}a setting of nginx .* \(65 %\): --explain nginx\.unlisted\n {12}squid\.accel-login \(20 %\)\n/,
    );
  });

  it('tells once what is ruled out', () => {
    const causes = ['nginx.proxy_buffering', 'node.http-proxy'].map((id) => ({
      id,
      confidence: 0.5,
      ruledOut: ['nginx.gzip'],
    }));
    const text = screen(aResult({ results: [aHeldBack({ causes })] }), 200);
    assert.equal(text.match(/nginx\.gzip/g)?.length, 1);
    assert.match(text, /^ {12}node\.http-proxy \(50 %\)$/m);
  });

  it('tells what mends several faults once', () => {
    const results = [aHeldBack(), aHeldBack({ probe: 'threshold', fault: 'buffer.until-end' })];
    const text = screen(aResult({ results }), 200);
    assert.equal(text.split('to do')[0]?.match(/proxy_http_version 1\.1/g)?.length, 1);
    assert.match(text, / {2}fix {7}the same as of buffer\.threshold\n {2}prove {5}ssekit/);
    const [line] = aHeldBack().fixes;
    assert.ok(line);
    const other = { ...line, where: 'origin', line: 'wait for the client', basis: 'documented' } as const;
    const unbounded = aHeldBack({ probe: 'slow-client', fault: 'buffer.unbounded', fixes: [line, other] });
    const partly = screen(aResult({ results: [aHeldBack(), unbounded] }), 200);
    assert.equal(partly.split('to do')[0]?.match(/proxy_http_version 1\.1/g)?.length, 1);
    assert.match(
      partly,
      / {2}fix {7}nginx < 1\.29\.7: the same as of buffer\.threshold\n {2}or {8}origin \(documented, not tried by us\)\n {12}wait/,
    );
  });

  it('has faults before warnings, whichever was found first', () => {
    const { results } = aTroubledResult();
    const text = screen(aResult({ results: results.toReversed() }));
    assert.ok(text.indexOf('truncation.masked') < text.indexOf('cache.shared-when-public'));
  });

  it('leaves nothing of what is likely out, and nobody who may be it', () => {
    const causes = [38, 19, 17].map((percent, at) => ({
      ...{ id: `nginx.cause-${at}`, confidence: percent / 100, ruledOut: [] },
    }));
    const results = [aHeldBack({ causes })];
    const left = / {2}cause {5}nginx\.cause-0 \(38 %\)\n {12}nginx\.cause-1 \(19 %\)\n {12}(.*)\n/;
    assert.equal(left.exec(screen(aResult({ results })))?.[1], 'others, each less likely (43 %)');
    const { origin: _, ...alone } = aResult({ results, mode: 'passive' });
    assert.equal(left.exec(screen(alone))?.[1], 'others, or the application itself (43 %)');
    const sure = [{ ...aHeldBack(), causes: [{ id: 'nginx.gzip', confidence: 0.97, ruledOut: [] }] }];
    assert.doesNotMatch(screen(aResult({ results: sure })), /others,/);
  });

  it('draws when events came along both ways', () => {
    assert.match(
      screen(aTroubledResult()),
      / {2}arrivals {2}direct {2}(\|·+)+\|·*\n {12}proxied ·+#\n {12} {8}0 +\| one event, 2-9 so many, # ten or more +1\.5 s\n/,
    );
    const proxied = { arrivalsMs: [0, 0, 1_400] };
    const some = screen(aResult({ results: [aHeldBack({ proxied })] }));
    assert.match(some, /proxied 2·+\|\n/);
  });

  it('draws nothing where no events were timed, and where there is no room', () => {
    assert.doesNotMatch(screen(aResult({ results: [aHeldBack({ proxied: {} })] })), /arrivals/);
    assert.doesNotMatch(screen(aTroubledResult(), 30), /arrivals/);
  });

  it('tells an interrupted run, and claims nothing of what was not looked at', () => {
    assert.match(
      screen(aResult({ interrupted: true })),
      /nothing found so far; 7 probes in 42 s, 1 left out, interrupted\n/,
    );
    assert.match(screen(aResult({ results: [] })), / {2}– {9}nothing could be measured; 0 probes/);
  });

  for (const columns of [40, 80, 200]) {
    it(`keeps to ${columns} columns, but for what is to be copied`, () => {
      const copied = /proxy_http_version|check-proxy :8080/;
      const long = screen(aTroubledResult(), columns)
        .split('\n')
        .filter((line) => displayWidth(line) > columns && !copied.test(line));
      assert.deepEqual(long, []);
    });
  }

  it('says the same in colour', async () => {
    const colored = screen(aTroubledResult(), 80, await loadPalette(true));
    assert.match(colored, /\u001b\[/);
    assert.equal(colored.replace(/\u001b\[\d+m/g, ''), screen(aTroubledResult()));
  });

  it('shows no control character of a server', () => {
    const summary = 'HTTP 500 \u001b[2J\nroot';
    const path = { clientHttp: '1.1', hops: ['1.1 \u001b]0;x'], proxies: [] };
    const text = screen(aResult({ path, results: [aHeldBack({ summary })] }));
    assert.match(text, /HTTP 500 ␛\[2J␊root/);
    assert.doesNotMatch(text, /\u001b/);
  });
});
