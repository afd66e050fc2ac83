import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { againText } from '../../../src/report/check/again.ts';
import { plainPalette as palette } from '../../../src/report/palette.ts';
import type { Fix } from '../../../src/results/check/result.ts';
import { aResult } from './results.ts';

const FIX: Fix = { where: 'it', line: 'a 1', basis: 'measured', verify: '--only idle', replaces: true };

function again(...fixes: Fix[]): string {
  const command = (url: string) => `check ${url}`;
  return againText(fixes, aResult(), {
    ...{
      palette,
      columns: undefined,
      program: 'ssekit',
      titleOf: () => undefined,
      onlyForOf: () => undefined,
    },
    ...{ againAt: command, lookAt: command, standInAt: command },
  }).trim();
}

describe('why a fix that is there may not show', () => {
  test('is told as the product takes a second line', () => {
    const either = 'the same again? Either such a line stands there twice';
    assert.equal(again(FIX), `${either}, or the reload was refused`);
    assert.equal(
      again({ ...FIX, twice: 'last' }),
      `${either} (the last one counts), or the reload was refused`,
    );
    assert.equal(
      again({ ...FIX, twice: 'first' }),
      `${either} (the first one counts), or the reload was refused`,
    );
    assert.equal(again({ ...FIX, twice: 'both' }), `${either} (both count), or the reload was refused`);
    assert.equal(
      again({ ...FIX, twice: 'refused' }),
      'the same again? Maybe the reload was refused, as it is where such a line stands there twice',
    );
  });

  test('does not say which counts where two products differ, nor anything of lines that add up', () => {
    assert.doesNotMatch(again({ ...FIX, twice: 'last' }, { ...FIX, twice: 'refused' }), /counts|as it is/);
    const { replaces: _, ...adding } = FIX;
    assert.equal(again(adding), '');
  });

  test('may be that it was not restarted', () => {
    assert.match(again({ ...FIX, restart: true }), /, or it was reloaded, and not restarted$/);
  });
});
