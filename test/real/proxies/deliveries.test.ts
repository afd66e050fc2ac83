import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startOrigin } from '../../../src/checks/origin/own-origin.ts';
import type { Origin } from '../../../src/checks/origin/visit.ts';
import { deliver } from './delivery.ts';
import { products } from './products.ts';
import { missingProxy, startProxy } from './real-proxy.ts';

/** They wait most of the time. */
describe('a stream of three events', { concurrency: 4 }, () => {
  let origin: Origin;
  before(async () => {
    origin = await startOrigin({ host: '127.0.0.1', port: 0 });
  });
  after(() => origin.close());

  for (const product of products) {
    const skip = missingProxy(product);
    for (const [name, { delivers }] of Object.entries(product.configs)) {
      test(`comes ${delivers} through ${product.name}, ${name}`, { skip }, async (t) => {
        const url = await startProxy(t, product, name, origin.url);
        const [direct, proxied] = await Promise.all(
          [origin.url, url].map((each) => deliver(each, origin.sign)),
        );
        const whole = { events: [1, 2, 3], status: 200, reason: 'eof' };
        assert.deepEqual(direct, { ...whole, delivery: 'at once' });
        assert.deepEqual(proxied, { ...whole, delivery: delivers });
      });
    }
  }
});
