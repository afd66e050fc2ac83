import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { CheckResult } from '../../../src/results/check/result.ts';
import { CHECK_RESULT_SCHEMA } from '../../../src/results/check/schema.ts';
import { type CliOptions, runCli, startCli } from '../harness/cli.ts';
import { listen } from '../harness/listening.ts';

/** However busy the machine is: past it a run hangs. */
const DEADLINE_MS = 90_000;

const valid = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(CHECK_RESULT_SCHEMA);

const check = (words: readonly string[], options: CliOptions = {}) =>
  runCli(['check-proxy', ...words], { deadlineMs: DEADLINE_MS, ...options });

function resultOf(text: string): CheckResult {
  const result = JSON.parse(text);
  assert.ok(valid(result), JSON.stringify(valid.errors));
  return result as CheckResult;
}

function folder(test: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'ssekit-check-'));
  test.after(() => rmSync(path, { recursive: true }));
  return path;
}

describe('check-proxy demo:', () => {
  test('finds that the embedded proxy holds events back, and keeps the result in files', async (t) => {
    const [json, xml] = [join(folder(t), 'r.json'), join(folder(t), 'r.xml')];
    const { code, stdout, stderr } = await check(['demo:', '--only', 'timing,bytes', '-o', json, '-o', xml]);
    assert.equal(code, 10, stderr);
    assert.match(stdout, /^ {2}FAIL {6}1 fault; 2 probes in /);
    assert.match(stdout, /^ {2}FAIL {6}buffer\.[\w-]+: events are held/m);
    assert.match(stdout, /^ {2}arrivals {2}direct {2}[·|\d]+\n {12}proxied ·+/m);
    assert.match(stdout, /^ {2}pass {6}bytes$/m);
    assert.match(
      stderr,
      /^checking demo: against the origin at 127\.0\.0\.1:\d+: 2 probes, about \d+ s \(what fails [^)]+\), at most 50 /,
    );
    const { mode, results, interrupted } = resultOf(readFileSync(json, 'utf8'));
    assert.deepEqual([mode, interrupted], ['demo', false]);
    assert.deepEqual(
      results.map(({ probe, status, fault }) => [probe, status, fault?.split('.')[0]]),
      [
        ['timing', 'fail', 'buffer'],
        ['bytes', 'pass', undefined],
      ],
    );
    assert.match(readFileSync(xml, 'utf8'), /tests="2" failures="1"/);
  });

  test('is a success where what was asked for passes', async () => {
    const { code, stdout, stderr } = await check(['demo:', '--only', 'bytes', '--format', 'json', '-s']);
    assert.equal(code, 0);
    assert.equal(stderr, '');
    const { results, verdict } = resultOf(stdout);
    assert.equal(results[0]?.status, 'pass');
    assert.deepEqual([verdict.status, verdict.passed, verdict.notMeasured], ['pass', 1, 0]);
  });

  test('ends at the time limit with what there is', async () => {
    const { code, stdout, stderr } = await check(['demo:', '-m', '1', '--only', 'idle', '--format', 'json']);
    assert.equal(code, 28);
    assert.match(stderr, /^note: the time limit was reached \(--max-time\)/m);
    assert.equal(resultOf(stdout).interrupted, true);
  });

  test('ends at Ctrl-C with what there is', async () => {
    const cli = startCli(['check-proxy', 'demo:', '--format', 'json'], { deadlineMs: DEADLINE_MS });
    await cli.logged(/^checking /m);
    cli.signal('SIGINT');
    const { code, stdout } = await cli.ended;
    assert.equal(code, 130);
    assert.equal(resultOf(stdout).interrupted, true);
  });
});

test('a proxy that is not there can not be checked, and leaves no file of an earlier run', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const [json, xml] = [join(folder(t), 'r.json'), join(folder(t), 'r.xml')];
  for (const path of [json, xml]) writeFileSync(path, 'of an earlier run');
  const origin = ['--origin', `127.0.0.1:${port}`];
  const { code, stdout, stderr } = await check(['127.0.0.1:9', ...origin, '-o', json, '-o', xml]);
  assert.equal(code, 14, stderr);
  assert.equal(stdout, '');
  const kept = resultOf(readFileSync(json, 'utf8'));
  assert.equal(kept.target, 'http://127.0.0.1:9/');
  assert.deepEqual([kept.error?.code, kept.error?.exit], ['PROXY_UNREACHABLE', 14]);
  assert.match(readFileSync(xml, 'utf8'), /errors="1"[\s\S]*<error message="there is no proxy to be reached/);
  const printed = await check(['127.0.0.1:9', '--format', 'json']);
  assert.equal(printed.code, 14);
  assert.equal(resultOf(printed.stdout).error?.code, 'UNREACHABLE');
});

test('a proxy that answers 502 is asked again for a while, which is said at once', async (t) => {
  const { port } = await listen(
    t,
    createHttpServer((_request, response) => response.writeHead(502).end()),
  );
  const free = await listen(t, createHttpServer());
  await free.close();
  const cli = startCli(['check-proxy', `:${port}`, '--origin', `:${free.port}`], { deadlineMs: DEADLINE_MS });
  await cli.logged(/^note: localhost:\d+ answers HTTP 502, .* asked again for 10 s$/m);
  cli.signal('SIGINT');
  assert.equal((await cli.ended).code, 130);
});

