import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMMANDS } from '../../src/commands/registry.ts';
import { typedAs, withoutLastCommand } from '../../src/report/own-commands.ts';
import { wrap } from '../../src/report/wrap.ts';

test('prose is broken between words, and what is to be copied is not', () => {
  assert.deepEqual(wrap('as wide as this', 15), ['as wide as this']);
  assert.deepEqual(wrap('as wide as this', 14), ['as wide as', 'this']);
  assert.deepEqual(wrap('as wide as this', undefined), ['as wide as this']);
  assert.deepEqual(wrap('see http://example.test/a,b,c,d now', 12), [
    'see',
    'http://example.test/a,b,c,d',
    'now',
  ]);
  assert.deepEqual(wrap('that tells (ssekit check-proxy --explain buffer.timer), or `a b c d` does', 20), [
    'that tells',
    '(ssekit check-proxy --explain buffer.timer),',
    'or `a b c d` does',
  ]);
});

test('wide characters take two columns', () => {
  assert.deepEqual(wrap('流れ 流れ', 8), ['流れ', '流れ']);
});

test('every command is known as one', () => {
  for (const name of Object.keys(COMMANDS)) {
    assert.equal(typedAs('npx ssekit', `Or: ssekit ${name} x`), `Or: npx ssekit ${name} x`);
    assert.deepEqual(withoutLastCommand(`Or: ssekit ${name} x`), {
      prose: 'Or:',
      command: `ssekit ${name} x`,
    });
  }
  assert.equal(typedAs('npx ssekit', 'ssekit listens'), 'ssekit listens');
});
