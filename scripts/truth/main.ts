/**
 * `npm run truth`: drives servers of known behaviour, each in a process of its own, through each case, and holds every
 * figure against what the server did.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { thisMachine } from '../perf/machine.ts';
import { t1 } from './cases/t1-marks.ts';
import { t2a, t2b } from './cases/t2-freezes.ts';
import { t2c } from './cases/t2c-closed-model.ts';
import { t3 } from './cases/t3-outages.ts';
import { t4 } from './cases/t4-delivery.ts';
import { t5 } from './cases/t5-silence.ts';
import { t6 } from './cases/t6-pace.ts';
import { t7 } from './cases/t7-overload.ts';
import { t8 } from './cases/t8-workers.ts';
import { t9 } from './cases/t9-storms.ts';
import { t10 } from './cases/t10-clean-ends.ts';
import { t11 } from './cases/t11-transports.ts';
import { t12 } from './cases/t12-goodput.ts';
import { t13 } from './cases/t13-publishing.ts';
import { t14a } from './cases/t14-endings.ts';
import { t14b } from './cases/t14-leavers.ts';
import { t14c } from './cases/t14-slow-readers.ts';
import { t15 } from './cases/t15-warm-up.ts';
import type { Check } from './check.ts';
import { caseTable } from './table.ts';
import type { TruthCase } from './truth-case.ts';
import { type Judged, undisturbed } from './undisturbed.ts';

const CASES: readonly TruthCase[] = [
  t1,
  t2a,
  t2b,
  t2c,
  t3,
  t4,
  t5,
  t6,
  t7,
  t8,
  t9,
  t10,
  t11,
  t12,
  t13,
  t14a,
  t14b,
  t14c,
  t15,
];

const HELP = `npm run truth -- [--json FILE] [case...]

Runs the built command against servers of known behaviour, and prints what was expected (what the server stamped), what was
measured, and the error. Ends with 1 where one is beyond its tolerance. A case whose times missed while the host of a virtual
machine took cores away is run again, 3 times at most. Cases, all of them unless some are named:
${CASES.map(({ id, title }) => `  ${id.padEnd(4)} ${title}\n`).join('')}`;

/** What one case came to. */
interface Outcome extends Partial<Judged> {
  id: string;
  title: string;
  checks: readonly Check[];
  /** Why there are none. */
  failure?: string;
}

function fromCommandLine() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
  });
  const asked = positionals.map((id) => id.toUpperCase());
  // `T2` are T2a, T2b and T2c.
  const isAsked = (word: string, { id }: TruthCase) =>
    [id.toUpperCase(), id.replace(/[a-z]$/, '')].includes(word);
  const unknown = asked.find((word) => !CASES.some((each) => isAsked(word, each)));
  if (unknown !== undefined) throw new Error(`${unknown}: no such case\n\n${HELP}`);
  return {
    ...values,
    wanted: CASES.filter((each) => asked.length === 0 || asked.some((word) => isAsked(word, each))),
  };
}

async function outcomeOf(each: TruthCase): Promise<Outcome> {
  const { id, title } = each;
  try {
    const judged = await undisturbed(each, (text) => process.stderr.write(`  … ${text}\n`));
    return { id, title, ...judged };
  } catch (error) {
    return { id, title, checks: [], failure: error instanceof Error ? error.message : String(error) };
  }
}

async function main(): Promise<void> {
  const { wanted, json, help } = fromCommandLine();
  if (help) return void process.stdout.write(HELP);
  const outcomes: Outcome[] = [];
  for (const each of wanted) {
    process.stdout.write(`${each.id}: ${each.title}\n`);
    const outcome = await outcomeOf(each);
    outcomes.push(outcome);
    process.stdout.write(`${outcome.failure === undefined ? caseTable(outcome.checks) : outcome.failure}\n`);
  }
  if (json !== undefined) {
    const measuredAt = new Date().toISOString();
    writeFileSync(
      json,
      `${JSON.stringify({ machine: thisMachine(), measuredAt, cases: outcomes }, null, 2)}\n`,
    );
  }
  const checks = outcomes.flatMap((outcome) => outcome.checks);
  const missed = checks.filter(({ pass }) => !pass).length;
  const again = outcomes.filter(({ tries = 1 }) => tries > 1).length;
  const broken = outcomes.filter(({ failure }) => failure !== undefined).length;
  process.stdout.write(
    `${checks.length - missed} of ${checks.length} figures are within their tolerance` +
      `${broken > 0 ? `; ${broken} of ${outcomes.length} cases could not be run` : ''}` +
      `${again > 0 ? `; ${again} of ${outcomes.length} were run again, for the host took cores away` : ''}\n`,
  );
  if (missed + broken > 0) process.exitCode = 1;
}

// Ends with what is tidied up at the exit.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
