import { after, before, describe, test } from 'node:test';
import { startOrigin } from '../../src/checks/origin/own-origin.ts';
import type { Origin } from '../../src/checks/origin/visit.ts';
import { assertVerdict, expectedOf } from '../../test/real/proxies/assert-verdict.ts';
import { checked, findings, HASTY, PATIENT } from '../../test/real/proxies/checked.ts';
import { missingProxy } from '../../test/real/proxies/real-proxy.ts';
import { VERDICTS, type Verdict } from '../../test/real/proxies/verdicts.ts';
import { askedProducts } from './asked-products.ts';
import { type MeasuredConfig, type MeasuredProduct, writeMatrix } from './measured.ts';
import { versionOf } from './versions.ts';

/** They wait most of the time, some of them for a minute of silence. */
const PROXIES_AT_ONCE = 6;

describe('what check-proxy finds', { concurrency: PROXIES_AT_ONCE }, () => {
  const found = new Map<string, MeasuredConfig>();
  let origin: Origin;
  before(async () => {
    origin = await startOrigin({ host: '127.0.0.1', port: 0 });
  });
  after(async () => {
    await origin.close();
    const path = process.env.SSEKIT_MATRIX_FILE;
    if (path !== undefined) writeMatrix(path, { products: inOrder(found) });
  });

  for (const product of askedProducts) {
    const skip = missingProxy(product);
    for (const [config, { idle, ...verdict }] of Object.entries(VERDICTS[product.name] ?? {})) {
      test(`behind ${product.name}, ${config}`, { skip }, async (t) => {
        const whole = idle === undefined ? verdict : withIdle(verdict, idle);
        const options = idle === undefined ? HASTY : PATIENT;
        const probes = Object.keys(expectedOf(whole));
        const result = await checked(t, { product, config, probes, options }, origin);
        found.set(`${product.name}/${config}`, { name: config, found: findings(result) });
        assertVerdict(product.name, result, whole);
      });
    }
  }
});

/** What a minute of silence shows takes the place of what seconds of it do. */
function withIdle({ faults, passes, ...rest }: Verdict, idle: NonNullable<Verdict['idle']>): Verdict {
  const others = passes.filter((id) => id !== 'idle');
  return idle === 'pass'
    ? { ...rest, faults, passes: [...others, 'idle'] }
    : { ...rest, faults: { ...faults, idle }, passes: others };
}

function inOrder(found: ReadonlyMap<string, MeasuredConfig>): MeasuredProduct[] {
  const measured = new Date().toISOString().slice(0, 10);
  return askedProducts.map((product) => ({
    name: product.name,
    version: versionOf(product),
    measured,
    configs: Object.keys(VERDICTS[product.name] ?? {}).flatMap(
      (config) => found.get(`${product.name}/${config}`) ?? [],
    ),
  }));
}
