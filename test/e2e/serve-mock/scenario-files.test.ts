import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Outcome, runCli } from '../harness/cli.ts';
import { startMock } from '../harness/mock.ts';
import { endings, ids, type NdjsonRecord, recordsOfType } from '../harness/records.ts';

const folder = fileURLToPath(new URL('../../../scenarios', import.meta.url));

/** Each file of scenarios/ with what its header says that one sees. */
const TESTS: Record<string, (url: string, test: TestContext) => Promise<void>> = {
  'notifications.yaml': async (url) => {
    const first = await listen(`${url}notifications/ann`, '-n', '4');
    assert.deepEqual(names(first), ['connected', 'notification', 'notification', 'notification']);
    assert.equal(datas(first)[0]?.clientId, 'ann-1');
    assert.deepEqual(
      [
        ...new Set(
          datas(first)
            .slice(1)
            .map(({ type }) => type),
        ),
      ].length,
      2,
    );
    const [, one, two, three] = recordsOfType(first, 'event').map(({ t }) => Number(t));
    for (const gap of [Number(two) - Number(one), Number(three) - Number(two)])
      assert.ok(gap > 100, `${gap} ms`);

    const second = await listen(`${url}notifications/ann`, '-n', '2', '--last-event-id', '2');
    assert.deepEqual(names(second), ['connected', 'notification']);
    assert.equal(ids(second)[1], '3');
    assert.equal(datas(second)[1]?.title, datas(first)[3]?.title);

    const hello = { event: 'notification', data: '{"title":"Hello"}' };
    const told = await whilePublishing(`${url}publish?channel=user:bob`, hello, () =>
      listen(`${url}notifications/bob`, '--until-data', hello.data, '-m', '15'),
    );
    assert.equal(told.code, 0);
  },

  'llm-chat.yaml': async (url) => {
    const chat = await listen(`${url}chat`, '--json', '{"message":"hello"}', '--comments');
    assert.equal(chat.code, 0);
    assert.deepEqual(endings(chat), ['eof']);
    const tokens = datas(chat);
    assert.equal(
      tokens.map(({ token }) => token).join(''),
      "You said: hello. An event stream is plain text that doesn't end.",
    );
    assert.deepEqual(
      tokens.map(({ done }) => done),
      [...Array(11).fill(false), true],
    );
    assert.ok(ids(chat).every((id) => id === undefined));
    assert.deepEqual([...recordsOfType(chat, 'comment'), ...recordsOfType(chat, 'retry')], []);
    const [open] = recordsOfType(chat, 'open');
    const [first] = recordsOfType(chat, 'event');
    assert.ok(Number(first?.t) - Number(open?.t) > 100);

    const broken = await listen(`${url}chat/overloaded`, '--json', '{}');
    assert.deepEqual(names(broken), ['ai:token', 'ai:token', 'ai:token', 'error']);
    assert.equal(datas(broken)[3]?.code, 'overloaded');

    const openai = await listen(
      `${url}v1/chat/completions`,
      ...['--json', '{"model":"gpt-4o","stream":true,"messages":[{"role":"user","content":"hi"}]}'],
      ...['--until-data', '[DONE]'],
    );
    assert.equal(openai.code, 0, openai.stderr);
  },

  'progress.yaml': async (url) => {
    const path = `${url}tasks/build-7/progress`;
    const whole = await listen(path);
    assert.equal(whole.code, 0);
    assert.deepEqual(
      datas(whole).map(({ percent }) => percent),
      [0, 10, 35, 60, 85, 100],
    );
    assert.ok(datas(whole).every(({ taskId }) => taskId === 'build-7'));
    assert.equal(datas(whole).at(-1)?.status, 'complete');
    assert.deepEqual(ids(await listen(path, '--last-event-id', '4')), ['5', '6']);
    const afterwards = await listen(path, '--last-event-id', '6');
    assert.equal(recordsOfType(afterwards, 'open')[0]?.status, 204);
    const failing = await listen(`${url}tasks/import-3/failing`);
    assert.deepEqual(
      datas(failing).map(({ status }) => status),
      ['pending', 'running', 'failed'],
    );
    const followed = await listen(path, '--follow', '--retry-delay', '100ms');
    assert.deepEqual(ids(followed), ['1', '2', '3', '4', '5', '6'], 'to the end, and stopped by 204');
    assert.equal(followed.code, 0);
  },

  'flaky-network.yaml': async (url) => {
    const run = await listen(`${url}events`, '--follow', '--idle-timeout', '2s', '--retry-delay', '200ms');
    assert.deepEqual(
      ids(run),
      Array.from({ length: 12 }, (_, index) => String(index + 1)),
    );
    assert.deepEqual(
      datas(run).map(({ connection }) => connection),
      [1, 1, 1, 3, 3, 3, 4, 4, 6, 6, 6, 6],
    );
    const opened = recordsOfType(run, 'open').map(({ status }) => status);
    assert.deepEqual(opened, [200, 503, 200, 200, 200, 204]);
    assert.equal(run.code, 0, run.stderr);
    assert.equal(endings(run)[0], 'reset');
  },

  'auth-expiry.yaml': async (url) => {
    const expiring = await listen(`${url}events?token=s3cret`, '--follow', '--retry-delay', '300ms');
    assert.deepEqual(
      recordsOfType(expiring, 'open').map(({ status }) => status),
      [200, 401],
    );
    assert.equal(endings(expiring)[0], 'eof');
    assert.ok(ids(expiring).length >= 5);
    assert.equal(expiring.code, 4);
    const [, refused] = recordsOfType(expiring, 'open');
    assert.match(header(refused, 'www-authenticate'), /^Bearer/);
    const fresh = await listen(`${url}events`, '--bearer', 's3cret:ann:second', '-n', '2');
    assert.deepEqual(texts(fresh), ['{"user":"ann"}', 'tick 1']);
    assert.equal((await listen(`${url}events`)).code, 4);
    assert.equal((await listen(`${url}public`)).code, 0);
  },

  'rate-limited.yaml': async (url, context) => {
    const streams = new AbortController();
    context.after(() => streams.abort());
    const open = () => fetch(`${url}events?client=me`, { signal: streams.signal });
    assert.deepEqual([(await open()).status, (await open()).status], [200, 200]);
    const third = await open();
    assert.equal(third.status, 429);
    assert.ok(Number(third.headers.get('retry-after')) > 0);
    assert.equal((await listen(`${url}events?client=you`, '-n', '1')).code, 0);

    const busy = await listen(`${url}busy?client=me`, '--retry', '5', '-n', '2');
    assert.deepEqual(
      recordsOfType(busy, 'open').map(({ status }) => status),
      [429, 429, 200],
    );
    assert.deepEqual(texts(busy), ['welcome', 'after 3 attempts']);
    assert.ok(recordsOfType(busy, 'reconnect').every(({ delayMs }) => Number(delayMs) >= 1_000));
  },

  'multi-tenant.yaml': async (url) => {
    const premium = await listen(`${url}acme/events`, '-H', 'x-plan: premium', '-n', '4');
    assert.deepEqual(ids(premium), ['acme-1', 'acme-2', 'acme-3', 'acme-4']);
    assert.ok(datas(premium).every(({ tenant }) => tenant === 'acme'));
    const free = await listen(`${url}bolt/events`, '-n', '2', '--last-event-id', 'bolt-6');
    assert.deepEqual(ids(free), ['bolt-7', 'bolt-8']);
    const [open] = recordsOfType(free, 'open');
    assert.equal(header(open, 'x-served-for'), 'free');
    assert.ok(gap(free) > gap(premium));
    const refused = await listen(`${url}acme/events`, '-H', 'x-plan: platinum');
    assert.equal(refused.code, 4);

    const note = { event: 'note', data: 'for acme only' };
    const both = ['acme', 'bolt'].map((tenant) => `${url}${tenant}/events`);
    const [acme, bolt] = await whilePublishing(`${url}publish?channel=tenant:acme`, note, () =>
      Promise.all(both.map((path) => listen(path, '-n', '6', '-H', 'x-plan: gold'))),
    );
    assert.ok(acme !== undefined && names(acme).includes('note'));
    assert.ok(bolt !== undefined && !names(bolt).includes('note'));
  },

  'hostile-encoding.yaml': async (url) => {
    for (const path of ['cr', 'crlf', 'bom', 'split-utf8', 'split-bytes', 'split-crlf', 'mixed']) {
      const run = await listen(`${url}${path}`);
      assert.deepEqual(texts(run), ['größe 🚀', 'first\nsecond', 'end'], path);
      assert.equal(run.code, 0, path);
    }
    const bytes = async (path: string) => Buffer.from(await (await fetch(`${url}${path}`)).arrayBuffer());
    assert.ok(!(await bytes('cr')).includes('\n'));
    assert.ok((await bytes('crlf')).includes('\r\n\r\n'));
    assert.deepEqual([...(await bytes('bom')).subarray(0, 3)], [0xef, 0xbb, 0xbf]);
    // A busy client may find several writes in one read: their chunks tell them apart.
    const chunks = async (path: string) => {
      const [event] = recordsOfType(await listen(`${url}${path}`, '--wire'), 'event');
      return Number((event?.wire as { chunks: number } | undefined)?.chunks);
    };
    assert.ok((await chunks('split-utf8')) > 1);
    assert.ok((await chunks('split-bytes')) > 5);
    assert.ok((await chunks('split-crlf')) > 1);
  },

  'slow-start.yaml': async (url) => {
    const run = await listen(`${url}events`, '--comments', '--idle-timeout', '2s');
    assert.equal(run.code, 0, run.stderr);
    assert.deepEqual(texts(run), ['first event', 'second event']);
    const [open] = recordsOfType(run, 'open');
    const [first] = recordsOfType(run, 'event');
    assert.ok(Number(open?.t) >= 900, 'the headers are late');
    const between = recordsOfType(run, 'comment').filter(({ t }) => Number(t) < Number(first?.t));
    assert.ok(between.length >= 3, 'keepalives fill the silence');
    const silent = await listen(`${url}silent`, '--idle-timeout', '2s');
    assert.deepEqual(texts(silent), ['only event']);
    assert.equal(silent.code, 28);
  },

  'deploy.yaml': async (url) => {
    const run = await listen(`${url}events`, '--follow', '-n', '10');
    assert.equal(run.code, 0, run.stderr);
    assert.deepEqual(ids(run), ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10']);
    assert.deepEqual(
      recordsOfType(run, 'open').map(({ status }) => status),
      [200, 503, 503, 200],
    );
    assert.deepEqual(
      datas(run).map(({ version }) => version),
      [1, 1, 1, 1, 1, 2, 2, 2, 2, 2],
    );
    assert.equal(endings(run)[0], 'eof');
  },
};

describe('a scenario to copy', { concurrency: 3 }, () => {
  for (const [file, see] of Object.entries(TESTS)) {
    test(`shows what its header says: ${file}`, async (context) => {
      const { url } = await startMock(context, `scenarios/${file}`);
      await see(url, context);
    });
  }

  test('has a test, and a header that says how to run it and what to see', () => {
    const files = readdirSync(folder).sort();
    assert.deepEqual(files, Object.keys(TESTS).sort());
    assert.ok(files.length >= 10);
    for (const file of files) {
      const header = readFileSync(join(folder, file), 'utf8').split(/^[^#]/m, 1)[0] ?? '';
      assert.ok(header.includes(`#   ssekit serve-mock scenarios/${file}\n`), file);
      assert.match(header, /^# {3}ssekit listen /m, file);
      assert.match(header, /^# What to see: /m, file);
    }
  });
});

function listen(...words: string[]): Promise<Outcome> {
  return runCli(['listen', ...words, '--format', 'ndjson'], { deadlineMs: 40_000 });
}

function events(outcome: Outcome): NdjsonRecord[] {
  return recordsOfType(outcome, 'event');
}

function names(outcome: Outcome): unknown[] {
  return events(outcome).map(({ event }) => event);
}

function texts(outcome: Outcome): unknown[] {
  return events(outcome).map(({ data }) => data);
}

function datas(outcome: Outcome): Record<string, unknown>[] {
  return events(outcome).map(({ data }) => JSON.parse(String(data)));
}

function header(opened: NdjsonRecord | undefined, name: string): string {
  return String((opened?.headers as Record<string, string> | undefined)?.[name]);
}

/** Publishes again and again until the run is over: it may be some time before its stream is open. */
async function whilePublishing<T>(url: string, event: object, run: () => Promise<T>): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  let over = false;
  const publishing = (async () => {
    while (!over) {
      const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(event) });
      assert.equal(answer.status, 200, await answer.text());
      await sleep(100);
    }
  })();
  try {
    return await run();
  } finally {
    over = true;
    await publishing;
  }
}

/** Between the first two events, in milliseconds. */
function gap(outcome: Outcome): number {
  const [first, second] = events(outcome).map(({ t }) => Number(t));
  return Number(second) - Number(first);
}
