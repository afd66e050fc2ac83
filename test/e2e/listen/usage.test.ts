import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runCli } from '../harness/cli.ts';

/** Command lines that are wrong, and what the message must name. */
const wrong: [words: string[], named: RegExp[]][] = [
  [['listen'], [/url/i]],
  [
    ['listen', '--max-event', '3', ':1'],
    [/--max-event\b/, /--max-events/],
  ],
  [
    ['listen', '--for', '3', ':1'],
    [/--for/, /3s/],
  ],
  [
    ['listen', '-n', 'many', ':1'],
    [/max-events/, /many/],
  ],
  [
    ['listen', '-n', '0', ':1'],
    [/max-events/, /0/],
  ],
  [['listen', '--until', '(', ':1'], [/--until/]],
  [
    ['listen', '--format', 'xml', ':1'],
    [/xml/, /ndjson/],
  ],
  [['listen', 'ftp://example.com/'], [/ftp/]],
  [
    ['listen', '--wire', '--format', 'raw', ':1'],
    [/--wire/, /raw/, /ndjson/],
  ],
  ...['--event', '--exclude-event', '--grep', '--path'].map((flag): [string[], RegExp[]] => [
    ['listen', '--format', 'raw', flag, 'x', ':1'],
    [new RegExp(`${flag}: --format raw`), /--format data/],
  ]),
  [
    ['lisen', ':1'],
    [/lisen/, /listen/],
  ],
];

describe('a wrong command line', () => {
  for (const [words, named] of wrong) {
    test(`ssekit ${words.join(' ')}: exit 2, nothing on standard output`, async () => {
      const { code, stdout, stderr } = await runCli(words);
      assert.equal(code, 2);
      assert.equal(stdout, '');
      for (const part of named) assert.match(stderr, part);
      assert.doesNotMatch(stderr, /\n\s+at /);
    });
  }
});

describe('help and version', () => {
  test('--help shows examples first and goes to standard output', async () => {
    const { code, stdout, stderr } = await runCli(['listen', '--help']);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    assert.match(stdout, /ssekit listen :3000/);
    assert.ok(stdout.indexOf('ssekit listen :3000') < stdout.indexOf('--max-events <'));
  });

  test('--version prints the version', async () => {
    const { code, stdout } = await runCli(['--version']);
    assert.equal(code, 0);
    assert.match(stdout, /^(ssekit )?\d+\.\d+\.\d+\n$/);
  });
});
