import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MARKS } from '../../../src/checks/between/marks.ts';
import { unlistedCause } from '../../../src/checks/diagnosis/unlisted.ts';
import { FAULTS } from '../../../src/checks/faults/catalogue.ts';
import { causeIds, explainCause } from '../../../src/checks/faults/explain-cause.ts';
import { SHOWS_SETTINGS } from '../../../src/checks/faults/explain-settings.ts';
import { explainUnlisted, unlistedIds } from '../../../src/checks/faults/explain-unlisted.ts';

describe('the explanation of a cause that no catalogue has', () => {
  test('is there for everybody whom a run may name, with what prints the settings or where they are', () => {
    const seen = [...new Set(MARKS.map(({ product }) => product)), undefined];
    for (const product of seen) {
      const { id, what } = unlistedCause({ ...(product !== undefined && { product }), confidence: 0.5 });
      const told = explainUnlisted(id);
      assert.ok(told, id);
      assert.equal(told.what, what);
      assert.notEqual(told.show.length > 0, told.where !== undefined, id);
    }
  });

  test('prints the configuration that is in force', () => {
    const commands = (id: string) => explainUnlisted(id)?.show.map(({ command }) => command) ?? [];
    assert.equal(commands('nginx.unlisted')[0], 'nginx -T');
    assert.ok(commands('apache.unlisted').includes('apachectl -S'));
    assert.ok(commands('haproxy.unlisted').some((each) => each.startsWith('haproxy -c ')));
  });

  test('has what to look for, whichever fault it makes', () => {
    const faults = explainUnlisted('nginx.unlisted')?.lookFor.flatMap((each) => each.faults) ?? [];
    assert.deepEqual(faults.toSorted(), FAULTS.map(({ id }) => id).toSorted());
  });

  test('names those of the product that are known', () => {
    const known = explainUnlisted('caddy.unlisted')?.known ?? [];
    assert.ok(known.length > 0);
    for (const id of known) assert.notEqual(explainCause(id), undefined);
  });

  test('is of products that there are, and no name of another cause', () => {
    for (const product of Object.keys(SHOWS_SETTINGS))
      assert.ok(unlistedIds().includes(`${product}.unlisted`), product);
    assert.ok(!unlistedIds().some((id) => causeIds().includes(id)));
    assert.equal(explainUnlisted('nginx'), undefined);
    assert.equal(explainUnlisted('nobody.unlisted'), undefined);
  });
});
