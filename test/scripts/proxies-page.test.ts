import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { proxiesPage } from '../../scripts/proxies-page.ts';
import { FAULTS } from '../../src/checks/faults/catalogue.ts';
import { PRODUCTS } from '../../src/checks/fixes/products.ts';

const page = fileURLToPath(new URL('../../docs/proxies.md', import.meta.url));

describe('docs/proxies.md', () => {
  test('is made from the catalogues as they are', () => {
    assert.equal(readFileSync(page, 'utf8'), proxiesPage(), 'run: node --import tsx scripts/proxies.ts');
  });

  test('has a heading for each fault and each cause, and leads nowhere else', () => {
    const headings = [...proxiesPage().matchAll(/^#{3,4} `(.*)`$/gm)].map(([, id]) => id);
    const causes = PRODUCTS.flatMap((product) => product.causes.map(({ id }) => id));
    assert.deepEqual(headings, [...FAULTS.map(({ id }) => id), ...causes]);
    const anchors = new Set(headings.map((id) => id?.replaceAll('.', '') ?? ''));
    assert.equal(anchors.size, headings.length);
    for (const [, anchor = ''] of proxiesPage().matchAll(/\]\(#([^)]+)\)/g))
      assert.ok(anchors.has(anchor), anchor);
  });

  test('has every line that mends something', () => {
    for (const { causes } of PRODUCTS) {
      for (const { fixes } of causes)
        for (const { line } of fixes) assert.ok(proxiesPage().includes(line), line);
    }
  });
});
