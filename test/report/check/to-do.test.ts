import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkText } from '../../../src/report/check/screen.ts';
import { plainPalette as palette } from '../../../src/report/palette.ts';
import type { CheckResult, Fix } from '../../../src/results/check/result.ts';
import { aHeldBack, aPass, aResult } from './results.ts';

const AT_NGINX = {
  ...{
    where: 'nginx',
    place: 'nginx, inside the location { } that has proxy_pass',
    replaces: true,
    twice: 'refused',
  },
  ...{ reload: 'nginx -t && nginx -s reload', line: 'proxy_buffering off;\nproxy_http_version 1.1;' },
  ...{ basis: 'measured', verify: '--only timing,threshold' },
} as const satisfies Fix;
const AT_REQUESTS: Fix = {
  ...{ ...AT_NGINX, where: 'nginx', line: 'proxy_request_buffering off;\nproxy_http_version 1.1;' },
  verify: '--only post --long',
};
const AT_ORIGIN: Fix = {
  ...{ where: 'origin', line: ':\\n\\n   (a comment every 2 s)', basis: 'measured' },
  verify: '--only idle',
};

const HELD = aHeldBack({ fixes: [AT_NGINX, AT_ORIGIN] });
const BODY = aHeldBack({ probe: 'post', fault: 'buffer.request-body', status: 'warn', fixes: [AT_REQUESTS] });
const CUT = aHeldBack({ probe: 'idle', fault: 'idle.cut', fixes: [AT_ORIGIN] });

function ending(changes: Partial<CheckResult>, onlyForOf?: (fault: string) => string | undefined): string {
  const text = screenOf(aResult(changes), onlyForOf);
  return text.slice(text.lastIndexOf('\n\n') + 2);
}

function screenOf(
  result: CheckResult,
  onlyForOf: (fault: string) => string | undefined = () => undefined,
): string {
  return checkText(result, {
    ...{ palette, columns: 80, program: 'ssekit', titleOf: () => 'events come late', onlyForOf },
    againAt: (url) => `check ${url} --origin :9000`,
    standInAt: (url) => `check ${url} --origin :3000`,
    lookAt: (url) => `check ${url} --direct http://127.0.0.1:9000/`,
  });
}

