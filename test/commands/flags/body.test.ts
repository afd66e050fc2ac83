import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildBody, type DataPart } from '../../../src/commands/flags/body.ts';

const FILES: Record<string, string> = { 'form.txt': 'a=1\r\nb=2\n\0', '-': 'from stdin', 'sp.txt': 'x y\n' };
const files = {
  read: async (path: string) => Buffer.from(FILES[path] ?? assert.fail(`read ${path}`)),
};

async function body(...parts: [DataPart['kind'], string][]) {
  const built = await buildBody(
    parts.map(([kind, text]) => ({ kind, text })),
    files,
  );
  return built && { text: Buffer.from(built.bytes).toString(), contentType: built.contentType };
}

test('without a data flag there is no body', async () => assert.equal(await body(), undefined));

test('several data flags are joined by an ampersand, in the order given', async () => {
  assert.deepEqual(await body(['data', 'a=1'], ['raw', '@x'], ['urlencode', 'b=ü ']), {
    text: 'a=1&@x&b=%C3%BC+',
    contentType: 'application/x-www-form-urlencoded',
  });
});

test('--data @file leaves out line ends and NUL, --data-binary keeps every byte', async () => {
  assert.equal((await body(['data', '@form.txt']))?.text, 'a=1b=2');
  assert.equal((await body(['binary', '@form.txt']))?.text, 'a=1\r\nb=2\n\0');
});

test('@- is standard input', async () => assert.equal((await body(['data', '@-']))?.text, 'from stdin'));

test('--json sets the content type and continues what stands before it', async () => {
  assert.deepEqual(await body(['json', '{"a":'], ['json', '1}']), {
    text: '{"a":1}',
    contentType: 'application/json',
  });
});

test('--data-urlencode knows its five forms', async () => {
  assert.equal((await body(['urlencode', 'a b&c']))?.text, 'a+b%26c');
  assert.equal((await body(['urlencode', '=a=b']))?.text, 'a%3Db');
  assert.equal((await body(['urlencode', 'n@v=a b']))?.text, 'n@v=a+b');
  assert.equal((await body(['urlencode', '@sp.txt']))?.text, 'x+y%0A');
  assert.equal((await body(['urlencode', 'n@sp.txt']))?.text, 'n=x+y%0A');
});

test('an empty body is a body', async () => assert.equal((await body(['data', '']))?.text, ''));
