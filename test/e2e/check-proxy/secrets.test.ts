import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startFaultyProxy } from '../../checks/faulty-proxy.ts';
import { runCli } from '../harness/cli.ts';

/** Each with a number of its own, so that a failure says which one leaked. */
const FLAGS = [
  ...['-H', 'Authorization: Bearer hunter1', '-H', 'X-Api-Key: hunter2', '-b', 'session=hunter3'],
  ...['-H', 'Referer: http://a.example/?access_token=hunter4'],
];

/** Where nothing listens, so that the origin may. */
async function freePlace(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `127.0.0.1:${port}`;
}

/** All that a run says behind a proxy that holds events and loses credentials. */
async function saidOf(t: TestContext, more: readonly string[]): Promise<string> {
  const origin = await freePlace();
  const faults = { bufferUntilEnd: true, dropHeaders: ['authorization', 'cookie', 'x-api-key'] };
  const { url } = await startFaultyProxy(t, `http://${origin}/`, faults);
  const folder = mkdtempSync(join(tmpdir(), 'ssekit-check-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const files = [join(folder, 'r.json'), join(folder, 'r.xml')];
  const target = url.replace('//', '//me:hunter5@').replace(/$/, 'sse?api_key=hunter6&room=7');
  const words = [target, '--origin', origin, ...FLAGS, '--only', 'request,bytes', ...more];
  const { code, stdout, stderr } = await runCli(
    ['check-proxy', ...words, ...files.flatMap((file) => ['-o', file])],
    { deadlineMs: 60_000 },
  );
  assert.equal(code, 10, stderr);
  assert.match(stdout, /request\.header-lost/);
  return [stdout, stderr, ...files.map((file) => readFileSync(file, 'utf8'))].join('\n');
}

test('no secret of a request gets into what a run says, unless it is asked to', async (t) => {
  const said = await saidOf(t, []);
  assert.deepEqual(said.match(/hunter\d/g) ?? [], []);
  // What is no secret stays, so that the target is known again.
  assert.match(said, /127\.0\.0\.1:\d+\/sse\?api_key=•••&amp;room=7/);
  const shown = await saidOf(t, ['--show-secrets']);
  assert.match(shown, /127\.0\.0\.1:\d+\/sse\?api_key=hunter6&room=7/);
});
