import assert from 'node:assert/strict';
import { it } from 'node:test';
import { progressLine } from '../../../src/report/check/progress.ts';

const WAITING = new Set(['idle', 'lifetime']);

function lineOf(columns: number, probes = 3) {
  const at = { ms: 5_000 };
  const expected = {
    ...{ probes, ms: 82_000, waits: (probe: string) => WAITING.has(probe) },
    measurementMs: (probe: string) => (WAITING.has(probe) ? 75_000 : 2_000),
  };
  return {
    at,
    line: progressLine(
      expected,
      () => columns,
      () => at.ms,
    ),
  };
}

it('tells on one line how many probes are done, what was found, how long it takes, and what runs', () => {
  const { at, line } = lineOf(120);
  const end = ' · Ctrl-C shows what is known';
  assert.equal(line.clear(), '');
  assert.equal(line.tick(), '');
  assert.equal(line.next('timing', 'running'), `\r\u001b[K0 of 3 · 0:00 of about 1:22 · timing${end}`);
  assert.equal(line.next('idle', 'running'), `\r\u001b[K0 of 3 · 0:00 of about 1:22 · timing, idle${end}`);
  at.ms += 31_000;
  assert.equal(line.tick(), `\r\u001b[K0 of 3 · 0:31 of about 1:22 · timing, idle${end}`);
  assert.equal(
    line.next('timing', 'fail'),
    `\r\u001b[K1 of 3 · 1 found something · 0:31 of about 1:22 · idle: waiting on purpose${end}`,
  );
  assert.equal(line.clear(), '\r\u001b[K');
});

it('says that something is measured again, and that it takes longer by that', () => {
  const { at, line } = lineOf(120);
  line.next('idle', 'running');
  at.ms += 75_000;
  assert.match(line.next('idle', 'running'), /0 of 3 · 1:15 of about 2:30 · idle: measured again to be sure/);
  at.ms += 80_000;
  assert.match(line.tick(), /2:35 of about 2:35/);
  at.ms += 3_600_000;
  assert.match(line.tick(), /1:02:35 of/);
});

it('is cut to the terminal', () => {
  assert.equal(lineOf(12).line.next('headers-first', 'running'), '\r\u001b[K0 of 3 · 0…');
});
