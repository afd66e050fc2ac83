import assert from 'node:assert/strict';
import { closeSync, openSync } from 'node:fs';
import { describe, test } from 'node:test';
import { rawServer, type Script } from '../harness/raw-server.ts';
import { type MeasuredOutcome, measured } from './measured.ts';
import { openHead, pours } from './pour.ts';

/** Of the heap: a run that keeps what it is sent runs out of it, on any version of Node. */
const HEAP = '--max-old-space-size=40';
const LIMIT_MB = 400;
const DEADLINE_MS = 60_000;

async function joins(
  t: Parameters<typeof rawServer>[0],
  script: Script,
  ...words: string[]
): Promise<MeasuredOutcome> {
  const server = await rawServer(t, script);
  const nowhere = openSync('/dev/null', 'w');
  t.after(() => closeSync(nowhere));
  return measured(['listen', server.url, '--join', 'auto', ...words], {
    deadlineMs: DEADLINE_MS,
    stdout: nowhere,
    env: { NODE_OPTIONS: HEAP },
  });
}

function assertBounded(run: MeasuredOutcome): void {
  assert.ok(run.peakMb > 20, 'the memory was not seen');
  assert.ok(run.peakMb < LIMIT_MB, `${run.peakMb} MB resident`);
  assert.doesNotMatch(run.stderr, /^\s+at |unexpected error/m);
}

const event = (data: unknown, name = 'message') => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
const chunk = (delta: object, index = 0) =>
  event({ object: 'chat.completion.chunk', choices: [{ index, delta, finish_reason: null }] });

describe('listen --join, given more than it can hold', () => {
  test('an answer of 120 MB streams through', async (t) => {
    const piece = chunk({ content: 'x'.repeat(10_000) }).repeat(100);
    const run = await joins(t, pours({ piece, times: 120, last: 'data: [DONE]\n\n' }), '--format', 'data');
    assert.equal(run.code, 18);
    assert.match(run.stderr, /the answer has no finish reason/);
    assert.match(run.stderr, /12,000 chunks/);
    assertBounded(run);
  });

  const endless: [what: string, script: Script][] = [
    [
      'answers side by side that never end',
      async (client) => {
        await client.request();
        await client.write(openHead);
        for (let n = 0; n < 1_000 && !client.hasLeft; n += 1) {
          const all = Array.from({ length: 100 }, (_, i) => chunk({ content: 'x'.repeat(500) }, n + i));
          await client.write(all.join(''));
        }
      },
    ],
    [
      'messages without end, none of which ends',
      async (client) => {
        await client.request();
        await client.write(openHead);
        for (let n = 0; n < 1_000 && !client.hasLeft; n += 1) {
          const all = Array.from({ length: 100 }, (_, i) =>
            event({ token: 'x'.repeat(500), done: false, messageId: `${n}-${i}` }, 'ai:token'),
          );
          await client.write(all.join(''));
        }
      },
    ],
    [
      'a call of a tool without end',
      pours({
        piece: chunk({
          tool_calls: [{ index: 0, function: { name: 'f', arguments: 'x'.repeat(10_000) } }],
        }).repeat(100),
        times: 100,
      }),
    ],
    [
      'calls of tools by the thousand, in choices by the hundred',
      async (client) => {
        await client.request();
        await client.write(openHead);
        for (let n = 0; n < 200 && !client.hasLeft; n += 1) {
          const tool_calls = Array.from({ length: 100 }, (_, index) => ({
            index,
            function: { name: 'f', arguments: 'x'.repeat(5_000) },
          }));
          await client.write(chunk({ tool_calls }, n));
        }
      },
    ],
    [
      'pings without end, which tell no format',
      pours({ piece: event({}, 'ping').repeat(10_000), times: 50 }),
    ],
  ];
  for (const [what, script] of endless) {
    test(`${what}: memory stays bounded`, async (t) => {
      const leaving: Script = async (client) => {
        await script(client);
        client.finish();
      };
      assertBounded(await joins(t, leaving));
    });
  }
});
