import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findingsPage } from '../../scripts/findings-page.ts';
import { LINT_KINDS } from '../../src/listen/findings/lint/lint.ts';
import { REQUEST_KINDS } from '../../src/listen/findings/requests/requests.ts';
import { STRICT_KINDS } from '../../src/listen/findings/strict/strict.ts';

const page = fileURLToPath(new URL('../../docs/findings.md', import.meta.url));
const all = [...STRICT_KINDS, ...LINT_KINDS, ...REQUEST_KINDS];

describe('docs/findings.md', () => {
  test('is made from the catalogue as it is', () => {
    assert.equal(readFileSync(page, 'utf8'), findingsPage(), 'run: node --import tsx scripts/findings.ts');
  });

  test('has a heading for each code', () => {
    const headings = [...findingsPage().matchAll(/^### `(.*)`$/gm)].map(([, code]) => code);
    assert.deepEqual(
      headings,
      all.map(({ code }) => code),
    );
  });
});

describe('the catalogue of findings', () => {
  test('has each code once, in kebab case', () => {
    const codes = all.map(({ code }) => code);
    assert.equal(new Set(codes).size, codes.length);
    for (const code of codes) assert.match(code, /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/);
  });

  test('gives each a title without a full stop, and a reason and a mend that end with one', () => {
    for (const { title, why, mend } of all) {
      assert.doesNotMatch(title, /\.$/);
      assert.match(why, /[.)]$/);
      assert.match(mend, /\.$/);
    }
  });

  test('makes a run fail by strict findings only', () => {
    for (const { flag, severity } of all) if (severity === 'error') assert.equal(flag, 'strict');
  });
});
