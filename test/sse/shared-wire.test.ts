import { existsSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { assertDecodesAnyhow, type WireExpectation } from './wire-case.ts';

interface SharedCase {
  source: string;
  name: string;
  bytes_base64: string;
  expect: WireExpectation;
}

/** Cases kept beside the repository, where a checkout has them. */
const file = new URL('../../../shared/vectors/wire.jsonl', import.meta.url);

describe('shared wire cases', {
  skip: existsSync(file) ? false : 'no ../shared/vectors beside this checkout',
}, () => {
  if (!existsSync(file)) return;
  for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
    const { source, name, bytes_base64, expect } = JSON.parse(line) as SharedCase;
    test(`${source}: ${name}`, () => {
      assertDecodesAnyhow(Buffer.from(bytes_base64, 'base64'), expect);
    });
  }
});
