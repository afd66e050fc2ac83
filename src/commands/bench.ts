import { usageError } from '../client/errors.ts';
import { calibrationFlags } from './bench/calibration.ts';
import { buildRecipe, CONNECT_TIMEOUT } from './bench/recipe.ts';
import { type BenchTargets, targetsOf } from './bench/targets.ts';
import { type CommandShape, helpText, type ParsedLine, parseLine } from './command-line.ts';
import { BENCH_CONTRADICTIONS } from './flags/bench/bench-contradictions.ts';
import { type BenchFlags, benchFlags, LATER } from './flags/bench/bench-flags.ts';
import { OTHER_TOOLS, refuseSingleDash } from './flags/bench/other-tools.ts';
import { withoutContradictions } from './flags/contradictions.ts';
import { diskReader } from './flags/files.ts';
import { generalFlags } from './flags/listen-flags.ts';
import { requestFlags } from './flags/request-flags.ts';
import type { CommandIo } from './io.ts';
import { COMMANDS } from './registry.ts';

export function shape(): CommandShape {
  return {
    name: 'bench',
    usage: '[flags] <url>...',
    description:
      'Open many streams and report latency, gaps, reconnects and lost events, with a verdict on whether the figures ' +
      'can be trusted. Several URLs share the streams evenly; demo: is an embedded server.',
    examples: [
      ['ssekit bench :3000/events', '50 streams, which come within a second, for 10 s'],
      [
        'ssekit bench :3000/events -c 5000 --for 1m',
        '5,000 streams, a thousand more each second, for a minute',
      ],
      [
        'ssekit bench :3000/chat -r 20/s --until-data \'[DONE]\' --json \'{"q":"hi"}\'',
        '20 new streams a second, each until it is done',
      ],
      [
        "ssekit bench :3000/events --threshold 'first_event p99 < 500ms'",
        'for CI: exit code 10 unless it holds; the flag may be repeated',
      ],
      [
        'ssekit bench :3000/events -c 1000 --for 40s --drop-at 15s --sequence id',
        'cut all streams at once: how long until they are back, and what was lost?',
      ],
      ['ssekit bench :3000/events -c 20000 --dry-run', 'what it takes, and whether this machine has it'],
      ['ssekit bench --calibrate -c 5000', 'what this machine adds to the figures of such a load'],
      ['ssekit bench demo:', 'no server at hand: an embedded one'],
    ],
    words: ['demo:', 'curl'],
    flags: [...benchFlags(), ...requestFlags({ connectTimeout: CONNECT_TIMEOUT.text }), ...generalFlags()],
    later: LATER,
    elsewhere: OTHER_TOOLS,
  };
}

export async function run(argv: readonly string[], io: CommandIo): Promise<number> {
  refuseSingleDash(argv);
  const parsed = await parseLine<BenchFlags>(shape(), argv, COMMANDS);
  if (parsed === undefined) {
    io.stdout.write(helpText(shape()));
    return 0;
  }
  for (const note of parsed.notes) io.stderr.write(`note: ${note}\n`);
  const consistent = withoutContradictions(parsed.flags, parsed.command, BENCH_CONTRADICTIONS);
  const calibrates = consistent.calibrate === true;
  const line = {
    ...parsed,
    flags: calibrates ? calibrationFlags({ ...parsed, flags: consistent }) : consistent,
  };
  const targets = targetsOf(line.words, line.flags);
  if (line.flags.curl === true) return printCurl(targets, line, io);
  const { startBench } = await import('./start-bench.ts');
  return startBench(targets, line, io);
}

async function printCurl(
  targets: BenchTargets,
  { flags }: ParsedLine<BenchFlags>,
  io: CommandIo,
): Promise<number> {
  if (targets.kind === 'demo') {
    throw usageError('--curl: demo: lives as long as a run of ssekit', 'Give the URL of a server.');
  }
  const surroundings = { env: io.env, files: diskReader(io) };
  const { request, recipe, notes } = await buildRecipe(targets.targets, flags, surroundings);
  for (const note of notes) io.stderr.write(`note: ${note}\n`);
  const { curlLine } = await import('./curl-line.ts');
  const text = curlLine(request, {
    lastEventId: recipe.lastEventId,
    flags,
    include: false,
    maxTimeMs: flags.maxTime ?? 0,
    mask: flags.mask ?? false,
  });
  io.stdout.write(`${text}\n`);
  return 0;
}
