import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultHelp } from '../../src/commands/fault-help.ts';
import { FAULT_KINDS } from '../../src/mock/faults/kinds.ts';

test('help names every kind of fault, says what it does, and fits into a terminal', () => {
  const lines = faultHelp().trimEnd().split('\n');
  const names = lines.flatMap((line) => /^ {2}([a-z0-9-]+)/.exec(line)?.[1] ?? []);
  assert.deepEqual(
    names,
    FAULT_KINDS.map(({ name }) => name),
  );
  for (const line of lines) assert.ok(line.length <= 80, line);
  const text = lines.join(' ').replace(/\s+/g, ' ');
  for (const { meaning } of FAULT_KINDS) assert.ok(text.includes(meaning), meaning);
});

test('help shows the value that a kind takes, in brackets where it may be left out', () => {
  assert.match(faultHelp(), /^ {2}delay=D +the event leaves D after it was due/m);
  assert.match(faultHelp(), /^ {2}wrong-type\[=TYPE\] /m);
});
