import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Hop } from '../../../src/checks/between/hop.ts';
import { diagnose } from '../../../src/checks/diagnosis/diagnose.ts';
import type { ProbeResult } from '../../../src/results/check/result.ts';
import { found, MEASURED, type MeasuredProxy, passed } from './measured.ts';

const PLAIN = { clientHttp: '1.1', originHttp: '1.1' };

function withFault(results: readonly ProbeResult[], fault: string): ProbeResult {
  const result = results.find((each) => each.fault === fault);
  assert.ok(result, fault);
  return result;
}

function pathOf({ originHttp = '1.1' }: MeasuredProxy) {
  return { clientHttp: '1.1', originHttp };
}

function isFixed({ fixes }: ProbeResult, part: string): boolean {
  return fixes.some(({ where, line }) => `${where}: ${line}`.includes(part));
}

function textOf({ causes, fixes }: ProbeResult): string {
  return JSON.stringify(
    { causes: causes.map(({ id, confidence }) => `${id} ${confidence}`), fixes },
    null,
    1,
  );
}

describe('the diagnosis of what was measured', () => {
  for (const proxy of MEASURED) {
    const { name, product, version, results, known, unknown } = proxy;
    test(`${name}, as its headers tell it`, () => {
      const hop: Hop = { product, confidence: 0.9, because: ['test'], ...(version && { version }) };
      const told = diagnose(results, { hops: [hop], path: pathOf(proxy) });
      for (const [fault, [cause, fix]] of Object.entries(known)) {
        const result = withFault(told, fault);
        assert.equal(result.causes[0]?.id, cause, `${fault} ${textOf(result)}`);
        assert.ok(isFixed(result, fix), `${fault} ${textOf(result)}`);
      }
    });

    test(`${name}, by its behaviour alone`, () => {
      const told = diagnose(results, { hops: [], path: pathOf(proxy) });
      for (const [fault, [cause, fix]] of Object.entries(unknown)) {
        const result = withFault(told, fault);
        if (cause !== undefined) assert.equal(result.causes[0]?.id, cause, `${fault} ${textOf(result)}`);
        assert.ok(isFixed(result, fix), `${fault} ${textOf(result)}`);
      }
    });
  }
});

