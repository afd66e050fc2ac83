import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { grantedBy, grantsBy } from '../../../src/checks/origin/script-grants.ts';

const TOKEN = 'a token that nobody guesses';
const MINUTE_MS = 60_000;

/** A clock that stands still until it is moved. */
function clocked() {
  const clock = { ms: 1_000 };
  const now = () => clock.ms;
  return { clock, sign: grantsBy(TOKEN, now), isGranted: grantedBy(TOKEN, now) };
}

describe('what the origin is signed to do', () => {
  test('is done for some minutes', () => {
    const { clock, sign, isGranted } = clocked();
    const granted = sign('script');
    clock.ms += 4 * MINUTE_MS;
    assert.ok(isGranted('script', granted));
    clock.ms += 2 * MINUTE_MS;
    assert.ok(!isGranted('script', granted));
    assert.ok(isGranted('script', sign('script')));
  });

  test('is done some times, as proxies repeat requests, and no more; another request for it is another matter', () => {
    const { clock, sign, isGranted } = clocked();
    const [one, other] = [sign('script'), sign('script')];
    const uses = Array.from({ length: 20 }, () => isGranted('script', one));
    assert.equal(uses.filter(Boolean).length, 16);
    assert.ok(isGranted('script', other));
    clock.ms += 6 * MINUTE_MS;
    assert.ok(isGranted('another', sign('another')));
    assert.ok(!isGranted('script', one), 'what is forgotten has no more uses');
  });

  test('is none that somebody else signed, or that was changed', () => {
    const { sign, isGranted } = clocked();
    const [grant, signature] = sign('script').split('.');
    const later = `zzzzzzzz-${grant?.split('-')[1]}`;
    for (const forged of ['', '.', `${grant}`, `${grant}.`, `${later}.${signature}`, `.${signature}`]) {
      assert.ok(!isGranted('script', forged), forged);
    }
    assert.ok(!isGranted('scripts', `${grant}.${signature}`));
    assert.ok(!isGranted('script', grantsBy('another token', () => 1_000)('script')));
  });
});
