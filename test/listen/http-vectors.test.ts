import { existsSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { assertHttpCase, type Exchange, type HttpCase } from './http-case.ts';

interface SharedExchange extends Omit<Exchange, 'response'> {
  response: { status: number; headers: Record<string, string>; body_base64: string };
}

interface SharedCase extends Omit<HttpCase, 'exchanges'> {
  source: string;
  name: string;
  exchanges: SharedExchange[];
}

/** Cases kept beside the repository, where a checkout has them. */
const file = new URL('../../../shared/vectors/http.jsonl', import.meta.url);

describe('shared HTTP cases', {
  skip: existsSync(file) ? false : 'no ../shared/vectors beside this checkout',
  // Some really wait for the time that the server asks for.
  concurrency: 8,
}, () => {
  if (!existsSync(file)) return;
  for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
    const { source, name, exchanges, expect } = JSON.parse(line) as SharedCase;
    test(`${source}: ${name}`, async (t) => {
      await assertHttpCase(t, {
        exchanges: exchanges.map(({ response, ...rest }) => ({
          ...rest,
          response: { ...response, body: Buffer.from(response.body_base64, 'base64') },
        })),
        expect,
      });
    });
  }
});
