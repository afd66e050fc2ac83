import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { explainFault } from '../../../src/checks/faults/explain.ts';
import { explanationText } from '../../../src/report/check/catalogue.ts';
import { checkText } from '../../../src/report/check/screen.ts';
import { toCopyText } from '../../../src/report/check/to-copy.ts';
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
        program: 'ssekit',
        titleOf: () => '',
        onlyForOf: () => undefined,
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
    const text = explanationText(
      { fault, verify: '', atOrigin, causes: [] },
      { palette, columns: 60, program: 'ssekit' },
    );
    assert.ok(text.includes(`${SHOWN}${' '.repeat(12)}but slow\n${' '.repeat(12)}${source}\n`), text);
  });

  it('are all of what the catalogue has', () => {
    const told = explainFault('capacity.limit');
    assert.ok(told);
    const text = explanationText(told, { palette, columns: undefined, program: 'ssekit' });
    for (const { fixes } of told.causes)
      for (const { line } of fixes) for (const each of line.split('\n')) assert.ok(text.includes(each), each);
  });

  it('are one where a command proves them, however narrow the terminal, and begins as the program was called', () => {
    const told = explainFault('buffer.threshold');
    assert.ok(told);
    const text = explanationText(told, { palette, columns: 60, program: 'npx ssekit' });
    assert.match(text, /\n {2}check {5}npx ssekit check-proxy URL --origin HOST:PORT --only \S+,xab\n/);
  });

  const at60 = (line: string, isProse = false) =>
    toCopyText(line, { palette, columns: 60, isProse }).replaceAll(/^ {12}/gm, '');

  it('are broken by nobody where they are code, however long', () => {
    const code = '  proxy_set_header X-Some-Long-Header-Name $some_long_variable_name_here;';
    assert.equal(at60(code), `${code}\n`);
  });

  it('are folded where they are prose, or a remark beside the code', () => {
    const prose = 'wait for the client: run no further ahead than it has confirmed';
    assert.equal(at60(prose), `${prose}\n`);
    assert.equal(at60(prose, true), 'wait for the client: run no further ahead than\nit has confirmed\n');
    assert.equal(
      at60('event: done   (end each whole stream with an event of its own)', true),
      'event: done\n(end each whole stream with an event of its own)\n',
    );
  });

  it('stay comments in every line, and indented as they were', () => {
    assert.equal(
      at60('  off;   # and take X-Accel-Buffering out of what proxy_ignore_headers lists'),
      '  off;\n  # and take X-Accel-Buffering out of what\n  # proxy_ignore_headers lists\n',
    );
  });
});
