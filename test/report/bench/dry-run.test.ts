import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Check } from '../../../src/bench/preflight/check.ts';
import { type DryRun, dryRunText } from '../../../src/report/bench/dry-run.ts';
import { plainPalette } from '../../../src/report/palette.ts';

const FILES: Check = {
  id: 'descriptors',
  status: 'ok',
  need: 10_050,
  have: 20_000,
  unit: 'open files',
  message: 'for each of 2 workers',
  remedy: '',
};

const TOO_FEW_PORTS: Check = {
  id: 'ports',
  status: 'refused',
  need: 30_000,
  have: 28_232,
  unit: 'ports',
  message: '30,000 connections to example.test:80 need as many local ports, and there are 28,232',
  remedy: '2 URLs with different ports',
};

function textOf(checks: readonly Check[], columns?: number): string {
  const refused = checks.filter(({ status }) => status === 'refused');
  const run: DryRun = {
    target: 'http://example.test/',
    plan: {
      model: 'closed',
      load: '-c 20000, ramp-up 20 s',
      durationMs: 30_000,
      rampUpMs: 20_000,
      warmUpMs: 0,
      starts: 20_000,
      peak: 20_000,
      workers: 2,
      reconnect: 'persistent',
      seed: 1,
      notes: [],
    },
    preflight: {
      checks,
      decisions: { workers: 2 },
      refusals: refused.map(({ need, have, unit, message, remedy }) => ({
        code: 'machine-limits',
        figure: need,
        limit: have ?? 0,
        unit,
        message,
        remedy,
      })),
    },
  };
  return dryRunText(run, { palette: plainPalette, columns });
}

describe('the text of a dry run', () => {
  test('shows the plan, what it needs of what there is, and that it can be', () => {
    assert.equal(
      textOf([FILES]),
      [
        '  target    http://example.test/',
        '  plan      -c 20000, ramp-up 20 s · for 30 s · 2 workers · seed 1',
        '  streams   20,000 to start, at most 20,000 open at a time',
        '  files     10,050 of 20,000 open files · for each of 2 workers',
        '  YES       this machine can make that load',
        '',
      ].join('\n'),
    );
  });

  test('shows what is not enough, with the way out, and that it can not be', () => {
    const lines = textOf([FILES, TOO_FEW_PORTS]).split('\n').slice(4);
    assert.deepEqual(lines, [
      '  ports     not enough: 30,000 of 28,232 ports · 30,000 connections to example.test:80 need as many local ports, and there are 28,232',
      '            → 2 URLs with different ports',
      '  NO        this machine can not make that load: the run would not start',
      '',
    ]);
  });

  test('says neither yes nor no where the run would start and come to little', () => {
    const busy: Check = { ...FILES, id: 'cpu', status: 'note', unit: 'cores', need: 7, have: 2 };
    const full: Check = { ...FILES, id: 'target-cap', status: 'note', unit: 'streams', need: 200_000 };
    const last = (...checks: Check[]) => textOf(checks).trimEnd().split('\n').at(-1);
    assert.equal(
      last(FILES, busy, full),
      '  MAYBE     the run would start, but its figures will likely not be valid; the server will likely not hold it',
    );
    assert.match(last(busy, TOO_FEW_PORTS) ?? '', /^ {2}NO /);
    const unknown: Check = { ...FILES, status: 'not-checked', have: null };
    assert.equal(last(unknown), '  YES       as far as this system tells, this machine can make that load');
  });

  test('shows bytes in units that people read, and what is not known as such', () => {
    const memory: Check = { ...FILES, id: 'memory', unit: 'bytes', need: 4e8, have: 8e9, message: 'in all' };
    const unknown: Check = { ...FILES, status: 'not-checked', have: null, message: 'who knows' };
    assert.match(textOf([memory]), /memory +400 MB of 8 GB · in all/);
    assert.match(textOf([unknown]), /files +not checked: 10,050 open files · who knows/);
  });

  test('fits a narrow terminal', () => {
    for (const line of textOf([FILES, TOO_FEW_PORTS], 60).split('\n')) assert.ok(line.length <= 60, line);
  });
});
