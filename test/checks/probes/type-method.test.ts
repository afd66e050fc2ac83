import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { measureTypeMethod, typeMethod } from '../../../src/checks/probes/type-method.ts';
import { startChecking } from '../checking.ts';

const AT_ONCE = { usual: 2, charset: 2, post: 2, textPlain: 2 };

describe('the measuring of types and methods', () => {
  test('sees each variant come at once where nothing is held', async (t) => {
    const { proxied, context } = await startChecking(t);
    const seen = await measureTypeMethod(proxied, context, 5_000);
    assert.deepEqual(Object.keys(seen), ['usual', 'charset', 'post', 'textPlain']);
    for (const ms of Object.values(seen)) assert.ok(ms !== null && ms < 5_000);
  });

  test('sees that nothing comes while the stream is open', async (t) => {
    const { proxied, context } = await startChecking(t, { bufferUntilEnd: true });
    const seen = await measureTypeMethod(proxied, context, 2_000);
    assert.deepEqual(seen, { usual: null, charset: null, post: null, textPlain: null });
  });
});

describe('the queue before a proxy', () => {
  test('is not taken for a type that is held', async (t) => {
    const { proxied, context } = await startChecking(t, { maxConnections: 1, bufferUntilEnd: true });
    await assert.rejects(measureTypeMethod(proxied, context, 200), {
      why: /did not reach the origin while three others were open/,
    });
  });

  test('is not counted where it lets a request through in the end', async (t) => {
    // HAProxy with `maxconn 10` for its server: three of four waited for the first probe's streams to end.
    const queue = { delayRequestMs: (nth: number) => (nth === 0 ? 0 : 700) };
    const { direct, proxied, context } = await startChecking(t, queue);
    const [straight, through] = await Promise.all([
      measureTypeMethod(direct, context, 1_500),
      measureTypeMethod(proxied, context, 1_500),
    ]);
    const { status, summary } = typeMethod.judge(straight, through, context);
    assert.equal(status, 'pass', summary);
    // One that gets there late is waited for as long as the others.
    const late = await startChecking(t, { delayRequestMs: () => 600, flushEveryMs: 500 });
    const seen = await measureTypeMethod(late.proxied, late.context, 1_000);
    assert.ok(
      Object.values(seen).every((ms) => ms !== null),
      JSON.stringify(seen),
    );
  });
});

describe('the judging of types and methods', () => {
  test('passes where all come, and where all are held', () => {
    assert.equal(judge({}).status, 'pass');
    const held = judge({ usual: null, charset: null, post: null, textPlain: null });
    assert.equal(held.status, 'pass');
    assert.deepEqual(held.evidence, [{ k: 'heldWhatever', v: true }]);
  });

  test('fails where one is held', () => {
    const { status, fault, summary, evidence } = judge({ post: null });
    assert.equal(status, 'fail');
    assert.equal(fault, 'special-case.type-or-method');
    assert.equal(
      summary,
      'held: the answer to a POST; at once: text/event-stream, text/event-stream; charset=utf-8, text/plain',
    );
    assert.deepEqual(evidence[0], { k: 'heldVariant', v: 'post' });
    assert.equal(judge({ charset: 900 }).status, 'fail');
    assert.equal(judge({ usual: 900 }).status, 'fail');
  });

  test('warns where only what is no stream of events is held', () => {
    assert.equal(judge({ textPlain: null }).status, 'warn');
  });

  test('blames no proxy for what is late without one', () => {
    const late = { ...AT_ONCE, post: 900 };
    assert.equal(typeMethod.judge(late, late, undefined as never).status, 'pass');
  });
});

function judge(seen: Partial<Record<keyof typeof AT_ONCE, number | null>>) {
  return typeMethod.judge(AT_ONCE, { ...AT_ONCE, ...seen }, undefined as never);
}