describe('the end of the screen', () => {
  test('has all that is to be done, merged, where, how it takes effect, what proves it, and the verdict', () => {
    assert.equal(
      ending({ results: [HELD, BODY, aPass('bytes')] }),
      [
        '  to do     nginx, inside the location { } that has proxy_pass (in place of',
        '            such a line where there is one):',
        '              proxy_buffering off;',
        '              proxy_http_version 1.1;',
        '              proxy_request_buffering off;',
        '            reload with: nginx -t && nginx -s reload',
        '            (however yours was started: name its file, or restart its container)',
        '            ends: buffer.threshold, buffer.request-body',
        '  then      check http://127.0.0.1:8080/events --origin :9000 --only timing,threshold,post',
        '            the same again? Maybe the reload was refused, as it is where such a',
        '            line stands there twice',
        '  FAIL      1 fault and 1 warning: first buffer.threshold, events come late',
        '',
      ].join('\n'),
    );
  });

  test('tells apart, and last, what matters to few alone: without the lines that are needed anyhow', () => {
    const onlyForOf = (fault: string) => (fault === 'buffer.request-body' ? 'large uploads' : undefined);
    const text = ending({ results: [BODY, HELD] }, onlyForOf);
    assert.equal(
      text.slice(0, text.indexOf('  then')),
      [
        '  to do     nginx, inside the location { } that has proxy_pass (in place of',
        '            such a line where there is one):',
        '              proxy_buffering off;',
        '              proxy_http_version 1.1;',
        '            reload with: nginx -t && nginx -s reload',
        '            (however yours was started: name its file, or restart its container)',
        '            ends: buffer.threshold',
        '  optional  nginx, inside the location { } that has proxy_pass, for large',
        '            uploads (in place of such a line where there is one):',
        '              proxy_request_buffering off;',
        '            reload with: nginx -t && nginx -s reload',
        '            ends: buffer.request-body',
        '',
      ].join('\n'),
    );
    assert.match(
      ending({ results: [BODY] }, onlyForOf),
      /^ {2}optional .*\n.*\n {14}proxy_request_buffering off;\n {14}proxy_http_version 1\.1;\n/,
    );
    const same = { ...BODY, fixes: [AT_NGINX] };
    const merged = ending({ results: [same, HELD] }, onlyForOf);
    assert.match(merged, / ends: buffer\.threshold, buffer\.request-body\n/);
    assert.doesNotMatch(merged, /optional/);
  });

  test('claims no end of a fault that stays', () => {
    const resume: Fix = { ...AT_ORIGIN, line: 'give each event an id', eases: true };
    const limited = aHeldBack({ probe: 'lifetime', fault: 'lifetime.cut', fixes: [resume] });
    const text = ending({ results: [CUT, limited] });
    assert.match(
      text,
      /\n {12}ends: idle\.cut\n {12}makes do with: lifetime\.cut \(a check finds it again\)\n/,
    );
  });

  test('says what the lines need and may break, beside them, and how it is started the first time alone', () => {
    const apache = { where: 'Apache httpd', basis: 'measured', verify: '--only capacity' } as const;
    const limit: Fix = {
      ...{ ...apache, place: 'Apache httpd, outside of virtual hosts', restart: true },
      ...{
        line: 'ServerLimit 64',
        reload: 'systemctl restart apache2',
        needs: 'mpm_event',
        caution: 'threads',
      },
    };
    const again: Fix = { ...apache, line: 'SetEnv a 1', needs: 'mod_env', reload: 'apachectl graceful' };
    const text = ending({
      results: [
        aHeldBack({ fault: 'capacity.limit', fixes: [limit] }),
        aHeldBack({ fault: 'buffer.request-body', fixes: [again] }),
      ],
    });
    assert.equal(
      text.slice(0, text.indexOf('  then')),
      [
        '  to do     Apache httpd, outside of virtual hosts:',
        '              ServerLimit 64',
        '            needs mpm_event',
        '            but threads',
        '            restart with: systemctl restart apache2 (a reload does not do)',
        '            (however yours was started: name its file, or restart its container)',
        '            ends: capacity.limit',
        '  and       Apache httpd:',
        '              SetEnv a 1',
        '            needs mod_env',
        '            reload with: apachectl graceful',
        '            ends: buffer.request-body',
        '',
      ].join('\n'),
    );
    const { reload: _, ...started } = limit;
    assert.match(
      ending({ results: [aHeldBack({ fault: 'capacity.limit', fixes: [started] })] }),
      /^ {12}takes effect when it is started again: a reload does not do\n {12}ends/m,
    );
  });

  test('proves what the application does with the application, as ssekit stood in its place', () => {
    const text = ending({ origin: '127.0.0.1:9000', results: [HELD, CUT] });
    assert.match(
      text,
      /^ {2}and {7}your application \(the origin\):\n {14}:\\n\\n {3}\(a comment every 2 s\)\n {12}ends: idle\.cut\n/m,
    );
    assert.match(
      text,
      /^ {2}then {6}check \S+ --origin :9000 --only timing,threshold\n {12}with your application running again at 127\.0\.0\.1:9000\s+\(a check with\s+ssekit in its place finds the\s+same\s+again:\s+it\s+sees\s+nothing\s+of\s+what\s+that\s+sends\):\n {12}check \S+ --direct http:\/\/127\.0\.0\.1:9000\/$/m,
    );
  });

  test('proves with all that looking alone has where the fault hid some of it, and with an origin those besides', () => {
    const skipped = [{ probe: 'idle', why: 'no head of a stream came', hidden: true as const }];
    const results = [{ ...HELD, fixes: [AT_NGINX] }];
    assert.match(ending({ mode: 'passive', results, skipped }), /^ {2}then {6}check \S+ --origin :9000$/m);
    assert.match(ending({ results, skipped }), /--only timing,threshold,idle$/m);
  });

  test('names no probe that looking alone has not', () => {
    const text = ending({ mode: 'passive', results: [{ ...HELD, fixes: [AT_NGINX] }] });
    assert.match(text, /--only timing$/m);
  });

  test('writes a whole check where it would name most probes', () => {
    const verify = '--only a,b,c,d,e,f,g';
    assert.match(
      ending({ results: [{ ...HELD, fixes: [{ ...AT_NGINX, verify }] }] }),
      /^ {2}then {6}check \S+ --origin :9000$/m,
    );
  });

  test('proves nothing with the embedded proxy, which stays as it is', () => {
    assert.doesNotMatch(ending({ mode: 'demo', results: [HELD] }), /then {6}check|prove/);
  });

  test('says so where it is more likely to be something else, and takes no guess for advice', () => {
    const by = (confidence: number) => ({
      causes: [
        { id: 'somebody.unlisted', confidence: 0.6, ruledOut: [] },
        { id: 'nginx.proxy_buffering', confidence, ruledOut: [] },
      ],
    });
    const likely = ending({ results: [{ ...HELD, ...by(0.4) }, BODY] });
    assert.match(likely, /ends: buffer\.threshold \(40 % likely\), buffer\.request-body\n/);
    const guess = ending({ results: [{ ...HELD, ...by(0.15) }, BODY] });
    assert.match(
      guess,
      /ends: buffer\.request-body\n {2}unsure {4}whose doing buffer\.threshold is can not be/,
    );
    assert.match(guess, /--only post$/m);
  });

  test('says how likely the cause is that what is to be done is for, and no other', () => {
    const causes = [
      { id: 'haproxy.timeout', confidence: 0.6, ruledOut: [] },
      { id: 'nginx.proxy_buffering', confidence: 0.35, ruledOut: [] },
    ];
    const fixes = [{ ...AT_NGINX, cause: 'nginx.proxy_buffering' }];
    assert.match(ending({ results: [{ ...HELD, causes, fixes }] }), /buffer\.threshold \(35 % likely\)/);
    // What is to be looked for is whosever it is.
    const unlisted = [
      { id: 'nginx.proxy_buffering', confidence: 0.6, ruledOut: [] },
      { id: 'node.unlisted', confidence: 0.23, ruledOut: [] },
      { id: 'somebody.unlisted', confidence: 0.17, ruledOut: [] },
    ];
    const lookFor = [{ ...AT_NGINX, cause: 'node.unlisted' }];
    assert.match(
      ending({ results: [{ ...HELD, causes: unlisted, fixes: lookFor }] }),
      /buffer\.threshold \(40 % likely\)/,
    );
  });

  test('says that another one may stand behind a proxy that is known, as one looks like the other', () => {
    const path = { clientHttp: '1.1', hops: [] };
    const by = (name: string, more: object = {}) => {
      const candidates = [{ name, confidence: 0.97, because: [] }];
      const fixes = [{ ...AT_NGINX, cause: 'nginx.proxy_buffering' }];
      const causes = [{ id: 'nginx.proxy_buffering', confidence: 0.97, ruledOut: [] }];
      return { path: { ...path, ...more, proxies: [{ candidates }] }, results: [{ ...HELD, fixes, causes }] };
    };
    assert.match(
      ending(by('nginx')),
      /the same again\? Either [\s\S]*, or another\s+nginx\s+stands\s+behind\s+this\s+one/,
    );
    assert.doesNotMatch(ending(by('apache')), /another/);
    assert.match(screenOf(aResult(by('nginx', { forwardedFor: 2 }))), /X-Forwarded-For has 2 addresses/);
    assert.doesNotMatch(screenOf(aResult(by('nginx', { forwardedFor: 1 }))), /X-Forwarded-For/);
  });

  test('tells who is not there where nobody is known and something was found', () => {
    const ruledOut = [
      { name: 'nginx', because: ['x-accel-buffering-arrives'] },
      { name: 'haproxy', because: ['names-keep-their-case'] },
    ];
    const path = { clientHttp: '1.1', hops: [], proxies: [], ruledOut };
    const not = /^ {2}not {7}nginx \(x-accel-buffering-arrives\); haproxy/m;
    assert.match(screenOf(aResult({ path, results: [HELD] })), not);
    assert.doesNotMatch(screenOf(aResult({ path, results: [aPass('timing')] })), not);
    const guess = { name: 'caddy', confidence: 0.9, because: [] };
    const known = { ...path, guess, proxies: [{ candidates: [guess] }] };
    assert.doesNotMatch(screenOf(aResult({ path: known, results: [HELD] })), not);
  });

  test('leads to the application where nothing was found', () => {
    assert.match(
      ending({}),
      /^ {2}done {6}start your application again, .*:\n {12}check \S+ --direct \S+\n$/,
    );
    assert.match(ending({ mode: 'remote-origin' }), /^ {2}done {6}lead the proxy to your application again/);
    assert.match(ending({ interrupted: true }), /^ {2}pass /);
  });

  test('says once what more there is with an origin, and that a look has not seen all', () => {
    const why = 'needs the origin: --origin HOST:PORT';
    const skipped = [
      { probe: 'idle', why: `too short: ${why}, or --silences 65s to look on` },
      { probe: 'retry', why, leftOut: true as const },
    ];
    const looked = aResult({ mode: 'passive', skipped });
    const text = ending({ mode: 'passive', skipped, results: [HELD] });
    assert.match(
      text,
      /^ {2}more {6}2 more with ssekit in the place of your application: stop it,\s+then\n {12}check \S+ --origin :3000$/m,
    );
    const well = ending({ mode: 'passive', skipped });
    assert.match(
      well,
      /^ {2}well {6}nothing that was seen is left to mend\. The rest is optional,\s[\s\S]*: 2\s+more with[\s\S]* --origin :3000\n$/,
    );
    const whole = screenOf(looked);
    assert.match(
      whole,
      /^ {2}PASS {6}as far as a look can tell, which has seen no silence: 7 of 8 probes\s+in 42 s; 1 could not be measured\n/,
    );
    assert.match(whole, /^ {2}skip {6}idle: too short \(--silences 65s to look on\)\n\n/m);
  });

  test('of the demo tells what to run next', () => {
    assert.match(
      ending({ mode: 'demo' }),
      /^ {2}next {6}this was the demo; your proxy, and your application behind it:\n {12}ssekit check-proxy http\S+ --direct http/,
    );
  });
});
