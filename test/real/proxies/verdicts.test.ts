import { after, before, describe, test } from 'node:test';
import { startOrigin } from '../../../src/checks/origin/own-origin.ts';
import type { Origin } from '../../../src/checks/origin/visit.ts';
import { assertVerdict, expectedOf } from './assert-verdict.ts';
import { checked, HASTY } from './checked.ts';
import { inTheGate } from './in-the-gate.ts';
import { products } from './products.ts';
import { missingProxy } from './real-proxy.ts';
import { VERDICTS } from './verdicts.ts';

/** They wait most of the time: for silence that is cut, for a client's leaving that nobody tells of. */
describe('what check-proxy finds', { concurrency: 4 }, () => {
  let origin: Origin;
  before(async () => {
    origin = await startOrigin({ host: '127.0.0.1', port: 0 });
  });
  after(() => origin.close());

  for (const product of products) {
    const skip = missingProxy(product);
    for (const [config, verdict] of Object.entries(inTheGate(VERDICTS[product.name] ?? {}))) {
      test(`behind ${product.name}, ${config}`, { skip }, async (t) => {
        const probes = Object.keys(expectedOf(verdict));
        const result = await checked(t, { product, config, probes, options: HASTY }, origin);
        assertVerdict(product.name, result, verdict);
      });
    }
  }
});
