import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import Ajv from 'ajv/dist/2020.js';
import { PAYLOAD_SCHEMAS } from '../../../src/mock/payloads/schemas.ts';
import { parsePreset } from '../../../src/mock/presets/registry.ts';
import { RequestError } from '../../../src/mock/request.ts';
import { type Asked, drained, plainOf, requestOf, type Sent, streamOf } from './asked.ts';

const ajv = new Ajv.default();
const create = () => parsePreset('ai-token').create({ seed: 5 });
const ask = async (asked: Asked = {}, handler = create()) => drained(await streamOf(handler, asked));

interface Token {
  token: string;
  done: boolean;
  messageId: string;
}

const tokensOf = (sent: readonly Sent[]) =>
  sent.filter(({ event }) => event.event === 'ai:token').map(({ event }) => JSON.parse(event.data) as Token);

describe('the preset ai-token', () => {
  test('opens with `connected`, sends tokens of one message, and an empty one that is done', async () => {
    const sent = await ask({ target: '/?prompt=Hello' });
    assert.equal(sent[0]?.event.event, 'connected');
    assert.equal(sent[0]?.atMs, 0);
    const tokens = tokensOf(sent);
    const valid = ajv.compile(PAYLOAD_SCHEMAS['ai:token']);
    assert.ok(tokens.every((token) => valid(token)));
    assert.match(tokens.map(({ token }) => token).join(''), /^You asked: “Hello”\n\n/);
    assert.deepEqual(
      tokens.map(({ done }) => done),
      tokens.map((_, index) => index === tokens.length - 1),
    );
    assert.equal(tokens.at(-1)?.token, '');
    assert.deepEqual(new Set(tokens.map(({ messageId }) => messageId)), new Set(['msg-1']));
    const last = sent.at(-1)?.step;
    assert.equal(last?.kind === 'event' && last.done, true);
  });

  test('numbers its messages', async () => {
    const handler = create();
    assert.equal(tokensOf(await ask({}, handler))[0]?.messageId, 'msg-1');
    assert.equal(tokensOf(await ask({}, handler))[0]?.messageId, 'msg-2');
  });

  test('resumes a message behind any token, in the same words', async () => {
    const handler = create();
    const target = '/?prompt=Hello';
    const all = (await ask({ target }, handler)).slice(1);
    const rest = (await ask({ target, lastEventId: 'msg-1.17', connection: 2 }, handler)).slice(1);
    assert.deepEqual(
      rest.map(({ event }) => event),
      all.slice(17).map(({ event }) => event),
    );
    assert.deepEqual(
      rest.slice(0, 2).map(({ step }) => step.kind === 'event' && step.n),
      [18, 19],
    );
    const end = all.at(-1)?.event.id ?? '';
    assert.equal((await plainOf(handler, { target, lastEventId: end })).status, 204);
  });

  test('says of an id that is none of its own that it starts over', async () => {
    for (const lastEventId of ['17', 'msg-1', 'msg-1.0', 'msg-1.99999']) {
      const answer = await streamOf(create(), { lastEventId });
      assert.equal(answer.lostId, true, lastEventId);
    }
  });

  test('takes the prompt from the body as well, and refuses a body without one', async () => {
    const [, first] = tokensOf(await ask({ body: { prompt: 'From the body' } }));
    assert.ok(first);
    await assert.rejects(
      async () => create()(requestOf({ body: { question: 1 } })),
      (error) => error instanceof RequestError && error.status === 400 && /prompt/.test(error.message),
    );
    await assert.rejects(
      async () => create()(requestOf({ method: 'DELETE' })),
      (error) => error instanceof RequestError && error.status === 405,
    );
  });

  test('fails with a code and a message', async () => {
    const { errorEvent } = await streamOf(create());
    assert.equal(errorEvent?.event, 'error');
    assert.ok(ajv.compile(PAYLOAD_SCHEMAS.error)(JSON.parse(errorEvent.data)));
  });
});
