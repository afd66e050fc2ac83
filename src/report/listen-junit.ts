import type { SseKitError } from '../client/errors.ts';
import type { RunReport } from '../listen/run-report.ts';
import type { ExpectationResult, FindingCount } from '../results/sections.ts';
import { counted } from './quantity.ts';
import { attributes, escapeXml, junitFile, junitSeconds, junitTime } from './xml.ts';

interface TestCase {
  name: string;
  /** When it was known, in milliseconds since the start of the run. */
  t: number;
  outcome: 'pass' | 'fail' | 'skip';
  /** What was seen. */
  text: string;
}

/**
 * A run of `listen` as JUnit XML: a test case for how it ended, one for each expectation, and a suite of the findings
 * where any were looked for.
 *
 * @param target what was listened to, without secrets
 */
export function listenJunit(run: RunReport, target: string): string {
  const { expectations = [], findings } = run.summary;
  const suites = [
    suite(`ssekit listen ${target}`, 'listen', [endCase(run), ...expectations.map(ruleCase)], run),
  ];
  if (findings !== undefined)
    suites.push(suite(`findings in ${target}`, 'findings', findings.map(findingCase), run));
  return junitFile(suites.join(''));
}

/** How the run ended; what its expectations came to has test cases of its own. */
function endCase({ failure, close, by, summary }: RunReport): TestCase {
  const own = failure?.code === 'EXPECTATION_FAILED' ? (failure.cause as SseKitError | undefined) : failure;
  const how = by === undefined ? close?.reason : `we left: ${by}`;
  const seen = `${how ?? 'no attempt'} after ${counted(summary.events, 'event')}`;
  const name = 'the run ends as it should';
  if (own !== undefined)
    return { name, t: summary.t, outcome: 'fail', text: `${own.message} (exit ${own.exitCode}); ${seen}` };
  return { name, t: summary.t, outcome: summary.exit >= 128 ? 'skip' : 'pass', text: seen };
}

function ruleCase({ rule, pass, undecided, seen, t }: ExpectationResult): TestCase {
  return { name: rule, t, outcome: pass ? 'pass' : undecided === true ? 'skip' : 'fail', text: seen };
}

function findingCase({ code, severity, count, message, offset, conn }: FindingCount): TestCase {
  const place = offset === undefined ? `connection ${conn}` : `connection ${conn}, byte ${offset}`;
  return {
    name: code,
    t: 0,
    outcome: severity === 'error' ? 'fail' : 'pass',
    text: `${severity}, ${count}×: ${message} (first on ${place})`,
  };
}

function suite(
  name: string,
  classname: string,
  cases: readonly TestCase[],
  { startedAtMs, summary }: RunReport,
): string {
  const numberOf = (outcome: TestCase['outcome']) =>
    String(cases.filter((each) => each.outcome === outcome).length);
  const head = attributes({
    name,
    tests: String(cases.length),
    failures: numberOf('fail'),
    errors: '0',
    skipped: numberOf('skip'),
    timestamp: junitTime(new Date(startedAtMs).toISOString()),
    time: junitSeconds(summary.t),
  });
  return `  <testsuite${head}>\n${cases.map((each) => testCase(each, classname)).join('')}  </testsuite>\n`;
}

function testCase({ name, t, outcome, text }: TestCase, classname: string): string {
  const inside = {
    pass: `<system-out>${escapeXml(text)}</system-out>`,
    fail: `<failure${attributes({ message: text, type: classname })}>${escapeXml(text)}</failure>`,
    skip: `<skipped${attributes({ message: text })}/>`,
  };
  const head = attributes({ classname, name, time: junitSeconds(t) });
  return `    <testcase${head}>\n      ${inside[outcome]}\n    </testcase>\n`;
}
