import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import type { Observation } from '../../../src/checks/observation/observation.ts';
import { observe } from '../../../src/checks/observation/observe.ts';
import { startOrigin } from '../../../src/checks/origin/own-origin.ts';
import {
  type OriginScript,
  type OriginStep,
  SCRIPT_PARAMETER,
  type TaggedEvent,
  UID_HEADER,
} from '../../../src/checks/origin/script.ts';
import { withScript } from '../../../src/checks/origin/script-text.ts';
import type { Origin, SeenRequest, Visit } from '../../../src/checks/origin/visit.ts';
import { headerValue } from '../../../src/client/headers.ts';
import { createPool } from '../../../src/client/pool.ts';
import { type RequestChanges, requestOf } from '../../client/recorded-attempt.ts';
import { until } from '../../e2e/harness/until.ts';

const FOREVER_MS = 10_000;

interface Asked {
  script?: Partial<OriginScript>;
  request?: RequestChanges;
  forMs?: number;
}

interface Bench {
  origin: Origin;
  ask(steps: readonly OriginStep[], asked?: Asked): Promise<{ seen: Observation; visit: Visit }>;
}

async function bench(test: TestContext): Promise<Bench> {
  const origin = await startOrigin({ host: '127.0.0.1', port: 0 });
  const pool = createPool();
  test.after(async () => {
    pool.close();
    await origin.close();
  });
  return {
    origin,
    async ask(steps, { script, request, forMs = FOREVER_MS } = {}) {
      const key = randomUUID();
      const asked = requestOf(origin.url, request);
      const url = withScript(asked.url, { key, steps, ...script }, origin.sign);
      const signal = new AbortController().signal;
      const seen = await observe(pool, { ...asked, url }, { forMs, signal });
      await until(async () => (await origin.visits(key))[0]?.end !== undefined);
      const [visit] = await origin.visits(key);
      assert.ok(visit !== undefined);
      return { seen, visit };
    },
  };
}

const events = (count: number, everyMs = 0, sizeBytes = 0): OriginStep => ({
  do: 'events',
  count,
  everyMs,
  sizeBytes,
  fill: 'text',
});

const tagsOf = ({ events }: Observation) => events.map(({ data }) => JSON.parse(data) as TaggedEvent);

