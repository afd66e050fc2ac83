import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { listed, listenToMock } from './mock-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'ssekit-expect-'));
after(() => rmSync(folder, { recursive: true }));
const schema = (name: string, content: object) => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
};
const tick = schema('tick.json', {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  required: ['n', 'sentAt'],
  properties: { n: { type: 'integer', minimum: 1 } },
});
const order = schema('order.json', { required: ['order'] });

/** Five ticks, then a clean end. */
const FIVE = 'interval=20ms&count=5&event=tick';
const ENDLESS = 'interval=50ms';
const SLOW = 'interval=30s&heartbeat=off';
/** Two connections: the first is reset after event 3, the second resumes. */
const RESET = (client: string) =>
  `interval=20ms&count=6&send-retry=50ms&fault=conn:1:reset@3&client=${client}`;
const FOLLOW = ['--retry', '3', '-n', '6'];

const RULES: [rule: string, query: string, line: RegExp, ...words: string[]][] = [
  ['event=tick within 15s', FIVE, /pass · after \d+ ms/],
  ['event=nope within 1s', ENDLESS, /FAIL · none in 1000 ms, \d+ other events?/],
  ['first event=connected', 'preset=notifications&count=2&interval=20ms', /pass · the first is connected/],
  ['first event=connected', FIVE, /FAIL · the first is tick/],
  ['event=tick every 15s', FIVE, /pass · (longest \d+ ms of \d gaps?|all at once\b.*)/],
  ['event=message every 100ms', SLOW, /FAIL · nothing for 100 ms/],
  ['count>=5', FIVE, /pass · 5 events/],
  ['count>=6', FIVE, /FAIL · 5 events/],
  ['count(event=tick)==5', FIVE, /pass · 5 events/],
  ['count(event=tick)==4', FIVE, /FAIL · 5 events/],
  ['first-event<15s', FIVE, /pass · \d+ ms/],
  ['first-event<200ms', SLOW, /FAIL · no event in 200 ms/],
  ['first-event(event=tick)<15s', FIVE, /pass · \d+ ms/],
  ['first-event(event=nope)<200ms', ENDLESS, /FAIL · no nope event in 200 ms/],
  ['headers<15s', FIVE, /pass · \d+/],
  ['headers<200ms', `${FIVE}&fault=late-headers=20s`, /FAIL · no headers in 200 ms/],
  ['gap<15s', FIVE, /pass · (longest \d+ ms of \d gaps?|all at once\b.*)/],
  ['gap<15s', FIVE, /FAIL · no whole gap/, '-n', '1'],
  ['gap<200ms', `${ENDLESS}&fault=stall@3`, /FAIL · nothing for 200 ms/],
  ['gap(event=message)<200ms', `${ENDLESS}&fault=stall@3`, /FAIL · nothing for 200 ms/],
  ['keepalive<15s', FIVE, /pass · (longest \d+ ms of \d gaps?|all at once\b.*)/],
  ['keepalive<200ms', SLOW, /FAIL · nothing for 200 ms/],
  ['data.n==3', FIVE, /pass · event 3: 3/],
  ['data.n=="3"', FIVE, /FAIL · in none of 5 events; the last: 5/],
  ['some(event=tick) data.n > 4', FIVE, /pass · event 5: 5/],
  ['every data.n is number', FIVE, /pass · 5 events/],
  ['every data.n < 4', FIVE, /FAIL · event 4: 4/],
  ['every(event=tick) data.sentAt exists', FIVE, /pass · 5 events/],
  ['every(event=tick) data.id exists', FIVE, /FAIL · event 1: data\.id is missing/],
  ['ids increasing', FIVE, /pass · 5 ids/],
  ['ids increasing', `${FIVE}&fault=swap@2`, /FAIL · event 3: 2 after 3/],
  ['no duplicates', FIVE, /pass · 5 different ids/],
  ['no duplicates', `${FIVE}&fault=dup@2`, /FAIL · event 3: 2 came before/],
  ['ends clean', FIVE, /pass · ended cleanly/],
  ['ends clean', `${FIVE}&fault=reset@3`, /FAIL · .*reset/],
  ['ends clean', ENDLESS, /FAIL · it had not ended when we left \(--for\)/, '--for', '300ms'],
  ['status==200', FIVE, /pass · 200/],
  ['status==200', `${FIVE}&fault=status=503`, /FAIL · 503/],
  ['status==503', `${FIVE}&fault=status=503`, /pass · 503/],
  ['header cache-control ~ "no-cache"', FIVE, /pass · "no-cache, no-transform"/],
  ['header x-version == "2"', FIVE, /FAIL · absent/],
  [`schema=${tick}`, FIVE, /pass · 5 events/],
  [`schema=${order}`, FIVE, /FAIL · event 1: data must have required property 'order'/],
  [`schema(event=tick)=${tick}`, FIVE, /pass · 5 events/],
  ['schema=preset:progress', 'preset=progress&count=9&interval=10ms', /pass · 10 events/],
  ['schema=preset:notifications', 'preset=notifications&count=3&interval=10ms', /pass · 4 events/],
  ['schema=preset:ai-token', 'preset=ai-token&prompt=Hi&count=3&rate=200/s&ttft=10ms', /pass · \d+ events/],
  ['schema=preset:activity', FIVE, /FAIL · event 1: data must have required property 'userId'/],
  ['comments>=1', FIVE, /pass · 1 comment/],
  ['comments==0', FIVE, /FAIL · 1 comment/],
  ['bytes<1MB', FIVE, /pass · \d+ bytes/],
  ['bytes<10', FIVE, /FAIL · \d+ bytes/],
  ['outages==1', RESET('outages'), /pass · 1 outage/, ...FOLLOW],
  ['outages==0', RESET('no-outages'), /FAIL · 1 outage/, ...FOLLOW],
  ['reconnect-time<15s', RESET('time'), /pass · longest \d+ ms of 1 outage/, ...FOLLOW],
  ['reconnect-time<10ms', RESET('quick'), /FAIL · not back after 10 ms/, ...FOLLOW],
  ['outage<15s', RESET('outage'), /pass · longest \d+ ms of 1 outage/, ...FOLLOW],
  ['lost==0', RESET('lost'), /pass · 0 lost over 1 outage/, ...FOLLOW],
  ['lost==0', `${RESET('gone')}&fault=conn:2:drop@4`, /FAIL · 1 lost over 2 outages/, ...FOLLOW],
  ['repeated==0', RESET('repeated'), /pass · 0 repeated over 1 outage/, ...FOLLOW],
];

describe('each rule, through the command', () => {
  const mock = listenToMock();
  for (const [rule, query, line, ...words] of RULES) {
    test(`${rule} on ${query}: ${line.source}`, async () => {
      const outcome = await mock.expect(query, [rule], ...words);
      const [found = outcome.stderr] = listed(outcome);
      assert.ok(found.startsWith(`${rule} · `), found);
      assert.match(found, line);
      assert.equal(outcome.code, found.includes(' · pass · ') ? 0 : 10, outcome.stderr);
    });
  }
});
