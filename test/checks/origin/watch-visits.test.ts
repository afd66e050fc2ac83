import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { startOrigin } from '../../../src/checks/origin/own-origin.ts';
import { watchVisits } from '../../../src/checks/origin/watch-visits.ts';

test('watching visits ends when its time is over, whatever is collected as garbage meanwhile', async (t) => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const origin = await startOrigin({ host: '127.0.0.1', port: 0 });
  t.after(() => origin.close());
  let looks = 0;
  const until = () => {
    collect();
    looks += 1;
    assert.ok(looks < 1_000, 'it looks on and on');
    return false;
  };
  const { signal } = new AbortController();
  assert.deepEqual(await watchVisits(origin, 'a key of nobody', { forMs: 200, until, signal }), []);
  assert.ok(looks > 1);
});
