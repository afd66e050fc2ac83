import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openingText } from '../../../src/report/check/opening.ts';

const WHERE = 'checking demo: against the origin at 127.0.0.1:41873';
const WHAT = '20 probes, about 1 min 25 s, at most 50 connections at once';

test('what a run is going to do stands below where, if there is no room beside it', () => {
  const line = `${WHERE}: ${WHAT}\n`;
  assert.equal(openingText(WHERE, WHAT, 80), `${WHERE}:\n  ${WHAT}\n`);
  assert.equal(openingText(WHERE, WHAT, 200), line);
  assert.equal(openingText(WHERE, WHAT, undefined), line);
  for (const columns of [20, 40, 60, 100])
    for (const each of openingText(WHERE, WHAT, columns).split('\n')) assert.ok(each.length <= columns, each);
});

test('no word of it is broken, nor a URL', () => {
  const words = (text: string) => text.split(/\s+/).filter((each) => each !== '');
  const where = `looking at https://app.example/${'long/'.repeat(20)} as a client does`;
  const what = `${WHAT}; where no answer comes, some more`;
  assert.deepEqual(words(openingText(where, what, 40)), words(`${where}: ${what}`));
});
