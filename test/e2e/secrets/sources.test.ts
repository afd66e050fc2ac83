import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { runCli } from '../harness/cli.ts';
import { tail } from '../harness/command.ts';
import { type RawServer, rawServer } from '../harness/raw-server.ts';
import { head } from '../harness/wire.ts';
import { assertHidden, MANNERS } from './seen.ts';

const STREAM = `${head('200 OK', { 'Content-Type': 'text/event-stream' })}data: x\n\n`;

function streams(t: TestContext): Promise<RawServer> {
  return rawServer(t, async (client) => {
    await client.request();
    await client.write(STREAM);
    client.finish();
  });
}

function fileWith(t: TestContext, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'ssekit-secret-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'secret.txt');
  writeFileSync(file, text);
  return file;
}

describe('credentials that come from elsewhere than the command line', { concurrency: 2 }, () => {
  test('-H @FILE sends its headers, and shows no value', async (t) => {
    const server = await streams(t);
    const file = fileWith(t, 'Authorization: Bearer SECRET-1\r\nX-Api-Key: SECRET-2\n\nX-Trace: shown\n');
    for (const manner of MANNERS) {
      const outcome = await tail(server.url, '-H', `@${file}`, ...manner);
      assert.equal(outcome.code, 0, outcome.stderr);
      assertHidden(outcome, ['SECRET']);
    }
    const [request] = server.requests;
    assert.equal(request?.header('authorization'), 'Bearer SECRET-1');
    assert.equal(request?.header('x-api-key'), 'SECRET-2');
    assert.equal(request?.header('x-trace'), 'shown');
  });

  test('--bearer-file sends the token, and does not show it', async (t) => {
    const server = await streams(t);
    const file = fileWith(t, 'SECRET-3\n');
    for (const manner of MANNERS)
      assertHidden(await tail(server.url, '--bearer-file', file, ...manner), ['SECRET']);
    assert.equal(server.requests[0]?.header('authorization'), 'Bearer SECRET-3');
  });

  test('--bearer-env sends the token, and does not show it', async (t) => {
    const server = await streams(t);
    for (const manner of MANNERS) {
      const words = ['listen', server.url, '--bearer-env', 'MY_VARIABLE', ...manner];
      assertHidden(await runCli(words, { env: { MY_VARIABLE: 'SECRET-4' } }), ['SECRET']);
    }
    assert.equal(server.requests[0]?.header('authorization'), 'Bearer SECRET-4');
  });

  test('--curl --mask hides them all, and --curl alone shows them: the line must run', async (t) => {
    const file = fileWith(t, 'SECRET-5');
    const words = ['http://user:SECRET-6@127.0.0.1:9/?token=SECRET-7', '-H', 'X-Api-Key: SECRET-8', '--curl'];
    const masked = await tail(...words, '--mask');
    assert.equal(masked.code, 0, masked.stderr);
    assertHidden(masked, ['SECRET', Buffer.from('user:SECRET-6').toString('base64')]);
    const bearer = await tail('http://127.0.0.1:9/', '--bearer-file', file, '--curl', '--mask');
    assertHidden(bearer, ['SECRET']);
    const { stdout } = await tail(...words);
    assert.match(stdout, /SECRET-7/);
    assert.match(stdout, /SECRET-8/);
  });
});

describe('a credential that can not be sent', { concurrency: 2 }, () => {
  const broken = [
    ['a token of two lines', '--bearer-file', 'SECRET\nSECRET\n'],
    ['a token with a control character', '--bearer-file', 'SECRET\x01'],
    ['a header file with nothing but a token', '-H', 'SECRET'],
    ['a header file with an equals sign', '-H', 'X-Api-Key=SECRET'],
    ['a header file with a control character', '-H', 'X-Api-Key: SECRET\x01'],
  ] as const;
  for (const [what, flag, text] of broken) {
    test(`is refused without showing it: ${what}`, async (t) => {
      const file = fileWith(t, text);
      const outcome = await tail('http://127.0.0.1:9/', flag, flag === '-H' ? `@${file}` : file);
      assert.equal(outcome.code, 2);
      assertHidden(outcome, ['SECRET']);
      assert.match(outcome.stderr, /secret\.txt/);
    });
  }

  test('a variable that is not set, and a file that is not there, are named', async () => {
    const variable = await tail('http://127.0.0.1:9/', '--bearer-env', 'NOT_SET_ANYWHERE');
    assert.equal(variable.code, 2);
    assert.match(variable.stderr, /NOT_SET_ANYWHERE/);
    const file = await tail('http://127.0.0.1:9/', '--bearer-file', '/nowhere/token');
    assert.equal(file.code, 2);
    assert.match(file.stderr, /\/nowhere\/token/);
  });
});
