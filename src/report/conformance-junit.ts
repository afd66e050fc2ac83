import type { ConformanceResult, ConformanceRow } from '../mock/conformance/result.ts';
import { attributes, escapeXml, junitFile, junitSeconds, junitTime } from './xml.ts';

/**
 * The result as JUnit XML, a test case a requirement: what could not be measured is skipped, what the standard leaves
 * open passes with its note as output.
 */
export function conformanceJunit(result: ConformanceResult): string {
  const { counts, rows, startedAt, durationMs, client } = result;
  const suite = attributes({
    name: `client conformance: ${client.name || client.userAgent || 'no client'}`,
    tests: String(rows.length),
    failures: String(counts.fail),
    errors: '0',
    skipped: String(counts.notMeasured),
    timestamp: junitTime(startedAt),
    time: junitSeconds(durationMs),
  });
  const cases = rows.map((row) => testCase(row)).join('');
  return junitFile(`  <testsuite${suite}>\n${cases}  </testsuite>\n`);
}

function testCase({ id, text, outcome, evidence, source }: ConformanceRow): string {
  const head = `    <testcase${attributes({ classname: 'client-conformance', name: `${id}: ${text}`, time: '0' })}>`;
  const inside = {
    pass: `<system-out>${escapeXml(evidence)}</system-out>`,
    note: `<system-out>${escapeXml(`note: ${evidence} (${source})`)}</system-out>`,
    fail: `<failure${attributes({ message: evidence, type: 'client-conformance' })}>${escapeXml(source)}</failure>`,
    'not-measured': `<skipped${attributes({ message: evidence })}/>`,
  };
  return `${head}\n      ${inside[outcome]}\n    </testcase>\n`;
}
