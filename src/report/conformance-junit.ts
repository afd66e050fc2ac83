import type { ConformanceResult, ConformanceRow } from '../mock/conformance/result.ts';
import { escapeInline } from './escape.ts';

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
    // Local time without a zone, as the schema has it.
    timestamp: startedAt.replace(/\.\d+Z$/, ''),
    time: (durationMs / 1_000).toFixed(3),
  });
  const cases = rows.map((row) => testCase(row)).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n  <testsuite${suite}>\n${cases}  </testsuite>\n</testsuites>\n`;
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

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(value)}"`)
    .join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** XML 1.0 has no way to write most control characters, halves of surrogate pairs, U+FFFE and U+FFFF. */
function escapeXml(text: string): string {
  return escapeInline(text)
    .replace(/[\p{Surrogate}\ufffe\uffff]/gu, '\ufffd')
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}
