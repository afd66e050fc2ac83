import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tail } from '../harness/command.ts';
import { startMock } from '../harness/mock.ts';
import { recordsOfType } from '../harness/records.ts';

const ACCEPT = ['-H', 'Accept: application/json, text/event-stream'];

const message = (method: string, params: object, id = 1) =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params });

const initialize = message('initialize', {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'test', version: '1' },
});

test('listen sees the priming event, the answer, and the session in a header', async (t) => {
  const { url } = await startMock(t, '--preset', 'mcp');
  const outcome = await tail(
    `${url}mcp`,
    ...ACCEPT,
    '--json',
    initialize,
    '--format',
    'ndjson',
    '--show-secrets',
  );
  assert.equal(outcome.code, 0);
  const [priming, answer] = recordsOfType(outcome, 'event');
  assert.deepEqual([priming?.id, priming?.data], ['c1_0', '']);
  assert.deepEqual([answer?.event, answer?.id], ['message', 'c1_1']);
  assert.equal(recordsOfType(outcome, 'retry')[0]?.ms, 1_000);
  const [open] = recordsOfType(outcome, 'open');
  const { 'mcp-session-id': session = '' } = (open?.headers ?? {}) as Record<string, string>;

  const call = message('tools/call', {
    name: 'count',
    arguments: { steps: 3, interval_ms: 20 },
    _meta: { progressToken: 1 },
  });
  const headers = [...ACCEPT, '-H', `Mcp-Session-Id: ${session}`];
  const called = await tail(`${url}mcp`, ...headers, '--json', call, '--format', 'ndjson');
  assert.deepEqual(
    recordsOfType(called, 'event').map(({ id }) => id),
    ['c2_0', 'c2_1', 'c2_2', 'c2_3', 'c2_4'],
  );

  const resumed = await tail(
    `${url}mcp`,
    '-H',
    `Mcp-Session-Id: ${session}`,
    '--last-event-id',
    'c2_2',
    '--format',
    'ndjson',
  );
  assert.equal(resumed.code, 0);
  assert.deepEqual(
    recordsOfType(resumed, 'event').map(({ id }) => id),
    ['c2_3', 'c2_4'],
  );
});

test('listen is told what is wrong with a request, by status and reason', async (t) => {
  const { url } = await startMock(t, '--preset', 'mcp');
  const noSession = await tail(`${url}mcp`);
  assert.equal(noSession.code, 4);
  assert.match(noSession.stderr, /Mcp-Session-Id header is required/);
  const notAccepted = await tail(`${url}mcp`, '--json', initialize);
  assert.equal(notAccepted.code, 4);
  assert.match(notAccepted.stderr, /must accept both/);
  const over = await tail(`${url}mcp`, '-H', 'Mcp-Session-Id: nobody');
  assert.match(over.stderr, /Session not found/);
});
