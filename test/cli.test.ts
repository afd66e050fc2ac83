import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const COMMAND = fileURLToPath(new URL('../bin/ssekit.js', import.meta.url));

function ssekit(...argv: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...argv], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

test('without arguments the commands and some examples are shown', () => {
  const { status, stdout, stderr } = ssekit();
  assert.equal(status, 0);
  assert.match(stdout, /^Examples:\n {2}ssekit listen/);
  assert.match(stdout, /\n {2}listen +tail a stream/);
  assert.match(stdout, /\n {2}serve-mock +an SSE server/);
  assert.match(stdout, /\n {2}check-proxy +find out what a proxy does/);
  assert.equal(stderr, '');
  assert.equal(ssekit('--help').stdout, stdout);
});

test('--version prints the version of the package', () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  assert.equal(ssekit('--version').stdout, `${version}\n`);
});

test('the help of listen shows examples first, and fits 80 columns', () => {
  const { status, stdout } = ssekit('listen', '--help');
  assert.equal(status, 0);
  assert.match(stdout, /^Examples:\n {2}ssekit listen :3000\/events\n/);
  for (const group of ['Listen', 'Reconnect', 'Output', 'Request', 'Connection', 'TLS', 'General']) {
    assert.match(stdout, new RegExp(`\n${group}:\n`));
  }
  const long = stdout.split('\n').filter((line) => line.length > 80);
  assert.deepEqual(long, []);
  assert.equal(ssekit('help', 'listen').stdout, stdout);
});

test('the help of serve-mock shows examples first, and fits 80 columns', () => {
  const { status, stdout } = ssekit('serve-mock', '--help');
  assert.equal(status, 0);
  assert.match(stdout, /^Examples:\n {2}ssekit serve-mock\n/);
  assert.deepEqual(
    stdout.split('\n').filter((line) => line.length > 80),
    [],
  );
});

test('flags that are not available yet are refused, and absent from the help', () => {
  const { status, stderr } = ssekit('bench', '--llm', 'openai', ':1');
  assert.equal(status, 2);
  assert.equal(stderr, 'ssekit: --llm: not available yet\n');
  assert.doesNotMatch(ssekit('bench', '--help').stdout, /--llm/);
});

test('a usage error is a line and a hint on standard error, without a stack, and exit code 2', () => {
  const { status, stdout, stderr } = ssekit('listen', ':3000', '--idle-timeout', '30');
  assert.equal(status, 2);
  assert.equal(stdout, '');
  assert.equal(stderr, 'ssekit: --idle-timeout: "30" needs a unit: write 30s (or 30ms, 30m)\n');
});

test('an unknown flag is named with the nearest one', () => {
  assert.match(
    ssekit('listen', '--fromat', 'raw').stderr,
    /--fromat: there is no such flag\n {2}Did you mean --format\?/,
  );
  assert.match(ssekit('listen', '--follow=yes', ':1').stderr, /--follow: it takes no value/);
  assert.match(ssekit('listen', '--for').stderr, /--for: a value is missing\n {2}Write --for TIME/);
});

test('an unknown command is named with the nearest one, and a URL without command with the line to write', () => {
  assert.match(ssekit('listn', ':3000').stderr, /"listn" is not a command\n {2}Did you mean listen\?/);
  assert.match(ssekit('http://localhost:3000/').stderr, /Write: ssekit listen http:\/\/localhost:3000\//);
  assert.match(ssekit('--format', 'raw').stderr, /"--format" stands before the command/);
});

test('with --format ndjson an error is a line of JSON', () => {
  const { stderr } = ssekit('listen', '--format', 'ndjson', 'ws://host/');
  assert.deepEqual(JSON.parse(stderr), {
    type: 'error',
    code: 'USAGE',
    exit: 2,
    message: 'ws: is not supported: Server-Sent Events come over http:// or https://',
    hint: 'ws:// is WebSocket, another protocol.',
  });
});

test('--curl prints one command and makes no request', () => {
  const { status, stdout } = ssekit('listen', '--curl', '-H', 'X-Key: a b', 'http://127.0.0.1:1/x');
  assert.equal(status, 0);
  assert.match(stdout, /^curl -N http:\/\/127\.0\.0\.1:1\/x .*-H 'X-Key: a b'.*\n$/);
});

test('--curl is refused where there is no server to ask', () => {
  assert.match(ssekit('listen', '--curl', 'demo:').stderr, /demo: lives as long as a run/);
  assert.match(ssekit('listen', '--curl', '-').stderr, /standard input is no request/);
  assert.match(ssekit('listen', '--mask', ':1').stderr, /--curl is missing/);
});

test('flags of a connection are refused where the stream comes from standard input', () => {
  assert.match(
    ssekit('listen', '-', '--idle-timeout', '1s').stderr,
    /--idle-timeout: it concerns a connection/,
  );
  assert.match(ssekit('listen', '-', '-H', 'X: y').stderr, /--header: it concerns a connection/);
  assert.match(ssekit('listen', '-', '--follow').stderr, /--follow: it concerns a connection/);
});

test('what was printed last is whole when the reader of a pipe is slow', async () => {
  const child = spawn(process.execPath, [COMMAND, 'completion', 'zsh'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  await new Promise((resolve) => setTimeout(resolve, 100));
  for await (const chunk of child.stdout.setEncoding('utf8')) text += chunk;
  assert.match(text, /compdef _ssekit ssekit\nfi\n$/);
});

test('a closed pipe ends the run silently with 141', async () => {
  const child = spawn(process.execPath, [COMMAND, 'completion', 'bash'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  const stderr = child.stderr.setEncoding('utf8').toArray();
  const [code] = await once(child, 'exit');
  assert.equal(code, 141);
  assert.equal((await stderr).join(''), '');
});

test('an output that can not be written is reported with 23', { skip: !existsSync('/dev/full') }, () => {
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = spawnSync(process.execPath, [COMMAND, 'completion', 'bash'], {
    encoding: 'utf8',
    stdio: ['ignore', full, 'pipe'],
  });
  closeSync(full);
  assert.equal(status, 23);
  assert.match(stderr, /^ssekit: could not write standard output: ENOSPC/);
});

test('a config file in the working directory gives defaults', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'ssekit-cli-'));
  writeFileSync(join(cwd, 'ssekit.config.json'), '{"header": ["X-Team: a"], "lisen": {}}');
  const run = () =>
    spawnSync(process.execPath, [COMMAND, 'listen', '--curl', ':1'], {
      encoding: 'utf8',
      cwd,
    });
  assert.match(run().stderr, /ssekit\.config\.json: lisen: no flag has this name/);
  writeFileSync(join(cwd, 'ssekit.config.json'), '{"header": ["X-Team: a"]}');
  assert.match(run().stdout, /-H 'X-Team: a'/);
  rmSync(cwd, { recursive: true });
});
