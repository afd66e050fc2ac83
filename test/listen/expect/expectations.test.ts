import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { SseKitError } from '../../../src/client/errors.ts';
import { noteOnEnd, readRules } from '../../../src/listen/expect/expectations.ts';
import { events, judged, opened, type Step } from './scripted-run.ts';

const refused: Step = {
  at: 3,
  kind: 'close',
  info: {
    reason: 'connect_error',
    error: new SseKitError('ECONNREFUSED', 7, 'connection refused', { hint: 'is it running?' }),
  },
};
const unauthorized: Step[] = [
  { at: 0, kind: 'attempt' },
  { at: 9, kind: 'open', status: 401 },
  {
    at: 12,
    kind: 'close',
    info: { reason: 'status', status: 401, error: new SseKitError('HTTP_STATUS', 4, 'HTTP 401') },
  },
];

describe('the expectations of a run', () => {
  test('end it as soon as all of them hold for good', async () => {
    const { leftAt, lines, outcome } = await judged(
      ['count>=2', 'first-event<1s', 'status==200'],
      [...opened, ...events(100, 200, 300)],
    );
    assert.equal(leftAt, 200);
    assert.deepEqual(lines, ['pass · 2 events', 'pass · 100 ms', 'pass · 200']);
    assert.deepEqual(outcome, { exitCode: 0, failure: undefined });
  });

  test('do not end it while something else is awaited', async () => {
    const awaiting = await judged(['count>=2'], [...opened, ...events(100, 200, 300)], { awaitsMore: true });
    assert.equal(awaiting.leftAt, undefined);
    const failing = await judged(['count<2'], [...opened, ...events(100, 200, 300)], { awaitsMore: true });
    assert.equal(failing.leftAt, 200);
  });

  test('end it when one has failed: what the others lack is then undecided, what they have holds', async () => {
    const { leftAt, lines, results, outcome } = await judged(
      ['count>=10', 'gap<50ms', 'ends clean', 'no duplicates', 'ids increasing'],
      [...opened, { at: 20, kind: 'event', id: '1' }, ...events(300)],
    );
    assert.equal(leftAt, 70);
    assert.deepEqual(lines, [
      'undecided · 1 event',
      'FAIL · nothing for 50 ms',
      'undecided · it had not ended when we left',
      'pass · 1 different id',
      'pass · 1 id',
    ]);
    assert.equal(results[1]?.t, 70);
    assert.equal(outcome.failure?.code, 'EXPECTATION_FAILED');
    assert.equal(outcome.failure?.message, '1 of 5 expectations failed: gap<50ms (nothing for 50 ms)');
  });

  test('fail with what could not be met, and with the cause', async () => {
    const { outcome, leftAt } = await judged(
      ['count>=1', 'status==200'],
      [{ at: 0, kind: 'attempt' }, refused],
    );
    assert.equal(leftAt, undefined);
    assert.equal(outcome.exitCode, 10);
    assert.equal(
      outcome.failure?.message,
      '2 of 2 expectations failed: count>=1 (0 events); status==200 (no answer came); connection refused',
    );
    assert.equal(outcome.failure?.hint, 'is it running?');
    assert.equal((outcome.failure?.cause as SseKitError | undefined)?.code, 'ECONNREFUSED');
  });

  test('name the first three that failed', async () => {
    const rules = ['count>=1', 'event=a', 'event=b', 'event=c', 'event=d'];
    const { outcome } = await judged(rules, [{ at: 0, kind: 'attempt' }, refused]);
    assert.match(
      outcome.failure?.message ?? '',
      /event=b \(none, no event at all\); and 2 more; connection refused$/,
    );
  });

  test('wait for the end of an answer that is no stream: it says more', async () => {
    const wrong = await judged(['status==200'], unauthorized);
    assert.equal(wrong.leftAt, undefined);
    assert.equal(wrong.outcome.failure?.message, 'the expectation failed: status==200 (401); HTTP 401');
  });

  test('make a status that was asked for a success', async () => {
    assert.equal((await judged(['status==401'], unauthorized)).outcome.exitCode, 0);
    assert.equal((await judged(['status==401', 'count>=1'], unauthorized)).outcome.exitCode, 10);
    for (const rule of ['count==0', 'status<500', 'status!=200', 'status>=400'])
      assert.equal((await judged([rule], unauthorized)).outcome.exitCode, 4, rule);
  });

  test('leave every other failure of the run as it is where all of them hold', async () => {
    const reset: Step = {
      at: 50,
      kind: 'close',
      info: { reason: 'reset', error: new SseKitError('ECONNRESET', 56, 'reset') },
    };
    const { outcome, lines } = await judged(['gap<1s'], [...opened, ...events(20, 30), reset]);
    assert.deepEqual(lines, ['pass · longest 10 ms of 1 gap, one cut short after 20 ms']);
    assert.equal(outcome.exitCode, 56);
  });

  test('do not speak over an interruption', async () => {
    const { outcome, lines } = await judged(['count>=5'], [...opened, ...events(20)], {
      by: 'signal',
      signal: 'SIGINT',
    });
    assert.equal(outcome.exitCode, 130);
    assert.deepEqual(lines, ['undecided · 1 event']);
  });

  test('are refused where two say the same', async () => {
    const refusal = (rules: string[]) =>
      judged(rules, []).then(
        () => '',
        (error: Error) => error.message,
      );
    assert.match(await refusal(['count>=2', 'count>=2']), /it is given twice/);
    assert.match(await refusal(['count>=2', 'events >= 2']), /says the same as "count>=2"/);
  });

  test('are the same however often somebody looks at the clock', async () => {
    const rules = [
      'first-event<200ms',
      'gap<100ms',
      'keepalive<80ms',
      'event=a within 300ms',
      'event=a every 150ms',
      'count<9',
    ];
    const step = fc.oneof(
      fc.record({ at: fc.nat(600), kind: fc.constant('event' as const), event: fc.constantFrom('a', 'b') }),
      fc.record({ at: fc.nat(600), kind: fc.constant('comment' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...rules),
        fc.array(step, { maxLength: 12 }),
        fc.array(fc.nat(700)),
        async (rule, steps, looks) => {
          const later = steps.map((each) => ({ ...each, at: each.at + 10 })).sort((a, b) => a.at - b.at);
          const all: Step[] = [...opened, ...later, { at: 650, kind: 'close' }];
          const seldom = await judged([rule], all);
          const often = await judged([rule], all, { looks });
          assert.deepEqual(often, seldom);
        },
      ),
    );
  });
});

describe('what can hold only at the end', () => {
  const noteFor = async (...rules: string[]) => noteOnEnd(await readRules(rules));

  test('is told to whoever gives nothing that ends the run', async () => {
    const told = 'can hold only when the stream is over: for one without an end add --for or -n';
    for (const rule of [
      ...['gap<2s', 'keepalive<2s', 'outage<2s', 'count==5', 'count<5', 'lost==0', 'event=a every 2s'],
      ...['every data.a exists', 'ids increasing', 'no duplicates', 'schema=preset:progress'],
    ]) {
      assert.equal(await noteFor('status==200', rule), `${rule} ${told}`);
    }
  });

  test('is no news where the stream is expected to end, or all can hold before', async () => {
    assert.equal(await noteFor('gap<2s', 'ends clean'), undefined);
    const early = ['event=a within 2s', 'first event=a', 'count>=5', 'first-event<1s', 'data.a exists'];
    assert.equal(await noteFor(...early, 'status==200', 'header a exists'), undefined);
  });
});

describe('a schema of an expectation', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ssekit-schema-'));
  const file = (name: string, content: unknown) => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  const data = (value: unknown): Step => ({ at: 20, kind: 'event', data: JSON.stringify(value) });
  const verdict = async (path: string, value: unknown) =>
    (await judged([`schema=${path}`], [...opened, data(value), { at: 30, kind: 'close' }])).lines[0];
  const refusal = (path: string) =>
    judged([`schema=${path}`], []).then(
      () => assert.fail('taken'),
      (error: SseKitError) => {
        assert.equal(error.exitCode, 2);
        return error.message;
      },
    );

  test('is of the draft that it names', async () => {
    const tuple = { items: [{ type: 'number' }], additionalItems: false };
    const draft7 = file('7.json', { $schema: 'http://json-schema.org/draft-07/schema#', ...tuple });
    assert.equal(await verdict(draft7, [1]), 'pass · 1 event');
    assert.match(
      (await verdict(draft7, [1, 2])) ?? '',
      /FAIL · event 1: data must NOT have more than 1 items/,
    );
    const prefix = { prefixItems: [{ type: 'number' }], items: false };
    const draft2020 = file('2020.json', {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      ...prefix,
    });
    assert.match((await verdict(draft2020, [1, 2])) ?? '', /^FAIL/);
    const unnamed = file('unnamed.json', prefix);
    assert.match((await verdict(unnamed, [1, 2])) ?? '', /^FAIL/);
  });

  test('says what is wrong in a few words', async () => {
    const closed = file('closed.json', {
      type: 'object',
      properties: { a: { enum: ['x', 'y'] } },
      additionalProperties: false,
    });
    assert.equal(
      await verdict(closed, { a: 'z' }),
      'FAIL · event 1: data/a must be equal to one of the allowed values: ["x","y"]',
    );
    assert.equal(
      await verdict(closed, { b: 1 }),
      'FAIL · event 1: data must NOT have additional properties: b',
    );
    const long = file('long.json', { enum: ['x'.repeat(5000)] });
    assert.ok(((await verdict(long, 1)) ?? '').length < 160);
  });

  test('may hold words that nobody knows, formats unchecked', async () => {
    assert.equal(
      await verdict(file('words.json', { 'x-ours': 1, format: 'email' }), 'no address'),
      'pass · 1 event',
    );
  });

  test('is refused before the run where it can not be used', async () => {
    assert.match(await refusal(join(folder, 'none.json')), /can't read .*: there is no such file/);
    assert.match(await refusal(folder), /it is a folder/);
    assert.match(await refusal(file('text.json', '{"a":')), /is not JSON/);
    assert.match(await refusal(file('list.json', [])), /a schema is an object/);
    assert.match(await refusal(file('type.json', { type: 'nubmer' })), /the schema is not valid: .*type/);
    assert.match(
      await refusal(file('ref.json', { $ref: 'other.json' })),
      /not valid: can't resolve reference other.json/,
    );
    assert.match(
      await refusal(file('old.json', { $schema: 'http://json-schema.org/draft-04/schema#' })),
      /"\$schema" is not known/,
    );
    assert.match(await refusal(file('async.json', { $async: true })), /asynchronous/);
    assert.match(await refusal('preset:progres'), /no shape "progres"/);
  });
});
