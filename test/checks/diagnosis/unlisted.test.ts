import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Hop } from '../../../src/checks/between/hop.ts';
import { attribute } from '../../../src/checks/diagnosis/attribute.ts';
import { diagnose, givenAway } from '../../../src/checks/diagnosis/diagnose.ts';
import { FAULTS } from '../../../src/checks/faults/catalogue.ts';
import { PRODUCTS } from '../../../src/checks/fixes/products.ts';
import type { ProbeResult } from '../../../src/results/check/result.ts';
import { found, passed } from './measured.ts';

function seen(product: string, confidence = 0.97): Hop {
  return { product, confidence, because: ['server-header'] };
}

function told(hops: readonly Hop[], ...results: readonly ProbeResult[]): ProbeResult {
  const path = { clientHttp: '1.1', originHttp: '1.0' };
  const [first] = diagnose(results, { hops, path });
  assert.ok(first);
  return first;
}

function orderOf({ causes }: ProbeResult): string[] {
  return causes.map(({ id }) => id);
}

describe('what no catalogue has', () => {
  const lost = found('request', 'request.header-lost', { headerLost: 'Authorization' });

  test('is likelier of who was seen than what a product does that was not, which nobody is told to change', () => {
    for (const product of ['nghttpx', 'lighttpd']) {
      const result = told([seen(product)], lost);
      const [first] = result.causes;
      assert.equal(first?.id, `${product}.unlisted`, JSON.stringify(result.causes));
      assert.match(first.what ?? '', /^a setting of \S+ that is not in the catalogue$/);
      for (const { where, cause } of result.fixes)
        assert.ok(where === 'origin' || cause !== undefined, `${where} has a cause`);
      assert.ok(!result.fixes.some(({ where }) => where.startsWith('Squid')), JSON.stringify(result.fixes));
    }
  });

  test('does not hide a product that gives itself away', () => {
    const results = [
      found('threshold', 'buffer.threshold', { modalBurstBytes: 4096 }),
      found('xab', 'buffer.threshold', { xabCures: true, xabRemoved: true }),
    ];
    assert.equal(orderOf(told([seen('h2o')], ...results))[0], 'nginx.proxy_buffering');
    const batches = found('timing', 'buffer.timer', { batchEveryMs: 205 });
    assert.equal(orderOf(told([seen('nginx')], batches))[0], 'haproxy.http-no-delay');
  });

  test('leaves less than certainty to the only entry of the catalogue', () => {
    const status = told([seen('nginx')], found('status', 'status.changed'));
    assert.deepEqual(orderOf(status).slice(0, 1), ['nginx.proxy_intercept_errors']);
    assert.ok((status.causes[0]?.confidence ?? 1) < 0.95, JSON.stringify(status.causes));
    const unknown = told([], found('1xx', 'early-hints.broken', { answer: 502 }));
    assert.ok((unknown.causes[0]?.confidence ?? 1) < 0.7, JSON.stringify(unknown.causes));
    assert.ok(orderOf(unknown).includes('somebody.unlisted'));
  });

  test('is of a language where no more than that was seen', () => {
    const result = told([seen('go', 0.9)], found('bytes', 'bytes.changed'));
    assert.equal(result.causes[0]?.what, 'a setting of a proxy written in Go that is not in the catalogue');
  });

  test('gives nobody away', () => {
    const links = [{ candidates: [seen('lighttpd')] }, { candidates: [seen('nghttpx', 0.6)] }];
    const surroundings = {
      hops: links.flatMap(({ candidates }) => candidates),
      path: { clientHttp: '1.1', originHttp: '1.1' },
    };
    const { path, results: placed } = attribute(
      diagnose([lost], surroundings),
      { links, isOrderSeen: true },
      givenAway([lost], surroundings),
    );
    assert.deepEqual(
      path.proxies.map(({ candidates }) => candidates.flatMap(({ because }) => because)),
      [['server-header'], ['server-header']],
    );
    assert.deepEqual([placed[0]?.causes[0]?.id, placed[0]?.causes[0]?.proxy], ['lighttpd.unlisted', 1]);
  });
});

