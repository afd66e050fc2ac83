import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { certificates, pemFiles } from '../harness/certificates.ts';
import { runCommand, tail } from '../harness/command.ts';
import { startMock } from '../harness/mock.ts';
import { ids } from '../harness/records.ts';

const TICKS = ['--count', '2', '--interval', '5ms'];

/** A command line that is refused before it listens. */
const refused = (...flags: string[]) => runCommand(['serve-mock', '--port', '0', ...flags]);

describe('serve-mock --tls', () => {
  test('makes a certificate of its own, which nobody trusts unasked', async (t) => {
    const { url, cli } = await startMock(t, ...TICKS, '--tls');
    assert.match(url, /^https:\/\/127\.0\.0\.1:\d+\/$/);
    const wary = await tail(url);
    assert.equal(wary.code, 60, wary.stderr);
    const outcome = await tail(url, '-k', '--format', 'ndjson');
    assert.equal(outcome.code, 0, outcome.stderr);
    assert.deepEqual(ids(outcome), ['1', '2']);
    assert.match(cli.stderr, /GET/);
  });

  test('takes one from a file, which its clients trust', async (t) => {
    const { ca, leaf } = await certificates();
    const files = pemFiles({
      ca: ca.cert,
      cert: leaf.cert,
      key: leaf.key,
      both: `${leaf.cert}\n${leaf.key}`,
    });
    for (const flags of [
      ['--cert', files.cert, '--key', files.key],
      ['--tls', '--cert', files.both],
    ]) {
      const { url } = await startMock(t, ...TICKS, ...flags);
      const outcome = await tail(url, '--cacert', files.ca, '--format', 'ndjson');
      assert.equal(outcome.code, 0, outcome.stderr);
      assert.deepEqual(ids(outcome), ['1', '2']);
    }
  });

  test('tells of a client that speaks no TLS, and of TLS where there is none', async (t) => {
    const secure = await startMock(t, '--tls');
    await tail(secure.url.replace('https:', 'http:'));
    await secure.cli.logged(/a client speaks plain HTTP \(http:\/\/\) to a server with TLS/);
    const plain = await startMock(t);
    const outcome = await tail(plain.url.replace('http:', 'https:'), '-k');
    assert.equal(outcome.code, 35, outcome.stderr);
    await plain.cli.logged(/a client speaks TLS \(https:\/\/\), which needs --tls/);
  });

  test('refuses what is no certificate, a key that does not fit, a file that is not there: 2', async () => {
    const { leaf, otherName } = await certificates();
    const files = pemFiles({ cert: leaf.cert, key: leaf.key, other: otherName.key, text: 'nonsense' });
    const cases: [flags: string[], message: RegExp][] = [
      [
        ['--cert', files.cert, '--key', files.other],
        /key values mismatch[\s\S]*--cert and --key do not belong together/,
      ],
      [['--cert', files.text, '--key', files.key], /--cert: .*text\.pem holds no certificate in PEM form/],
      [['--cert', files.cert, '--key', files.text], /--key: .*text\.pem holds no private key in PEM form/],
      [['--cert', files.cert], /--cert: .*cert\.pem holds no private key[\s\S]*--key FILE/],
      [['--key', files.key], /--key: a key alone proves nothing: --cert FILE is missing/],
      [['--cert', '/nowhere/cert.pem'], /--cert: can't read \/nowhere\/cert\.pem: there is no such file/],
    ];
    for (const [flags, message] of cases) {
      const { code, stderr, stdout } = await refused(...flags);
      assert.equal(code, 2, stderr);
      assert.match(stderr, message);
      assert.equal(stdout, '');
    }
  });
});
