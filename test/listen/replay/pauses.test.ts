import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { InstrumentMaker } from '../../../src/listen/instrument.ts';
import { rawServer } from '../../e2e/harness/raw-server.ts';
import { chunk, LAST_CHUNK, streamHead } from '../../e2e/harness/wire.ts';
import { temporaryFolder } from '../../recording/recording-files.ts';
import { listenOptions } from '../http-case.ts';
import { keep, linesOf, replay } from './kept-run.ts';

test('a run that was held up has the figures of a run that was not, and its replay has the same', async (t) => {
  const server = await rawServer(t, async (client) => {
    await client.request();
    await client.write(streamHead.chunked + chunk('data: a\n\n'));
    await read;
    await client.write(chunk('data: b\n\n'));
    await resumed;
    await client.write(chunk('data: c\n\n') + LAST_CHUNK);
    client.finish();
  });
  let tellRead = () => {};
  const read = new Promise<void>((resolve) => {
    tellRead = resolve;
  });
  let tellResumed = () => {};
  const resumed = new Promise<void>((resolve) => {
    tellResumed = resolve;
  });
  const heldMs = 40;
  const slow: InstrumentMaker = ({ pause, resume }) => ({
    event({ data }) {
      if (data === 'b') tellResumed();
      if (data !== 'a') return;
      pause();
      tellRead();
      setTimeout(resume, heldMs);
    },
  });
  const file = join(temporaryFolder(t), 'run.ndjson');
  const options = listenOptions(server.url, {
    format: 'ndjson',
    reconnect: { retries: 0, retryDelayMs: 10, retryMaxMs: 20 },
  });
  const live = await keep(options, file, undefined, [slow]);
  const { gaps, silence } = JSON.parse(live.records.trimEnd().split('\n').at(-1) ?? '');
  assert.deepEqual([gaps.leftOut, gaps.count, silence.leftOut], [1, 1, 1]);
  const [paused, ended] = linesOf(file).filter(({ type }) => type === 'paused' || type === 'resumed');
  assert.deepEqual([paused?.type, ended?.type], ['paused', 'resumed']);
  assert.ok(Number(ended?.t) - Number(paused?.t) >= heldMs - 1);
  const copy = join(temporaryFolder(t), 'copy.ndjson');
  assert.equal((await replay(file, options, { recordTo: copy })).records, live.records);
  const recorded = readFileSync(file, 'utf8');
  assert.equal(readFileSync(copy, 'utf8'), recorded);
  // A recorder that was killed in a pause, and behind it a run without one.
  const lines = recorded.split('\n');
  const killed = lines.slice(0, lines.findIndex((line) => line.includes('"paused"')) + 1);
  const unhindered = lines.filter((line) => !/"type":"(?:paused|resumed)"/.test(line));
  writeFileSync(copy, [...killed, ...unhindered].join('\n'));
  const both = JSON.parse((await replay(copy, options)).records.trimEnd().split('\n').at(-1) ?? '');
  assert.deepEqual([both.gaps.leftOut, both.gaps.count], [1, 2]);
});
