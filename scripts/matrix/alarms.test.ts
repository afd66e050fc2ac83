import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startOrigin } from '../../src/checks/origin/own-origin.ts';
import type { Origin } from '../../src/checks/origin/visit.ts';
import { checked, findings, HASTY } from '../../test/real/proxies/checked.ts';
import { missingProxy } from '../../test/real/proxies/real-proxy.ts';
import { VERDICTS } from '../../test/real/proxies/verdicts.ts';
import { askedProducts } from './asked-products.ts';

const PROXIES_AT_ONCE = 4;
const TIMES = Number(process.env.SSEKIT_MATRIX_TIMES ?? 1);

describe(`what check-proxy finds in ${TIMES} runs`, { concurrency: PROXIES_AT_ONCE }, () => {
  let asked = 0;
  const alarms: string[] = [];
  let origin: Origin;
  before(async () => {
    origin = await startOrigin({ host: '127.0.0.1', port: 0 });
  });
  after(async () => {
    await origin.close();
    console.log(`${asked} verdicts on what is set up well, ${alarms.length} false alarms`);
    for (const alarm of alarms) console.log(`  ${alarm}`);
  });

  for (const product of askedProducts) {
    const skip = missingProxy(product);
    for (const [config, { faults, passes }] of Object.entries(VERDICTS[product.name] ?? {})) {
      // Of one that has a fault, the others may suffer.
      if (config !== 'fixed' && Object.keys(faults).length > 0) continue;
      for (let time = 1; time <= TIMES; time += 1) {
        test(`behind ${product.name}, ${config}, time ${time}`, { skip }, async (t) => {
          const result = await checked(t, { product, config, probes: passes, options: HASTY }, origin);
          asked += passes.length;
          const wrong = Object.entries(findings(result)).filter(([, found]) => found !== 'pass');
          alarms.push(
            ...wrong.map(([probe, found]) => `${product.name}, ${config}: ${probe} found ${found}`),
          );
          const told = result.results.map(({ probe, summary }) => `${probe}: ${summary}`).join('\n');
          assert.deepEqual(wrong, [], told);
        });
      }
    }
  }
});
