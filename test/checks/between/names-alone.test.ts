import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { identify } from '../../../src/checks/between/identify.ts';
import type { HeaderPair } from '../../../src/client/records.ts';

/** As Node sends it. */
const OF_NODE: readonly HeaderPair[] = [
  ['Content-Type', 'text/event-stream'],
  ['Cache-Control', 'no-cache'],
  ['Date', 'Sun, 22 Nov 2026 09:15:42 GMT'],
  ['Connection', 'keep-alive'],
  ['Keep-Alive', 'timeout=5'],
  ['Transfer-Encoding', 'chunked'],
];

const lower = (pairs: readonly HeaderPair[]) =>
  pairs.map(([name, value]): HeaderPair => [name.toLowerCase(), value]);
const without = (pairs: readonly HeaderPair[], left: RegExp) => pairs.filter(([name]) => !left.test(name));

function told(proxied: readonly HeaderPair[], clientHttp: '1.1' | '2' = '1.1') {
  const { hops, guess } = identify({ proxied, direct: [], clientHttp, accelBufferingSent: false });
  return {
    guess: guess?.name,
    all: hops.map(({ product, confidence }) => `${product} ${confidence}`).sort(),
  };
}

describe('an answer that nobody has seen without a proxy', () => {
  test('in lower case may be of several, the commonest first, and no one is likely', () => {
    const answer = lower(without(OF_NODE, /^connection$/i));
    assert.deepEqual(told(answer), { guess: 'haproxy', all: ['envoy 0.2', 'haproxy 0.3', 'node 0.1'] });
    assert.deepEqual(told(answer, '2').all, []);
  });

  test('that speaks of the connection in lower case may be passed on by Node', () => {
    assert.deepEqual(told(lower(OF_NODE)).all, ['node 0.4']);
    const framed = [...lower(without(OF_NODE, /^transfer/i)), OF_NODE[5] as HeaderPair];
    assert.deepEqual(told(framed).all, ['node 0.4']);
  });

  test('with nothing but its framing in lower case may be of h2o, which is no more than half sure', () => {
    const framed: HeaderPair[] = [...without(OF_NODE, /^transfer/i), ['transfer-encoding', 'chunked']];
    assert.deepEqual(told(framed).all, ['h2o 0.5']);
  });

  test('says nothing where the application writes so itself', () => {
    assert.deepEqual(told(OF_NODE).all, []);
    const uvicorn: HeaderPair[] = [['server', 'uvicorn'], ...lower(without(OF_NODE, /^(connection|keep)/i))];
    assert.deepEqual(told(uvicorn).all, []);
    // Node, as an application that writes its own names in lower case.
    const mixed = OF_NODE.map(([name, value]): HeaderPair => [name.replace(/^C(?=on.*-)/, 'c'), value]);
    assert.deepEqual(told(mixed).all, []);
  });
});