describe('diagnose', () => {
  test('leaves what passed as it is', () => {
    const results = [passed('timing'), passed('idle')];
    assert.deepEqual(diagnose(results, { hops: [], path: PLAIN }), results);
  });

  test('takes the behaviour for more than the headers', () => {
    const results = [
      found('threshold', 'buffer.threshold', { modalBurstBytes: 4096 }),
      found('xab', 'buffer.threshold', { xabCures: true, xabRemoved: true }),
    ];
    const hops = [{ product: 'apache', confidence: 0.97, because: ['server-header'] }];
    const [first] = diagnose(results, { hops, path: PLAIN });
    assert.equal(first?.causes[0]?.id, 'nginx.proxy_buffering');
  });

  test('does not advise X-Accel-Buffering where it was seen not to help', () => {
    const results = [
      found('timing', 'buffer.until-end'),
      passed('xab', { xabCures: false, xabRemoved: false }),
    ];
    const [timing] = diagnose(results, { hops: [], path: PLAIN });
    assert.ok(timing && !isFixed(timing, 'X-Accel-Buffering'));
  });

  test('names proxy_ignore_headers where nginx took the header and went on', () => {
    const results = [
      found('threshold', 'buffer.threshold', { modalBurstBytes: 4096 }),
      found('xab', 'buffer.threshold', { xabCures: false, xabRemoved: true }),
    ];
    const [first] = diagnose(results, { hops: [], path: PLAIN });
    assert.equal(first?.causes[0]?.id, 'nginx.proxy_ignore_headers');
  });

  test('names proxy_buffering for a head that waits, though a timer behind nginx holds the events', () => {
    const results = [
      found('timing', 'buffer.timer', { batchEveryMs: 205 }),
      found('headers-first', 'buffer.headers', { headLateMs: 1500, xabCuresHead: true }),
      passed('xab', { xabRemoved: true }),
    ];
    const hops = [{ product: 'nginx', confidence: 0.97, because: ['server-header'] }];
    const [timing, head] = diagnose(results, { hops, path: PLAIN });
    assert.equal(timing?.causes[0]?.id, 'haproxy.http-no-delay');
    assert.equal(head?.causes[0]?.id, 'nginx.proxy_buffering');
    assert.ok(head.causes[0]?.ruledOut.includes('nginx.proxy_ignore_headers'));
    assert.ok(isFixed(head, 'X-Accel-Buffering: no'), textOf(head));
  });

  test('takes nobody for an nginx that ignores the header because it is in vain', () => {
    // http-proxy-3 as it comes, whose names are in lower case; nobody has looked whether the header gets through.
    const results = [
      passed('timing'),
      found('headers-first', 'buffer.headers', { headLateMs: 1500, xabCuresHead: false }),
      found('truncation', 'truncation.masked', { masked: 'http1Reset', appendedBytes: 21 }),
    ];
    const causes = (hops: readonly Hop[]) =>
      diagnose(results, { hops, path: PLAIN })[1]?.causes.map(({ id }) => id) ?? [];
    const node = { product: 'node', confidence: 0.7, because: ['lower-case-names'] };
    assert.equal(causes([node])[0], 'http-proxy.late-head');
    assert.notEqual(causes([])[0], 'nginx.proxy_ignore_headers');
    const nginx = { product: 'nginx', confidence: 0.97, because: ['server-header'] };
    assert.equal(causes([nginx])[0], 'nginx.proxy_ignore_headers');
  });

  test('does not take a header that nginx always takes out for one that it ignores', () => {
    const results = [
      passed('timing'),
      found('headers-first', 'buffer.headers', { headLateMs: 1500 }),
      passed('xab', { xabRemoved: true }),
    ];
    const hops = [{ product: 'nginx', confidence: 0.97, because: ['server-header'] }];
    const [, head] = diagnose(results, { hops, path: PLAIN });
    assert.equal(head?.causes[0]?.id, 'nginx.proxy_buffering');
  });

  test('does not take a head that somebody behind nginx holds for the doing of nginx', () => {
    const results = [
      passed('timing'),
      found('headers-first', 'buffer.headers', { headLateMs: 1500, xabCuresHead: false }),
    ];
    const [, alone] = diagnose(results, { hops: [], path: PLAIN });
    assert.ok(!alone?.causes[0]?.id.startsWith('nginx'), alone && textOf(alone));
    const hops = [
      { product: 'nginx', confidence: 0.97, because: ['server-header'] },
      { product: 'node', confidence: 0.7, because: ['lower-case-names'] },
    ];
    const [, head] = diagnose([...results, passed('xab', { xabRemoved: true })], { hops, path: PLAIN });
    assert.ok(head && (head.causes[0]?.confidence ?? 1) < 0.7, head && textOf(head));
  });

  test('has the origin say X-Accel-Buffering only where somebody may heed it, or it was seen to help', () => {
    const origins = (product: string | undefined, ...besides: ProbeResult[]) => {
      const hops = product === undefined ? [] : [{ product, confidence: 0.85, because: ['server-header'] }];
      const [first] = diagnose([found('timing', 'buffer.until-end'), ...besides], { hops, path: PLAIN });
      return first?.fixes.some(({ line }) => line === 'X-Accel-Buffering: no');
    };
    assert.ok(origins(undefined));
    assert.ok(origins('nginx'));
    assert.ok(!origins('apache'));
    assert.ok(origins('apache', passed('xab', { xabCures: true })));
    const absent = ['nginx', 'ingress-nginx'].map((product) => ({ product, because: 'arrives', left: 0 }));
    const [gone] = diagnose([found('timing', 'buffer.until-end')], { hops: [], absent, path: PLAIN });
    assert.ok(!gone?.fixes.some(({ line }) => line === 'X-Accel-Buffering: no'));
  });

  test('gives the fixes of the version that is there', () => {
    const lines = (version?: string) => {
      const hops = [{ product: 'nginx', confidence: 0.9, because: [], ...(version && { version }) }];
      const [first] = diagnose([found('1xx', 'early-hints.broken')], { hops, path: PLAIN });
      return first?.fixes.filter(({ where }) => where.startsWith('nginx')).map(({ where }) => where);
    };
    assert.deepEqual(lines('1.22.1'), ['nginx < 1.29.0']);
    assert.deepEqual(lines('1.31.5'), []);
    assert.deepEqual(lines(), ['nginx < 1.29.0']);
  });

  test('says how to see that a fix has helped', () => {
    const [idle] = diagnose([found('idle', 'idle.cut')], { hops: [], path: PLAIN });
    assert.ok(idle && idle.fixes.length > 1);
    for (const { verify } of idle.fixes) assert.equal(verify, '--only idle');
  });

  test('keeps to what can be read: few causes, few fixes, in order', () => {
    const [idle] = diagnose([found('idle', 'idle.cut')], { hops: [], path: PLAIN });
    assert.ok(idle && idle.causes.length <= 5 && idle.fixes.length <= 6);
    const order = idle.causes.map(({ confidence }) => confidence);
    assert.deepEqual(
      order,
      [...order].sort((a, b) => b - a),
    );
  });

  test('takes what cuts streams at no common age for nobody’s setting', () => {
    const [cut] = diagnose(
      [found('lifetime', 'lifetime.cut', { commonAge: false, cutSeenAs: 'truncated' })],
      {
        hops: [{ product: 'envoy', confidence: 0.5, because: ['lower-case-names'] }],
        path: PLAIN,
      },
    );
    assert.ok(cut?.causes.every(({ confidence }) => confidence <= 0.3));
  });

  test('gives the heartbeat that the limit wants, behind the line of the proxy that is known', () => {
    // HAProxy 2.6.12 with `timeout server 5s`, which lower-case names give away by half.
    const results = [
      found('timing', 'buffer.timer', { batchEveryMs: 205 }),
      found('headers-first', 'buffer.headers', { headLateMs: 206 }),
      found('idle', 'idle.cut', { idleLimitMs: 5_001, headlessLimitMs: 5_004, headlessStatus: 504 }),
    ];
    const because = ['lower-case-names'];
    const hops = [
      { product: 'haproxy', confidence: 0.4, because },
      { product: 'node', confidence: 0.4, because },
      { product: 'envoy', confidence: 0.2, because },
    ];
    const told = diagnose([...results, found('client-gone', 'client-gone.on-next-write')], {
      hops,
      path: PLAIN,
    });
    const [, , idle, gone] = told;
    const beats = gone?.fixes.filter(({ line }) => line.includes('a comment every'));
    assert.deepEqual(
      beats?.map(({ line }) => /every \d+ s/.exec(line)?.[0]),
      ['every 2 s'],
    );
    assert.ok(gone?.fixes.every(({ verify }) => verify === '--only client-gone'));
    assert.equal(idle?.causes[0]?.id, 'haproxy.timeout');
    assert.ok((idle?.causes[0]?.confidence ?? 0) > 0.8, textOf(idle ?? found('', '')));
    assert.deepEqual(
      idle?.fixes.map(({ where }) => where),
      ['HAProxy, defaults', 'origin'],
    );
    assert.match(
      idle?.fixes[1]?.line ?? '',
      /a comment every 2 s, as a stream that is silent for 5\.00 s is cut/,
    );
    assert.equal(idle?.fixes[1]?.verify, '--only idle --heartbeat 2s');
    // A limit that passes is no reason for a comment that comes as often anyhow.
    const { fault: _, ...cut } = found('idle', 'idle.cut', { idleLimitMs: 60_100 });
    const passes = { ...cut, status: 'pass' } as const;
    const [, left] = diagnose([passes, found('client-gone', 'client-gone.on-next-write')], {
      hops,
      path: PLAIN,
    });
    assert.match(
      left?.fixes.map(({ line }) => line).join('\n') ?? '',
      /a comment every 15 s, which clients pass over/,
    );
  });

  test('takes a limit that is no default for that of the proxy that has none', () => {
    // nginx with proxy_read_timeout 1h in front of HAProxy with `timeout server 5s`.
    const results = [
      found('timing', 'buffer.timer', { batchEveryMs: 205 }),
      found('idle', 'idle.cut', { idleLimitMs: 5_003, headlessLimitMs: 5_004, headlessStatus: 504 }),
    ];
    const hops = [
      { product: 'nginx', version: '1.22.1', confidence: 0.97, because: ['server-header'] },
      { product: 'haproxy', confidence: 0.5, because: ['lower-case-names'] },
    ];
    const idle = diagnose(results, { hops, path: PLAIN })[1];
    assert.equal(idle?.causes[0]?.id, 'haproxy.timeout', textOf(idle ?? found('', '')));
    const at60 = [
      results[0],
      found('idle', 'idle.cut', { idleLimitMs: 60_003, headlessStatus: 504 }),
    ] as ProbeResult[];
    assert.equal(diagnose(at60, { hops, path: PLAIN })[1]?.causes[0]?.id, 'nginx.proxy_read_timeout');
  });

  test('offers nothing that the run has tried in vain, and no lines of others where it is known whose the cause is', () => {
    // Caddy 2.6.2 with encode, of whom the headers tell no version.
    const results = [
      passed('timing'),
      passed('threshold'),
      found('encoding', 'compression.holds-events', {
        stallsOnlyWhenCompressed: true,
        noTransformCures: false,
        stalledEncodings: 'gzip, zstd',
        stalledSizesBytes: '2048',
      }),
    ];
    const hops = [{ product: 'caddy', confidence: 0.97, because: ['server-header'] }];
    const encoding = diagnose(results, { hops, path: PLAIN })[2];
    assert.ok(encoding && (encoding.causes[0]?.confidence ?? 0) > 0.8, textOf(encoding ?? found('', '')));
    assert.ok(!encoding.fixes.some(({ line }) => line.includes('no-transform')), textOf(encoding));
    assert.ok(
      encoding.fixes.every(({ where }) => where.startsWith('Caddy')),
      textOf(encoding),
    );
  });

  test('mends a head and events that nobody lets through in the same place, if nobody is known', () => {
    // nginx 1.22.1 as it comes, looked at beside the origin: of the proxy nothing came in 20 s.
    const results = [
      found('timing', 'buffer.until-end', { bursts: 0, eventsMissing: 19 }),
      found('headers-first', 'buffer.headers', { headLateMs: 19_000 }),
    ];
    for (const { fault, fixes } of diagnose(results, { hops: [], path: PLAIN })) {
      assert.match(fixes[0]?.where ?? '', /^nginx/, fault);
    }
  });

  test('rules nothing out by what could not be measured', () => {
    const results = [found('truncation', 'truncation.masked')];
    const [seen] = diagnose(results, { hops: [], path: { clientHttp: '1.1', originHttp: null } });
    assert.ok(seen?.causes.some(({ id }) => id === 'nginx.proxy_http_version'));
  });

  test('passes over a fault that it does not know', () => {
    const results = [found('timing', 'buffer.by-magic')];
    assert.deepEqual(diagnose(results, { hops: [], path: PLAIN }), results);
  });
});

