import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { whoAnswers } from '../../../src/checks/between/who-answers.ts';
import type { HeaderPair } from '../../../src/client/records.ts';
import { requestOf } from '../../client/recorded-attempt.ts';
import { listen } from '../../e2e/harness/listening.ts';

const SECRET: HeaderPair = ['Authorization', 'Bearer secret'];

/** Answers with these lines, one after the other, and says what it was asked. */
async function asked(t: TestContext, answers: readonly string[], origins: readonly HeaderPair[] = []) {
  const requests: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (bytes) => {
      const nth = requests.push(bytes.toString('latin1')) - 1;
      socket.end(`HTTP/1.1 ${answers[nth]}\r\nConnection: close\r\n\r\n`);
    });
  });
  const { port } = await listen(t, server);
  const request = requestOf(`http://127.0.0.1:${port}/events?token=secret`, { headers: [SECRET] });
  const told = await whoAnswers(request, { origins, signal: new AbortController().signal });
  return { requests, told };
}

describe('who answers where a stream is not answered', () => {
  test('says who he is when he is asked what he has to refuse himself', async (t) => {
    const { requests, told } = await asked(t, ['400 Bad Request\r\nServer: nginx/1.22.1']);
    assert.deepEqual(told.guess, {
      ...{ name: 'nginx', version: '1.22.1', confidence: 0.85, because: ['server-header'] },
    });
    assert.equal(told.chain.links.length, 1);
    assert.deepEqual(requests, ['GET /events HTTP/1.1\r\nConnection: close\r\n\r\n']);
  });

  test('is asked for what nobody serves where he has not said it, and no more', async (t) => {
    const answers = ['400 Bad Request', '404 Not Found\r\nVia: 1.1 varnish (Varnish/7.1)'];
    const { requests, told } = await asked(t, answers);
    assert.deepEqual([told.guess?.name, told.guess?.version], ['varnish', '7.1']);
    assert.equal(requests.length, 2);
    assert.match(requests[1] ?? '', /^HEAD \/ssekit-who-is-between HTTP\/1\.1\r\nHost: 127/);
    // Nothing of the user's goes with them.
    assert.doesNotMatch(requests.join(), /secret/);
    const silent = await asked(t, ['400 Bad Request', '404 Not Found']);
    assert.deepEqual([silent.told.hops, silent.requests.length], [[], 2]);
  });

  test('is not the application, whose own name passes', async (t) => {
    const answers = ['400 Bad Request', '404 Not Found\r\nserver: nginx/1.29.0'];
    const { told } = await asked(t, answers, [['Server', 'nginx/1.29.0']]);
    assert.deepEqual(told.hops, []);
  });
});