describe('the origin', () => {
  test('sends events at their times, each with its number and when it was sent', async (test) => {
    const { ask } = await bench(test);
    const { seen, visit } = await ask([events(5, 40, 300)]);
    const tags = tagsOf(seen);
    assert.deepEqual(
      tags.map(({ n, uid }) => [n, uid]),
      [1, 2, 3, 4, 5].map((n) => [n, visit.uid]),
    );
    assert.equal(headerValue(seen.head?.headers ?? [], UID_HEADER.toLowerCase()), visit.uid);
    const [first] = tags;
    for (const { n, sentAt } of tags) {
      // A timer may fire up to a millisecond early.
      assert.ok(sentAt - (first?.sentAt ?? 0) >= (n - 1) * 40 - 2, `event ${n} before its time`);
      assert.ok((seen.events[n - 1]?.at ?? 0) >= sentAt, 'one clock');
    }
    const bytes = seen.reads.reduce((sum, read) => sum + read.bytes, 0);
    assert.equal(bytes, 5 * 300);
    assert.equal(visit.bytesTaken, bytes);
    assert.equal(seen.end?.info.reason, 'eof');
    assert.equal(visit.end?.by, 'script');
  });

  test('sends the head at once, with the body, or never', async (test) => {
    const { ask } = await bench(test);
    const steps: OriginStep[] = [{ do: 'wait', ms: 150 }, events(1)];
    const headBeforeBody = ({ head, reads }: Observation) => (reads[0]?.at ?? 0) - (head?.at ?? 0);
    const { seen: early, visit } = await ask(steps);
    assert.ok(headBeforeBody(early) > 100);
    assert.ok((visit.headAtMs ?? 0) >= visit.atMs);
    const { seen: late } = await ask(steps, { script: { head: 'with the body' } });
    assert.equal(late.events.length, 1);
    assert.ok(headBeforeBody(late) < 100);
    assert.ok(headerValue(late.head?.headers ?? [], UID_HEADER.toLowerCase()) !== undefined);
    const { seen: never, visit: silent } = await ask([{ do: 'wait', ms: 20 }], { script: { head: 'never' } });
    assert.equal(never.head, undefined);
    assert.equal(never.end?.info.error?.exitCode, 52);
    assert.equal(silent.headAtMs, undefined);
  });

  test('answers with the status and headers that it is told', async (test) => {
    const { ask } = await bench(test);
    const headers = [
      ['cache-control', 'public'],
      ['Content-Type', ''],
      ['X-More', '1'],
    ] as const;
    const { seen } = await ask([events(1)], { script: { status: 429, headers } });
    assert.equal(seen.head?.status, 429);
    const sent = seen.head?.headers ?? [];
    assert.equal(headerValue(sent, 'cache-control'), 'public');
    assert.equal(headerValue(sent, 'content-type'), undefined);
    assert.equal(headerValue(sent, 'x-more'), '1');
  });

  test('echoes the request as it came', async (test) => {
    const { ask } = await bench(test);
    const { seen } = await ask([{ do: 'echo' }], { request: { headers: [['X-Mixed-Case', 'as it was']] } });
    const echo = JSON.parse(seen.events[0]?.data ?? '{}') as SeenRequest;
    assert.equal(echo.method, 'GET');
    assert.equal(echo.httpVersion, '1.1');
    assert.ok(echo.target.startsWith(`/?${SCRIPT_PARAMETER}=`));
    assert.ok(echo.headers.some(([name, value]) => name === 'X-Mixed-Case' && value === 'as it was'));
  });

  test('sends bytes as they are, and comments for so long', async (test) => {
    const { ask } = await bench(test);
    const bytes = Buffer.from('\uFEFFdata: a\rdata: b\r\n\n').toString('base64');
    const started: OriginStep[] = [
      { do: 'bytes', base64: bytes },
      { do: 'comments', everyMs: 20, forMs: 70 },
    ];
    const { seen, visit } = await ask(started);
    assert.deepEqual(
      seen.events.map(({ data }) => data),
      ['a\nb'],
    );
    assert.equal(seen.comments.length, 3);
    assert.ok((visit.end?.atMs ?? 0) - (visit.headAtMs ?? 0) >= 68, 'what is left of the time passes, too');
  });

  test('waits for the end of the body of a request, and says when it came', async (test) => {
    const { ask } = await bench(test);
    const request = { method: 'POST', body: Buffer.from('{"a":1}') };
    const { seen, visit } = await ask([{ do: 'request body' }, events(1)], { request });
    assert.equal(seen.events.length, 1);
    assert.ok((visit.bodyFromMs ?? 0) >= visit.atMs);
    assert.ok((visit.bodyToMs ?? 0) >= (visit.bodyFromMs ?? 0));
    assert.ok((tagsOf(seen)[0]?.sentAt ?? 0) >= (visit.bodyToMs ?? 0));
  });

  test('ends in order, without an end, or with RST', async (test) => {
    const { ask } = await bench(test);
    const ended = async (how: 'whole' | 'fin' | 'reset', http: '1.1' | '2-prior-knowledge') => {
      const steps: OriginStep[] = [events(2), { do: 'wait', ms: 50 }, { do: 'end', how }, events(5)];
      const { seen, visit } = await ask(steps, { request: { connection: { http } } });
      assert.equal(seen.events.length, 2);
      assert.equal(visit.end?.by, 'script');
      return seen.end?.info.reason;
    };
    assert.equal(await ended('whole', '1.1'), 'eof');
    assert.equal(await ended('fin', '1.1'), 'truncated');
    assert.equal(await ended('reset', '1.1'), 'reset');
    assert.equal(await ended('whole', '2-prior-knowledge'), 'eof');
    assert.notEqual(await ended('fin', '2-prior-knowledge'), 'eof');
    assert.equal(await ended('reset', '2-prior-knowledge'), 'reset');
  });

  test('says that the other side has left, whatever it was doing', async (test) => {
    const { ask } = await bench(test);
    const endless: OriginStep[][] = [
      [{ do: 'hold' }],
      [{ do: 'wait', ms: 60_000 }],
      [events(1000, 10)],
      [{ do: 'comments', everyMs: 10, forMs: 60_000 }],
    ];
    for (const steps of endless) {
      const { seen, visit } = await ask(steps, { forMs: 40 });
      assert.equal(seen.end?.info.by, 'for');
      assert.equal(visit.end?.by, 'left');
    }
  });

  test('floods as fast as it is read, and no further than the connection takes', async (test) => {
    const { origin, ask } = await bench(test);
    const mostBytes = 64 * 1024 ** 2;
    const { seen, visit } = await ask([{ do: 'flood', mostBytes: 4 * 1024 ** 2 }]);
    assert.equal(
      seen.reads.reduce((sum, { bytes }) => sum + bytes, 0),
      4 * 1024 ** 2,
    );
    assert.equal(visit.bytesTaken, 4 * 1024 ** 2);

    const key = randomUUID();
    const { pathname, search, port } = withScript(
      new URL(origin.url),
      { key, steps: [{ do: 'flood', mostBytes }] },
      origin.sign,
    );
    const socket = connect(Number(port), '127.0.0.1');
    test.after(() => socket.destroy());
    socket.pause();
    socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: x\r\n\r\n`);
    const taken = async () => (await origin.visits(key))[0]?.bytesTaken ?? 0;
    let before = -1;
    // Kernels take a few megabytes, then no more.
    await until(async () => {
      const now = await taken();
      const settled = now > 0 && now === before;
      before = now;
      await new Promise((resolve) => setTimeout(resolve, 100));
      return settled;
    });
    assert.ok(before < mostBytes / 2, `${before} bytes taken for a reader who reads none`);
  });

  test('numbers connections, and tells visits of different keys apart', async (test) => {
    const { origin, ask } = await bench(test);
    const first = await ask([events(1)]);
    const second = await ask([events(1)]);
    assert.notEqual(first.visit.connection, second.visit.connection);
    assert.equal((await origin.visits(first.visit.key)).length, 1);
    assert.equal((await origin.visits('nobody has asked')).length, 0);
  });

  test('answers what carries no script of ours with 404, and remembers it', async (test) => {
    const { origin } = await bench(test);
    const signed = (text: string) => `${text}.${origin.sign(text)}`;
    const base64 = (value: unknown) => signed(Buffer.from(JSON.stringify(value)).toString('base64url'));
    const key = 'long enough';
    const queries = [
      `?${SCRIPT_PARAMETER}=${signed('%%%')}`,
      `?${SCRIPT_PARAMETER}=${signed('nojson')}`,
      `?${SCRIPT_PARAMETER}=`,
      `?${SCRIPT_PARAMETER}=%%%`,
      `?${SCRIPT_PARAMETER}=${base64('text')}`,
      `?${SCRIPT_PARAMETER}=${base64({ key, steps: [{ do: 'explode' }] })}`,
      `?${SCRIPT_PARAMETER}=${base64({ key, steps: [{ do: 'wait', ms: 1e12 }] })}`,
      `?${SCRIPT_PARAMETER}=${base64({ key, steps: [], headers: [['a b', '1']] })}`,
      `?${SCRIPT_PARAMETER}=${base64({ key, steps: [], headers: [['a', '1\r\nb: 2']] })}`,
      `?${SCRIPT_PARAMETER}=${base64({ key, steps: [], headers: [['Trailer', 'x']] })}`,
      `?${SCRIPT_PARAMETER}=${base64({ key, head: 'never', steps: [{ do: 'echo' }] })}`,
    ];
    for (const query of queries) assert.equal((await fetch(`${origin.url}${query}`)).status, 404, query);
    assert.deepEqual(
      (await origin.strays()).map((stray) => 'target' in stray && stray.target),
      queries.map((query) => `/${query}`),
    );
    assert.equal((await origin.visits(key)).length, 0);
  });

  test('is healthy for what looks after servers, and no stream for who asks for one', async (test) => {
    const { origin } = await bench(test);
    for (const method of ['GET', 'HEAD', 'OPTIONS']) {
      const answer = await fetch(`${origin.url}health`, { method });
      assert.equal(answer.status, 200, method);
      assert.equal(answer.headers.get('content-type'), 'text/plain');
    }
    assert.equal((await origin.strays()).length, 3);
    assert.equal((await fetch(`${origin.url}health`, { method: 'POST' })).status, 404);
    const headers = { Accept: 'text/event-stream' };
    assert.equal((await fetch(origin.url, { headers })).status, 404);
  });

  test('obeys nobody but whoever started it, each time anew', async (test) => {
    const { origin } = await bench(test);
    const { origin: another } = await bench(test);
    const script = { key: randomUUID(), steps: [events(1)] };
    const signedBy = (sign: Origin['sign']) => withScript(new URL(origin.url), script, sign);
    const unsigned = new URL(signedBy(origin.sign).href.replace(/\.[\w-]+$/, ''));
    for (const url of [unsigned, signedBy(() => ''), signedBy(another.sign)]) {
      assert.equal((await fetch(url)).status, 404, url.search);
    }
    assert.deepEqual(await origin.visits(script.key), []);
    assert.equal((await origin.strays()).length, 3);
    const url = signedBy(origin.sign);
    const answers = [];
    for (let use = 1; use <= 18; use += 1) answers.push((await fetch(url)).status);
    // Proxies repeat requests; who finds one in a log can't have it answered for ever.
    assert.deepEqual(answers.slice(14), [200, 200, 404, 404]);
  });

  test('remembers what was no request, and what was spoken instead', async (test) => {
    const { origin } = await bench(test);
    const { hostname, port } = new URL(origin.url);
    const beginnings = [
      Buffer.from('160301020001000197', 'hex'),
      'PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\nGET / HTTP/1.1\r\n\r\n',
      Buffer.from('0d0a0d0a000d0a515549540a2111000c7f0000017f00000100010002', 'hex'),
      'SSH-2.0-x\r\n\r\n',
    ];
    for (const beginning of beginnings) {
      const socket = connect(Number(port), hostname).end(beginning);
      socket.resume().on('error', () => {});
      await once(socket, 'close');
    }
    assert.deepEqual(
      (await origin.strays()).map((stray) => 'speaks' in stray && stray.speaks),
      ['TLS', 'PROXY', 'PROXY', 'else'],
    );
  });

  test('remembers the last hundred strays', async (test) => {
    const { origin } = await bench(test);
    for (let n = 1; n <= 103; n += 1) await (await fetch(`${origin.url}${n}`)).text();
    const strays = await origin.strays();
    assert.equal(strays.length, 100);
    const last = strays.at(-1);
    assert.equal(last !== undefined && 'target' in last && last.target, '/103');
  });

  test('ends what is open when it closes', async (test) => {
    const origin = await startOrigin({ host: '127.0.0.1', port: 0 });
    const pool = createPool();
    test.after(() => pool.close());
    const key = randomUUID();
    const request = requestOf(origin.url);
    const url = withScript(request.url, { key, steps: [events(1), { do: 'wait', ms: 60_000 }] }, origin.sign);
    let heard = false;
    const seen = observe(
      pool,
      { ...request, url },
      {
        forMs: FOREVER_MS,
        until: () => {
          heard = true;
          return false;
        },
        signal: new AbortController().signal,
      },
    );
    await until(() => heard);
    await origin.close();
    assert.notEqual((await seen).end?.info.reason, 'client');
    await until(async () => (await origin.visits(key))[0]?.end?.by === 'left');
  });
});