describe('buffering and compression', () => {
  const nginx = [{ product: 'nginx', confidence: 0.9, because: [] }];
  const compressed = found('encoding', 'compression.holds-events', {
    stallsOnlyWhenCompressed: true,
    noTransformCures: true,
    stalledEncodings: 'gzip, br',
  });

  test('buffering is ruled out where events run without compression', () => {
    const [, , coded] = diagnose([passed('timing'), passed('threshold'), compressed], {
      hops: nginx,
      path: PLAIN,
    });
    assert.ok(coded?.causes.some(({ ruledOut }) => ruledOut.includes('nginx.proxy_buffering')));
  });

  test('compression is ruled out where nobody compresses, and not where it may hide behind a buffer', () => {
    const ruledOut = (...coded: ProbeResult[]) => {
      const results = [found('timing', 'buffer.until-end'), ...coded];
      const [timing] = diagnose(results, { hops: nginx, path: PLAIN });
      return timing?.causes[0]?.ruledOut.includes('nginx.gzip');
    };
    const as = (appliedEncodings: string) =>
      passed('encoding', { stallsOnlyWhenCompressed: false, appliedEncodings });
    assert.equal(ruledOut(as('none')), true);
    assert.equal(ruledOut(as('gzip')), false);
    assert.equal(ruledOut(), false);
  });

  test('where both hold events, each has its cause, and neither excludes the other', () => {
    const both = [
      found('threshold', 'buffer.threshold', { modalBurstBytes: 4096 }),
      passed('xab', { xabCures: true, xabRemoved: true }),
      found('encoding', 'compression.holds-events', {
        stallsOnlyWhenCompressed: false,
        noTransformCures: true,
        stalledEncodings: 'gzip, br',
      }),
    ];
    const [buffered, , coded] = diagnose(both, { hops: nginx, path: PLAIN });
    assert.equal(buffered?.causes[0]?.id, 'nginx.proxy_buffering');
    assert.ok(!buffered?.causes[0]?.ruledOut.includes('nginx.gzip'));
    assert.notEqual(coded?.causes[0]?.id, 'nginx.gzip');
    assert.equal(coded?.fixes[0]?.line, 'Cache-Control: no-cache, no-transform');
  });

  test('where compression may hide behind a buffer, the proof looks for it', () => {
    const results = [
      found('timing', 'buffer.until-end'),
      passed('encoding', { stallsOnlyWhenCompressed: false }),
    ];
    const [timing] = diagnose(results, { hops: [], path: PLAIN });
    assert.equal(timing?.fixes[0]?.verify, '--only timing,headers-first,threshold,xab,encoding');
  });
});
