import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { tail } from '../../harness/command.ts';
import { startMock } from '../../harness/mock.ts';
import { blocks, startWire, wires } from './shown.ts';

const TICKS = ['--count', '3', '--interval', '10ms', '--event', 'tick', '--data', 'x🚀'];

describe('the wire of a recording', () => {
  for (const fault of ['split=crlf', 'truncate@2', 'gzip']) {
    test(`is that of the run which it was made of: ${fault}`, async (t) => {
      const folder = mkdtempSync(join(tmpdir(), 'ssekit-wire-'));
      t.after(() => rmSync(folder, { recursive: true }));
      const file = join(folder, 'run.ndjson');
      const { url } = await startMock(t, ...TICKS, '--fault', fault);
      const live = await startWire(url, '--compressed', '--record', file).ended;
      const replayed = await tail('--from', file, '--wire', '--format', 'ndjson');
      assert.equal(replayed.code, live.code, replayed.stderr);
      assert.ok(wires(live).length > 0);
      assert.deepEqual(wires(replayed), wires(live));
      assert.deepEqual(blocks(replayed), blocks(live));
    });
  }
});
