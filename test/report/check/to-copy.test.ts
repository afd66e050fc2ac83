import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { explainFault } from '../../../src/checks/faults/explain.ts';
import { explanationText } from '../../../src/report/check/catalogue.ts';
import { checkText } from '../../../src/report/check/screen.ts';
import { plainPalette as palette } from '../../../src/report/palette.ts';
import { aHeldBack, aResult } from './results.ts';

const LINES = 'outer {\n  inner 1;\n}';
const SHOWN = `${' '.repeat(12)}outer {\n${' '.repeat(14)}inner 1;\n${' '.repeat(12)}}\n`;

describe('lines that mend something', () => {
  it('stand one below the other after a run, indented as they are written', () => {
    const fixes = [{ where: 'here', line: LINES, basis: 'measured', verify: '--only timing' } as const];
    const result = aResult({ results: [aHeldBack({ fixes })] });
    const againAt = (url: string) => `ssekit check-proxy ${url}`;
    assert.ok(
      checkText(result, {
        palette,
        columns: 80,
        titleOf: () => '',
        againAt,
        lookAt: againAt,
        standInAt: againAt,
      }).includes(SHOWN),
    );
  });

  it('stand so where a fault is explained, with what may break and where it stands', () => {
    const fault = { id: 'buffer.timer', title: 'late', harm: 'late', probes: ['timing'] };
    const source = 'https://example.test/a-page-whose-address-is-too-long-for-the-terminal-and-is-not-folded';
    const atOrigin = [{ where: 'here', line: LINES, basis: 'documented', caution: 'slow', source } as const];
    const text = explanationText({ fault, verify: '', atOrigin, causes: [] }, { palette, columns: 60 });
    assert.ok(text.includes(`${SHOWN}${' '.repeat(12)}but slow\n${' '.repeat(12)}${source}\n`), text);
  });

  it('are all of what the catalogue has', () => {
    const told = explainFault('capacity.limit');
    assert.ok(told);
    const text = explanationText(told, { palette, columns: 80 });
    for (const { fixes } of told.causes)
      for (const { line } of fixes) for (const each of line.split('\n')) assert.ok(text.includes(each), each);
  });
});
