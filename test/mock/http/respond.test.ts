import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { Answer } from '../../../src/mock/answer.ts';
import { RequestError } from '../../../src/mock/request.ts';
import { oneRoute } from '../../../src/mock/site.ts';
import { RawClient } from '../wire/raw-client.ts';
import { serving } from '../wire/serving.ts';

/** What a handler's answer becomes on the wire, and what the server says of it. */
async function answered(t: TestContext, answer: () => Answer) {
  const { url, warnings } = await serving(t, () => [], { site: oneRoute(answer) });
  const client = new RawClient(url).get('/', { Connection: 'close' });
  await client.ended();
  const [head = '', body = ''] = client.text.split('\r\n\r\n');
  client.leave();
  const [status = '', ...lines] = head.split('\r\n');
  const names = lines.map((line) => line.split(':', 1)[0]?.toLowerCase() ?? '');
  return { status, names, head, body, warnings };
}

describe('an answer that can’t be sent', () => {
  const bad: readonly [what: string, answer: Answer, warning: RegExp][] = [
    ['a status below all', { kind: 'plain', status: 99 }, /the status 99 can't be sent: .* from 200 to 599/],
    ['100, which announces another', { kind: 'plain', status: 100 }, /the status 100 can't be sent/],
    ['101, which hands over the connection', { kind: 'plain', status: 101 }, /the status 101 can't be sent/],
    ['a status above all', { kind: 'plain', status: 1_000 }, /the status 1000 can't be sent/],
    ['a status that is no number', { kind: 'plain', status: Number.NaN }, /the status NaN can't be sent/],
    [
      'a header whose value is not Latin-1',
      { kind: 'plain', status: 200, headers: { 'x-b': '€' }, body: 'hello' },
      /the header "x-b" can't be sent: Invalid character/,
    ],
    [
      'a header whose name is none',
      { kind: 'plain', status: 200, headers: { 'x b': '1' } },
      /the header "x b" can't be sent/,
    ],
    [
      'a header of a stream',
      { kind: 'stream', schedule: [][Symbol.iterator](), headers: { 'x-a': '1', 'x-b': '€' } },
      /the header "x-b" can't be sent/,
    ],
  ];
  for (const [what, answer, warning] of bad) {
    test(`becomes 500, whole and alone, and is told: ${what}`, async (t) => {
      const { status, names, head, body, warnings } = await answered(t, () => answer);
      assert.equal(status, 'HTTP/1.1 500 Internal Server Error');
      assert.match(head, /^content-type: application\/json$/im);
      assert.equal(new Set(names).size, names.length, head);
      assert.ok(!names.includes('x-a'), head);
      assert.match(head, new RegExp(`^content-length: ${Buffer.byteLength(body)}$`, 'im'));
      assert.match((JSON.parse(body) as { error: string }).error, /^an unexpected error/);
      assert.equal(warnings.length, 1);
      assert.match(warnings[0] ?? '', warning);
    });
  }

  for (const [status, headers, told] of [
    [99, {}, /^the refusal of a handler: the status 99 can't be sent/],
    [400, { 'x-b': '€' }, /^the refusal of a handler: the header "x-b" can't be sent/],
  ] as const) {
    test(`is a refusal, too: ${status} ${JSON.stringify(headers)}`, async (t) => {
      const { status: line, body } = await answered(t, () => {
        throw new RequestError(status, 'no', headers);
      });
      assert.equal(line, 'HTTP/1.1 500 Internal Server Error');
      assert.match((JSON.parse(body) as { error: string }).error, told);
    });
  }

  test('is not one that names its own length: it has that of its body', async (t) => {
    const { head, names, body } = await answered(t, () => ({
      kind: 'plain',
      status: 200,
      headers: { 'Content-Length': '99' },
      body: 'hello',
    }));
    assert.deepEqual(
      names.filter((name) => name === 'content-length'),
      ['content-length'],
    );
    assert.match(head, /^content-length: 5$/im);
    assert.equal(body, 'hello');
  });
});
