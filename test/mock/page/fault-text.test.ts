import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { needsWhen } from '../../../src/mock/faults/kind.ts';
import { FAULT_KINDS } from '../../../src/mock/faults/kinds.ts';
import { parseFault } from '../../../src/mock/faults/parse.ts';
import { faultText } from '../../../src/mock/page/browser/fault-text.ts';

describe('a fault that the page asks for', () => {
  test('is written from its parts', () => {
    const parts = { kind: 'delay', value: '2s', when: 'every:10' };
    assert.equal(faultText({ ...parts, firstConnectionOnly: false }), 'delay=2s@every:10');
    assert.equal(faultText({ ...parts, firstConnectionOnly: true }), 'conn:1:delay=2s@every:10');
    assert.equal(faultText({ kind: 'bom', value: '', when: '', firstConnectionOnly: false }), 'bom');
  });

  for (const kind of FAULT_KINDS) {
    test(`is understood by the server as it is first offered: ${kind.name}`, () => {
      for (const firstConnectionOnly of [false, true]) {
        const { kind: parsed, connection } = parseFault(
          faultText({
            kind: kind.name,
            value: kind.value?.example ?? '',
            when: needsWhen(kind) ? '3' : '',
            firstConnectionOnly,
          }),
        );
        assert.equal(parsed, kind.name);
        assert.equal(connection, firstConnectionOnly ? 1 : undefined);
      }
    });
  }
});