test('an origin whose place is taken says whose place it is, and how to go on', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { code, stderr } = await check([':8080', '-k', '--origin', `127.0.0.1:${port}`]);
  assert.equal(code, 2);
  assert.match(
    stderr,
    /--origin: 127\.0\.0\.1:\d+ is in use already\n {2}Where the proxy sends its requests, .* stop the application there/,
  );
  assert.ok(
    stderr.endsWith(`: ssekit check-proxy http://localhost:8080/ --direct http://127.0.0.1:${port}/ -k\n`),
    stderr,
  );
});

test('an origin in the place of the proxy itself says so', async (t) => {
  const { port } = await listen(t, createServer());
  const { code, stderr } = await check([`:${port}/events`, '--origin', `:${port}`]);
  assert.equal(code, 2);
  assert.match(
    stderr,
    /^ssekit: --origin: 127\.0\.0\.1:\d+ is the proxy's own port: .*\n {2}.*\(proxy_pass\)/,
  );
});

describe('what needs no proxy', () => {
  test('a command to copy begins with what has run this one', async () => {
    const env = { npm_command: 'exec', npm_lifecycle_event: 'npx', npm_lifecycle_script: "'ssekit'" };
    const { stdout } = await check(['--explain', 'buffer.threshold'], { env });
    assert.match(stdout, /^ {2}check {5}npx ssekit check-proxy URL --origin /m);
    assert.match((await check([], { env })).stderr, /npx ssekit check-proxy http:\S+$/m);
    assert.match((await check(['--help'], { env })).stdout, /^ {2}ssekit check-proxy /m);
  });

  test('every probe and every fault is listed', async () => {
    const { code, stdout } = await check(['--list', '--format', 'json']);
    assert.equal(code, 0);
    const { probes, faults } = JSON.parse(stdout);
    assert.ok(probes.some(({ probe }: { probe: string }) => probe === 'timing'));
    assert.ok(faults.some(({ id }: { id: string }) => id === 'buffer.threshold'));
    const text = (await check(['--list'])).stdout;
    for (const { probe } of probes) assert.match(text, new RegExp(`^${probe} `, 'm'));
  });

  test('those probes are listed that are asked for, and one thing at a time', async () => {
    const some = await check(['--list', '--only', 'timing,idle', '--skip', 'idle']);
    assert.match(some.stdout, /^timing /);
    assert.doesNotMatch(some.stdout, /^(idle|bytes) /m);
    assert.match((await check(['--list', '--only', 'timming'])).stderr, /Did you mean timing\?/);
    const both = await check(['--list', '--explain', 'idle.cut']);
    assert.equal(both.code, 2);
    assert.match(both.stderr, /--list and --explain: /);
  });

  test('the request is told as curl would make it', async () => {
    const words = ['http://me:hunter2@127.0.0.1:9/e', '--origin', ':9001', '-m', '5', '--curl'];
    const { code, stdout } = await check(words);
    assert.equal(code, 0);
    assert.match(stdout, /^curl -N http:\/\/127\.0\.0\.1:9\/e .*-m 5\n$/);
    assert.doesNotMatch((await check([...words, '--mask'])).stdout, /hunter2|bWU6/);
    assert.match((await check([':9', '--mask'])).stderr, /--curl is missing/);
    assert.match((await check(['demo:', '--curl'])).stderr, /Give the URL of a proxy/);
  });

  test('a fault is explained, and one that there is not gets the nearest', async () => {
    const { code, stdout } = await check(['--explain', 'truncation.masked']);
    assert.equal(code, 0);
    assert.match(stdout, /^truncation\.masked {2}\S.*\n {2}harm {6}\S/);
    const wrong = await check(['--explain', 'truncation.maskd']);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /Did you mean truncation\.masked\?/);
  });

  test('a cause and a probe are explained, too, and without a name all faults are there', async () => {
    const [all, cause, unlisted, probe] = await Promise.all([
      check(['--explain']),
      check(['--explain', 'nginx.proxy_buffering']),
      check(['--explain', 'nginx.unlisted']),
      check(['--explain', 'idle']),
    ]);
    assert.match(all.stdout, /^idle\.cut +a quiet stream is cut\n/m);
    assert.match(
      cause.stdout,
      /^nginx\.proxy_buffering {2}\S.*\n {2}causes {4}buffer\.[\s\S]* {2}fix {7}nginx/,
    );
    assert.match(
      unlisted.stdout,
      /^nginx\.unlisted {2}a setting of nginx [\s\S]*^ {12}nginx -T\n[\s\S]*^ {2}look for {2}where/m,
    );
    assert.match(probe.stdout, /^idle {2}[\s\S]*^idle\.cut-before-headers {2}/m);
    assert.deepEqual([all.code, cause.code, probe.code], [0, 0, 0]);
  });
});
