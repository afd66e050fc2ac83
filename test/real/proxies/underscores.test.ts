import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { diagnose } from '../../../src/checks/diagnosis/diagnose.ts';
import { request } from '../../../src/checks/probes/request.ts';
import { startChecking } from '../../checks/checking.ts';
import { requestOf } from '../../client/recorded-attempt.ts';
import { nginx } from './products/nginx.ts';
import type { ProxyProduct } from './proxy-product.ts';
import { missingProxy, startProxy } from './real-proxy.ts';

const skip = missingProxy(nginx);

test('that nginx drops a name with an underscore is said, with the line that mends it', {
  skip,
}, async (t) => {
  const { judgement, causes, fixes } = await checked(t, nginx);
  assert.equal(judgement.summary, 'on the way to the origin: my_token lost');
  assert.equal(causes[0]?.id, 'nginx.underscores_in_headers');
  assert.equal(fixes[0]?.line, 'underscores_in_headers on;');
});

test('the line mends it', { skip }, async (t) => {
  const { judgement } = await checked(t, withLine('underscores_in_headers on;'));
  assert.equal(judgement.status, 'pass');
  assert.deepEqual(judgement.evidence, []);
});

async function checked(t: TestContext, product: ProxyProduct) {
  const { context, direct } = await startChecking(t);
  const headers = [['my_token', 'x']] as const;
  const proxied = {
    ...direct,
    name: 'proxied',
    request: { ...requestOf(await startProxy(t, product, 'default', context.origin.url)), headers },
  } as const;
  const plain = { ...direct, request: { ...direct.request, headers } };
  const judgement = request.judge(
    await request.measure(plain, context),
    await request.measure(proxied, context),
    context,
  );
  const result = { probe: request.id, ...judgement, runs: 1, durationMs: 0, causes: [], fixes: [] };
  const [{ causes = [], fixes = [] } = {}] = diagnose([result], { hops: [], path: {} });
  return { judgement, causes, fixes };
}

function withLine(line: string): ProxyProduct {
  const { default: plain } = nginx.configs;
  assert.ok(plain);
  const text = (place: Parameters<typeof plain.text>[0]) =>
    plain.text(place).replace('location /', `${line}\n    location /`);
  return { ...nginx, configs: { default: { ...plain, text } } };
}
