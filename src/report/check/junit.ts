import { isNote } from '../../results/check/note.ts';
import type { CheckResult, Fix, ProbeResult } from '../../results/check/result.ts';
import { attributes, escapeXml, junitFile, junitSeconds, junitTime } from '../xml.ts';
import { answerHeaderIn } from './answer-header.ts';
import { AT_APPLICATION } from './proof.ts';

const CLASS = 'check-proxy';

/**
 * The result as JUnit XML, a test case a probe; what didn't run is skipped, and a run that came to nothing is an error.
 *
 * @param failing what a run fails by: a warning that isn't among them passes with its text as output
 */
export function checkJunit(result: CheckResult, failing: ReadonlySet<ProbeResult['status']>): string {
  const { target, results, skipped, startedAt, durationMs } = result;
  const troubles = troubleOf(result);
  const suite = attributes({
    name: `check-proxy: ${target}`,
    tests: String(troubles.length + results.length + skipped.length),
    failures: String(results.filter((each) => fails(each, failing)).length),
    errors: String(troubles.length),
    skipped: String(skipped.length),
    timestamp: junitTime(startedAt),
    time: junitSeconds(durationMs),
  });
  const cases = [
    ...troubles.map((trouble) => testCase(CLASS, trouble)),
    ...results.map((each) => testCase(each.probe, insideOf(each, failing), each.durationMs)),
    ...skipped.map(({ probe, why }) => testCase(probe, `<skipped${attributes({ message: why })}/>`)),
  ];
  return junitFile(`  <testsuite${suite}>\n${cases.join('')}  </testsuite>\n`);
}

/** A run that measured nothing has found nothing to be well: it is an error, which skipped cases alone are not. */
function troubleOf({ error, results, interrupted }: CheckResult): string[] {
  if (error === undefined)
    return results.length > 0 || interrupted
      ? []
      : [`<error${attributes({ message: 'nothing could be measured' })}/>`];
  const { code, message, hint = '' } = error;
  return [`<error${attributes({ message, type: code })}>${escapeXml(hint)}</error>`];
}

function testCase(name: string, inside: string, durationMs = 0): string {
  const time = junitSeconds(durationMs);
  return `    <testcase${attributes({ classname: CLASS, name, time })}>\n      ${inside}\n    </testcase>\n`;
}

function fails(result: ProbeResult, failing: ReadonlySet<string>): boolean {
  return failing.has(result.status) && !isNote(result);
}

function insideOf(result: ProbeResult, failing: ReadonlySet<string>): string {
  const { status, fault, summary, fixes, onlyIf } = result;
  if (!fails(result, failing)) {
    const told = isNote(result) ? `note: ${summary}; it matters ${onlyIf}` : `${status}: ${summary}`;
    return `<system-out>${escapeXml(status === 'pass' ? summary : told)}</system-out>`;
  }
  const remedies = fixes.map(remedyText).join('\n');
  return `<failure${attributes({ message: summary, type: fault ?? CLASS })}>${remedies}</failure>`;
}

/** What is to be written in several lines stands in lines of its own, to be copied; and below it what that needs. */
function remedyText({ where, line, needs, proxy }: Fix): string {
  const place = `${where}${proxy === undefined ? '' : `, proxy ${proxy} from the client`}:`;
  const isHeader = where === AT_APPLICATION && answerHeaderIn(line) !== undefined;
  const lines = (isHeader ? `answer with the header ${line}` : line).split('\n');
  const told = lines.length === 1 ? [`${place} ${lines[0]}`] : [place, ...lines];
  return [...told, ...(needs === undefined ? [] : [`needs ${needs}`])].map(escapeXml).join('\n');
}
