import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Benchmark } from './benchmark.ts';
import { PAGE } from './checkout.ts';
import { comingAndGoing } from './coming-and-going.ts';
import { decoding } from './decoding.ts';
import { fanOut } from './fan-out.ts';
import { idleStreams } from './idle-streams.ts';
import { lateness } from './lateness.ts';
import { loadCpu } from './load-cpu.ts';
import { loadHold } from './load-hold.ts';
import { loadMemory } from './load-memory.ts';
import { loadRamp } from './load-ramp.ts';
import { loadStarts } from './load-starts.ts';
import { thisMachine } from './machine.ts';
import { memory } from './memory.ts';
import { readResults, writeResults } from './results.ts';
import { startUp } from './start-up.ts';
import { page, textTable } from './tables.ts';
import { throughput } from './throughput.ts';

const BENCHMARKS: readonly Benchmark[] = [
  decoding,
  startUp,
  throughput,
  memory,
  fanOut,
  idleStreams,
  comingAndGoing,
  lateness,
  loadMemory,
  loadCpu,
  loadRamp,
  loadStarts,
  loadHold,
];

const HELP = `npm run perf -- [options] [benchmark...]

Measures, prints a table, and keeps the figures in perf.json. Benchmarks, all of them unless some are named:
${BENCHMARKS.map(({ name, title }) => `  ${name.padEnd(12)} ${title.replaceAll('`', '')}\n`).join('')}
  --gb N         length of the long stream (2)
  --write-docs   write docs/performance.md from perf.json, after measuring
  --measured     measure nothing: tables, and with --write-docs the page, from perf.json as it is
`;

/** What was asked for; a text where the command line is wrong. */
function fromCommandLine() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      gb: { type: 'string', default: '2' },
      'write-docs': { type: 'boolean', default: false },
      measured: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const gigabytes = Number(values.gb);
  if (!(gigabytes > 0)) throw new Error(`--gb ${values.gb}: a number of gigabytes is wanted`);
  const unknown = positionals.find((name) => BENCHMARKS.every((each) => each.name !== name));
  if (unknown !== undefined) throw new Error(`${unknown}: no such benchmark\n\n${HELP}`);
  const wanted = BENCHMARKS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  return { ...values, gigabytes, wanted };
}

async function main(): Promise<void> {
  const { wanted, gigabytes, measured, help, 'write-docs': writeDocs } = fromCommandLine();
  if (help) return void process.stdout.write(HELP);
  const results = readResults(thisMachine());
  for (const benchmark of wanted) {
    const { name, title } = benchmark;
    const progress = (text: string) => process.stderr.write(`  … ${text}\n`);
    process.stdout.write(`${name}: ${title.replaceAll('`', '')}\n`);
    if (!measured) {
      const rows = await benchmark.run({ gigabytes, progress });
      results.benchmarks[name] = { title, measuredAt: new Date().toISOString(), rows };
      writeResults(results);
    }
    process.stdout.write(`${textTable(results.benchmarks[name]?.rows ?? [])}\n`);
  }
  // In the order of the list, whatever was measured last.
  const ordered = BENCHMARKS.flatMap(({ name }) => {
    const entry = results.benchmarks[name];
    return entry === undefined ? [] : [[name, entry] as const];
  });
  if (writeDocs) writeFileSync(PAGE, page({ ...results, benchmarks: Object.fromEntries(ordered) }));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
