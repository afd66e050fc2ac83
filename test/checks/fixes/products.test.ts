import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FAULTS, faultNamed } from '../../../src/checks/faults/catalogue.ts';
import { ORIGIN_FIXES } from '../../../src/checks/fixes/origin.ts';
import { PRODUCTS } from '../../../src/checks/fixes/products.ts';

const causes = PRODUCTS.flatMap(({ causes }) => causes);

describe('the catalogue of products', () => {
  test('has each product and each cause once, a cause by the name of its product', () => {
    for (const ids of [PRODUCTS.map(({ id }) => id), causes.map(({ id }) => id)]) {
      assert.equal(new Set(ids).size, ids.length);
    }
    for (const product of PRODUCTS) {
      for (const { id } of product.causes) assert.ok(id.startsWith(`${product.id}.`), id);
    }
  });

  test('says what each cause is, and what to do against it', () => {
    for (const { id, what, faults, fixes } of causes) {
      assert.match(what, /[^.]$/, id);
      assert.ok(faults.length > 0 && fixes.length > 0, id);
      for (const fix of fixes) for (const fault of fix.faults ?? []) assert.ok(faults.includes(fault), id);
    }
  });

  test('has a fix for each fault that can be made without knowing who is in between, or a cause', () => {
    for (const { id } of FAULTS) {
      const known = [...ORIGIN_FIXES, ...causes].some(({ faults }) => faults.includes(id));
      assert.ok(known, id);
    }
  });

  test('weighs signs by figures above 0, or rules out by 0', () => {
    for (const { id, signs = [] } of causes) {
      for (const sign of signs) {
        assert.ok(sign.times >= 0 && (sign.otherwise ?? 1) >= 0, id);
        if ('fault' in sign) assert.ok(faultNamed(sign.fault), id);
      }
    }
  });

  test('says of what was not tried where it stands, by an address that can be opened', () => {
    for (const { basis, line, source } of [...ORIGIN_FIXES, ...causes.flatMap(({ fixes }) => fixes)]) {
      if (source === undefined) assert.equal(basis, 'measured', line);
      else assert.equal(new URL(source).href, source, line);
    }
  });

  test('says in one way what the origin can do, so that it is printed once', () => {
    const command = (line: string) => line.split('   (')[0];
    for (const { id, faults, fixes } of causes) {
      for (const { where, line } of fixes) {
        if (where !== 'origin') continue;
        const same = ORIGIN_FIXES.filter(
          (fix) => command(fix.line) === command(line) && fix.faults.some((fault) => faults.includes(fault)),
        );
        assert.ok(same.length === 0 || same.some((fix) => fix.line === line), `${id}: ${line}`);
      }
    }
  });

  test('tells what the origin can do apart where it is put together: of one line there is one remark', () => {
    const remarked = new Map<string, string>();
    const lines = [...ORIGIN_FIXES, ...causes.flatMap(({ fixes }) => fixes)]
      .filter((fix) => !('where' in fix) || fix.where === 'origin')
      .flatMap(({ line }) => line.split('\n'));
    for (const line of lines) {
      const [bare = '', remark] = line.split('   (');
      if (remark === undefined) continue;
      assert.equal(remarked.get(bare) ?? line, line);
      remarked.set(bare, line);
    }
  });

  test('promises nothing for certain at the origin', () => {
    for (const { helps, line } of ORIGIN_FIXES) assert.ok(helps > 0 && helps < 1, line);
  });
});