test('a fault does not prove who makes it by what it takes to be its cause', () => {
  const lost = found('request', 'request.header-lost', { headerLost: 'Authorization' });
  const alone = told([], lost).causes[0]?.confidence ?? 1;
  assert.ok(alone < 0.9, `${alone}`);
});

test('a sign that anybody shows who does the like speaks for nobody', () => {
  // A limiter that no catalogue has answers 429 as well.
  const refused = found('reach', 'origin.not-asked', { notAskedFate: 'status 429' });
  const told429 = told([], refused).causes.find(({ id }) => id === 'nginx.limit_req')?.confidence ?? 0;
  assert.ok(told429 < 0.7, JSON.stringify(told([], refused).causes));
});

test('two guesses are not each other’s witness, and no proxy', () => {
  const results = [
    found('reach', 'origin.not-asked', { notAskedFate: 'status 429' }),
    found('capacity', 'capacity.limit', { plateau: 25, othersFate: 'waits' }),
  ];
  const surroundings = { hops: [], path: { clientHttp: '1.1', originHttp: '1.1' } };
  assert.deepEqual(givenAway(results, surroundings), []);
  for (const result of results) {
    const together = diagnose(results, surroundings).find(({ fault }) => fault === result.fault);
    const alone = told([], result);
    assert.ok((together?.causes[0]?.confidence ?? 1) <= (alone.causes[0]?.confidence ?? 0) + 0.1);
  }
  const { path } = attribute(diagnose(results, surroundings), { links: [], isOrderSeen: true }, []);
  assert.deepEqual(path.proxies, []);
});

test('who is not there does it not, and what he would have done is ruled out', () => {
  const results = [found('timing', 'buffer.timer', { batchEveryMs: 205 })];
  const path = { clientHttp: '1.1', originHttp: '1.1' };
  const absent = ['haproxy', 'nginx'].map((product) => ({ product, because: 'test', left: 0 }));
  const [timing] = diagnose(results, { hops: [], absent, path });
  assert.ok(timing);
  assert.ok(!orderOf(timing).some((id) => /^(haproxy|nginx)\./.test(id)), orderOf(timing).join());
  assert.ok(timing.causes[0]?.ruledOut.includes('haproxy.http-no-delay'), JSON.stringify(timing.causes));
  assert.ok(!timing.fixes.some(({ where }) => where.startsWith('HAProxy')), JSON.stringify(timing.fixes));
});

test('a head that comes late where events do not is no timer that makes batches', () => {
  const late = found('headers-first', 'buffer.timer', { headLateMs: 205 });
  assert.notEqual(orderOf(told([], late, passed('timing')))[0], 'haproxy.http-no-delay');
  assert.equal(orderOf(told([], late))[0], 'haproxy.http-no-delay');
});

test('each fault has a cause, something to do and a proof, whoever is in between', () => {
  const products = [...PRODUCTS.map(({ id }) => id), 'node', 'go'];
  for (const { id, probes } of FAULTS) {
    const [probe = ''] = probes;
    for (const hops of [[], ...products.map((product) => [seen(product)])]) {
      const { causes, fixes } = told(hops, found(probe, id));
      const what = `${id} behind ${hops[0]?.product}`;
      assert.ok(causes.length > 0 && fixes.length > 0, what);
      for (const { where, line, verify } of fixes)
        assert.ok(where && line && verify.startsWith('--only '), what);
    }
  }
});

test('what is to be looked for is for the likeliest of what no catalogue has', () => {
  const { causes, fixes } = told([seen('nghttpx')], found('timing', 'rate.limit'));
  const [first] = causes;
  assert.deepEqual(
    [first?.id, fixes.find(({ where }) => where !== 'origin')?.cause],
    ['nghttpx.unlisted', first?.id],
  );
});
