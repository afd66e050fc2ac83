import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runCommand, tail } from '../harness/command.ts';
import { endings, ids } from '../harness/records.ts';
import { serve } from './faults-serving.ts';

const TICKS = ['--count', '4', '--interval', '20ms', '--data', '{{n}}'];

describe('a fault that makes no sense', () => {
  const refused = async (flags: string[], pattern: RegExp) => {
    const { code, stderr } = await runCommand(['serve-mock', '--port', '0', ...flags]);
    assert.match(stderr, pattern);
    assert.equal(code, 2);
  };

  test('as a flag is a wrong usage, said with what is accepted', async () => {
    await refused(['--fault', 'rest@3'], /--fault: "rest" is no kind of fault\n.*Did you mean reset\?/);
    await refused(['--fault', 'status=503@3'], /--fault: status takes no event/);
    await refused(['--fault', 'reset'], /--fault: "reset" needs a WHEN/);
    await refused(['--fault', 'eof@3', '--fault', 'reset@3'], /--fault: "reset@3" contradicts "eof@3"/);
  });

  test('as a parameter is a wrong request, in JSON', async (t) => {
    const url = await serve(t, ...TICKS);
    const answer = await fetch(`${url}?fault=${encodeURIComponent('delay@3')}`);
    assert.equal(answer.status, 400);
    const { error } = (await answer.json()) as { error: string };
    assert.match(error, /^\?fault=: "delay@3" needs a VALUE: delay=D\. Write delay=200ms@3\./);
  });
});

test('a request asks for faults of its own, several at a time, and beats the flag', async (t) => {
  const url = await serve(t, ...TICKS, '--fault', 'status=503');
  assert.equal((await fetch(url)).status, 503);
  assert.equal((await fetch(`${url}?fault=status=404`)).status, 404);
  assert.equal((await fetch(`${url}?fault=status=503@0%25&fault=status=418`)).status, 418);
});

test('a request changes nothing where queries are fixed', async (t) => {
  const url = await serve(t, ...TICKS, '--fixed');
  const answer = await fetch(`${url}?fault=status=404`);
  assert.equal(answer.status, 200);
  await answer.body?.cancel();
});

test('a client that follows comes through a plan for each of its connections', async (t) => {
  const plan = ['conn:1:reset@2', 'conn:2:status=503', 'conn:3:truncate@4'].flatMap((fault) => [
    '--fault',
    fault,
  ]);
  const url = await serve(t, ...TICKS, ...plan, '--send-retry', '10ms');
  const outcome = await tail(url, '--format', 'ndjson', '--retry', '3', '-n', '4', '--retry-max', '10ms');
  assert.deepEqual(endings(outcome), ['reset', 'status', 'truncated', 'client']);
  assert.deepEqual(ids(outcome), ['1', '2', '3', '4']);
  assert.equal(outcome.code, 0, outcome.stderr);
});

test('the same seed gives the same run', async (t) => {
  const flags = ['--count', '40', '--interval', '2ms', '--data', '{{n}}'];
  const faults = ['drop@20%', 'dup@20%'].flatMap((fault) => ['--fault', fault]);
  const run = async (seed: string) => {
    const outcome = await tail(await serve(t, ...flags, ...faults, '--seed', seed), '--format', 'ndjson');
    return ids(outcome).join(' ');
  };
  const first = await run('7');
  assert.equal(await run('7'), first);
  assert.notEqual(await run('8'), first);
});
