import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { FAULT_KINDS } from '../../../src/mock/faults/kinds.ts';
import { parseFault } from '../../../src/mock/faults/parse.ts';

const chapter = readFileSync(new URL('../../../docs/faults.md', import.meta.url), 'utf8');

describe('the chapter on faults', () => {
  test('has a row for every kind', () => {
    const rows = chapter.split('\n').filter((line) => line.startsWith('| `'));
    const named = rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([a-z0-9-]+)/g)]);
    const names = new Set(named.map(([, name]) => name));
    assert.deepEqual(
      FAULT_KINDS.filter(({ name }) => !names.has(name)).map(({ name }) => name),
      [],
    );
  });

  test('shows faults that parse, but for those that it shows refused', () => {
    const shown = [...chapter.matchAll(/--fault ([^\s`]+)/g)].map(([, text = '']) => text);
    const refused = shown.filter((text) => {
      try {
        parseFault(text);
        return false;
      } catch {
        return true;
      }
    });
    assert.ok(shown.length > 20);
    assert.deepEqual(refused, ['status=503@3', 'reset']);
  });
});
