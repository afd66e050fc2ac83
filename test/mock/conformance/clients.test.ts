import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { EventSource as PackageEventSource } from 'eventsource';
import { EventSource as UndiciEventSource } from 'undici';
import type { Outcome } from '../../../src/mock/conformance/verdict.ts';
import { type OpenClient, openEventSource, runAdapter } from './adapter.ts';
import { openNaiveClient } from './naive-client.ts';
import { serveSuite } from './served-suite.ts';

/** The whole suite with a client of its own server; the rows by what became of them. */
async function measure(context: TestContext, name: string, open: OpenClient) {
  const { url, suite } = await serveSuite(context);
  await runAdapter(url, name, open);
  const result = await suite.over;
  assert.equal(result.ended, 'complete');
  assert.equal(result.client.name, name);
  return {
    rows: (outcome: Outcome) => result.rows.filter((row) => row.outcome === outcome).map(({ id }) => id),
    evidence: (id: string) => result.rows.find((row) => row.id === id)?.evidence ?? '',
  };
}

/** Neither lets its waits grow, but a busy machine may. */
const isSteady = (id: string) => id !== 'backoff';

// Exact sets: a row more or less is either another version of the library, or a judge that changed its mind.
// What each rests on in the standard is in docs/check-clients.md.
describe('the conformance suite, with clients as they are used', { concurrency: true }, () => {
  test('finds four faults in the package eventsource', async (context) => {
    const open = openEventSource((url) => new PackageEventSource(url));
    const { rows, evidence } = await measure(context, 'eventsource', open);
    assert.deepEqual(rows('fail'), [
      'last-event-id-no-data',
      'event-last-event-id',
      'type-case',
      'last-event-id-utf8',
    ]);
    assert.deepEqual(rows('note').filter(isSteady), []);
    assert.deepEqual(rows('not-measured'), []);
    assert.equal(evidence('event-last-event-id'), 'lastEventId of event 2 was "", not "sticky"');
    assert.match(evidence('last-event-id-utf8'), /did not come back/);
  });

  test("finds four faults in undici's EventSource", async (context) => {
    const open = openEventSource((url) => new UndiciEventSource(url) as never);
    const { rows, evidence } = await measure(context, 'undici', open);
    assert.deepEqual(rows('fail'), [
      'last-event-id-empty',
      'last-event-id-no-colon',
      'event-type-last',
      'last-event-id-utf8',
    ]);
    assert.deepEqual(rows('note').filter(isSteady), []);
    assert.deepEqual(rows('not-measured'), []);
    assert.equal(evidence('last-event-id-empty'), 'sent Last-Event-ID: "forget-me"');
  });

  test('finds in a naive client every mistake that it makes, and none that it does not', async (context) => {
    const { rows, evidence } = await measure(context, 'naive', openNaiveClient);
    assert.deepEqual(rows('fail'), [
      'reconnect-end',
      'crlf',
      'cr',
      'mixed-line-ends',
      'crlf-split',
      'bom',
      'utf8-split',
      'comments',
      'multi-line',
      'empty-data',
      'no-colon',
      'spaces',
      'no-data',
      'reconnect-cut',
      'reconnect-reset',
    ]);
    assert.deepEqual(rows('note'), ['accept', 'cache-control']);
    assert.deepEqual(rows('pass'), [
      'lf',
      'utf8-invalid',
      'colons',
      'unknown-fields',
      'event-type',
      'event-type-reset',
      'event-type-last',
      'big-event',
      'unfinished-event',
      'redirect-301',
      'redirect-307',
      'type-parameters',
      'type-case',
    ]);
    assert.equal(evidence('multi-line'), 'the event had data "onetwothree", not "one\\ntwo\\nthree"');
    assert.match(evidence('stop-204'), /does not come back/);
  });

  test('judges a client alone by its requests, and passes nothing that they cannot tell', async (context) => {
    const { url, suite } = await serveSuite(context);
    const source = new PackageEventSource(url);
    const result = await suite.over;
    source.close();
    const rows = (outcome: Outcome) =>
      result.rows.filter((row) => row.outcome === outcome).map(({ id }) => id);
    assert.equal(result.evidence, 'wire');
    assert.equal(result.ended, 'complete');
    assert.deepEqual(rows('fail'), ['last-event-id-no-data']);
    assert.ok(rows('pass').includes('stop-204'));
    assert.ok(rows('pass').includes('crlf-split'));
    assert.deepEqual(rows('not-measured'), [
      'event-last-event-id',
      'utf8-split',
      'utf8-invalid',
      'multi-line',
      'empty-data',
      'no-colon',
      'spaces',
      'event-type',
      'event-type-reset',
      'event-type-last',
      'no-data',
      'unfinished-event',
      'type-case',
      'last-event-id-utf8',
      'stop-404',
      'stop-type',
      'stop-503',
    ]);
  });

  test('fails a client alone that is no more than a request, and ends', async (context) => {
    const { url, suite } = await serveSuite(context);
    await (await fetch(url, { headers: { accept: 'text/event-stream' } })).text();
    const result = await suite.over;
    assert.equal(result.ended, 'left');
    assert.deepEqual(
      result.rows.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id),
      ['reconnect-end'],
    );
  });
});
