import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, test } from 'node:test';
import { type RunningCli, startCli } from '../../harness/cli.ts';
import { runCommand, tail } from '../../harness/command.ts';
import { rawServer } from '../../harness/raw-server.ts';
import { recordsOfType } from '../../harness/records.ts';
import { answer, chunk, LAST_CHUNK, streamHead } from '../../harness/wire.ts';
import { assertHarmless, onTerminal } from '../../hostile/terminal.ts';
import { assertGapless, blocks, startWire, textsOf, wires } from './shown.ts';

const EVENT_STREAM = { 'Content-Type': 'text/event-stream' };

describe('listen --wire', () => {
  test('shows blocks that make no event, and what they do', async (t) => {
    const body = ': hi\n\nid: 7\n\nretry: 2500\nretry: x\n\nevent: lost\n\ndata: a\n\n\nfoo\ndata: b\n\n';
    const server = await rawServer(t, async (client) => {
      await client.request();
      await client.write(answer('200 OK', EVENT_STREAM, body));
    });
    const outcome = await startWire(server.url).ended;
    assert.deepEqual(
      blocks(outcome).map((block) => [textsOf(block).join('|'), block.setsId, block.setsRetry]),
      [
        [': hi|', undefined, undefined],
        ['id: 7|', '7', undefined],
        ['retry: 2500|retry: x|', undefined, 2500],
        ['event: lost|', undefined, undefined],
        ['', undefined, undefined],
      ],
    );
    assert.deepEqual(wires(outcome).map(textsOf), [
      ['data: a', ''],
      ['foo', 'data: b', ''],
    ]);
    assert.deepEqual(
      [...blocks(outcome), ...wires(outcome)]
        .flatMap(({ lines }) => lines.map(({ kind }) => kind))
        .filter(Boolean),
      ['comment', 'ignored-retry', 'unknown-field'],
    );
    assertGapless([...wires(outcome), ...blocks(outcome)]);
    const order = outcome.stdout
      .split('\n')
      .filter((line) => /"type":"(block|event)"/.test(line))
      .map((line) => Number(/"offset":(\d+)/.exec(line)?.[1]));
    assert.deepEqual(
      order,
      order.toSorted((a, b) => a - b),
    );
  });

  test('shows them at once, and under the text of their events', async (t) => {
    const server = await rawServer(t, async (client) => {
      await client.request();
      await client.write(`${streamHead.chunked}${chunk('event: a\r\ndata: x\r\n\r\n: hi\r\n\r\n')}`);
      await cli.printed(/nothing is dispatched\n.*\n.*: hi/);
      await client.write(`${chunk('data: ha')}${chunk('lf')}${LAST_CHUNK}`);
    });
    const cli: RunningCli = startCli(['listen', server.url, '--wire']);
    const { stdout, code } = await cli.ended;
    assert.equal(code, 18);
    assert.deepEqual(stdout.replaceAll(/read [23] \+[\d.]+m?s/g, 'read N').split('\n'), [
      'a\t\tx',
      '\t\t21 bytes · read 1 · chunk 1 · CRLF',
      '\t0\tevent: a␍␊',
      '\t10\tdata: x␍␊',
      '\t19\t␍␊',
      '–\t\ta comment: nothing is dispatched',
      '\t\t8 bytes · read 1 · chunk 1 · CRLF',
      '\t21\t: hi␍␊',
      '\t27\t␍␊',
      '–\t\t10 bytes after the last blank line: discarded',
      '\t\t10 bytes · read 2 · 2 chunks 2–3',
      '\t29\tdata: ha',
      '\t37\t┄ chunk 3',
      '\t37\tlf',
      '',
    ]);
  });

  test('shows events that filters leave, as they came', async (t) => {
    const body = 'data: {"a":1}\n\nevent: b\ndata: {"a":2}\n\n: c\n\ndata: {"b":3}\n\ndata: {"a":4}\n\n';
    const server = await rawServer(t, async (client) => {
      await client.request();
      await client.write(answer('200 OK', EVENT_STREAM, body));
    });
    const outcome = await startWire(server.url, '--exclude-event', 'b', '--path', 'a').ended;
    assert.deepEqual(
      recordsOfType(outcome, 'event').map(({ data }) => data),
      ['1', '4'],
    );
    assert.deepEqual(wires(outcome).map(textsOf), [
      ['data: {"a":1}', ''],
      ['data: {"a":4}', ''],
    ]);
    assert.deepEqual(blocks(outcome).map(textsOf), [[': c', '']]);
  });

  test('shows nothing of what comes behind the last event that was wanted', async (t) => {
    const server = await rawServer(t, async (client) => {
      await client.request();
      await client.write(`${streamHead.chunked}${chunk('data: a\n\n: b\n\ndata: c\n\ndata: ')}`);
      await client.left();
    });
    const outcome = await startWire(server.url, '-n', '1').ended;
    assert.equal(outcome.code, 0);
    assert.deepEqual([wires(outcome).length, blocks(outcome).length], [1, 0]);
  });

  test('counts offsets, reads and chunks anew on each connection', async (t) => {
    const server = await rawServer(t, async (client) => {
      await client.request();
      await client.write(`${streamHead.chunked}${chunk(`data: ${client.number}\n\n`)}${chunk('data: half')}`);
      await cli.printed(new RegExp(`"data":"${client.number}"`));
      client.reset();
    });
    const cli: RunningCli = startWire(server.url, '--follow', '--retry-delay', '1ms', '-n', '3');
    const outcome = await cli.ended;
    assert.deepEqual(
      wires(outcome).map(({ offset, firstRead, firstChunk }) => [offset, firstRead, firstChunk]),
      Array(3).fill([0, 1, 1]),
    );
    // What the run leaves by itself is no end of the stream.
    const rest = blocks(outcome);
    assert.ok(rest.length <= 2);
    for (const block of rest) assert.deepEqual([block.unfinished, block.offset], [true, 9]);
  });

  test('reads standard input, and tells its reads', async () => {
    const stdin = new PassThrough();
    const cli = startCli(['listen', '-', '--wire', '--format', 'ndjson'], { stdin });
    stdin.write('data: a\n\n: one\nda');
    await cli.printed(/"text":"one"/);
    stdin.end('ta: b\n\n');
    const outcome = await cli.ended;
    const [first, second] = wires(outcome);
    assert.deepEqual([first?.reads, first?.firstRead, first?.chunks], [1, 1, undefined]);
    assert.deepEqual([second?.reads, second?.firstRead], [2, 1]);
    assert.deepEqual(
      second?.cuts?.map(({ offset, read }) => [offset, read]),
      [[17, 2]],
    );
    assertGapless(wires(outcome));
  });

  test('keeps a large event small, with its true size', async () => {
    const stdin = `data: ${'x'.repeat(3_000_000)}\n${'data: y\n'.repeat(2_000)}\n`;
    const ndjson = await runCommand(['listen', '-', '--wire', '--format', 'ndjson'], { stdin });
    const [wire] = wires(ndjson);
    assert.deepEqual([wire?.bytes, wire?.lineCount, wire?.lines.length], [3_016_008, 2_002, 1_000]);
    assert.deepEqual([wire?.lines[0]?.text.length, wire?.lines[0]?.bytes], [65_536, 3_000_007]);
    const pretty = await runCommand(['listen', '-', '--wire', '--event', 'message'], { stdin });
    const shown = pretty.stdout.split('\n').slice(1).join('\n');
    assert.match(shown, /^\t\t3,016,008 bytes · \d+ reads 1–\d+ · LF\n\t0\tdata: x+… \d[\d.]* KB in all\n/);
    assert.ok(shown.length < 200_000);
  });

  test('shows an end that is none of the stream as no unfinished bytes', async (t) => {
    const server = await rawServer(t, async (client) => {
      await client.request();
      await client.write(`${streamHead.chunked}${chunk('data: a\n\ndata: b')}`);
      await cli.printed(/"data":"a"/);
      cli.signal('SIGINT');
      await client.left();
    });
    const cli: RunningCli = startWire(server.url);
    const outcome = await cli.ended;
    assert.equal(outcome.code, 130);
    assert.deepEqual(blocks(outcome), []);
  });

  test('fits its terminal, and leaves it alone', async (t) => {
    const hostile = `data: ${'\x1b[2J\x9b1m宽🚀'.repeat(200)}\r\nfo\x1b[31mo: \u202e\r\n\r\n: ${'z'.repeat(300)}\r\n\r\n`;
    const server = await rawServer(t, async (client) => {
      await client.request();
      await client.write(`${streamHead.chunked}${chunk(hostile)}${LAST_CHUNK}`);
    });
    const screen = await onTerminal(['listen', server.url, '--wire']);
    assert.equal(screen.code, 0);
    assertHarmless(screen);
    assert.match(screen.text, /chunk 1 · CRLF/);
    assert.match(screen.text, /unknown field: ignored/);
  });

  test('is refused where the format has no place for it', async () => {
    for (const format of ['data', 'raw']) {
      const { code, stderr } = await tail(':1', '--wire', '--format', format);
      assert.equal(code, 2);
      assert.match(
        stderr,
        new RegExp(`^ssekit: --wire: --format ${format} holds .* alone\\n.*pretty or ndjson`),
      );
    }
  });
});
