import { usageError } from '../client/errors.ts';
import { parseChoice } from '../notation/choice.ts';
import { type CommandShape, helpText, parseLine } from './command-line.ts';
import { type ColorWhen, colorFlags, colorWhen } from './flags/color.ts';
import { Flag, GENERAL } from './flags/flag.ts';
import { outputFlag, type ResultOutput } from './flags/output-flag.ts';
import type { CommandIo } from './io.ts';
import { COMMANDS } from './registry.ts';
import { startReport } from './start-report.ts';

const FORMATS = ['text', 'json'] as const;

interface ReportFlags {
  format?: (typeof FORMATS)[number];
  output?: ResultOutput[];
  color?: ColorWhen | boolean;
}

export function shape(): CommandShape {
  return {
    name: 'report',
    usage: '[flags] result.json',
    description:
      'Print the saved result of a load test as its closing screen, or write it in other forms. The exit code says ' +
      'whether that worked; what the run came to is in the result.',
    examples: [
      ['ssekit report run.json', 'the closing screen of `ssekit bench -o run.json`'],
      ['ssekit report run.json -o run.csv -o run.prom', 'the same run for a spreadsheet and for Prometheus'],
      ['ssekit bench :3000/events --format json | ssekit report -', 'from standard input'],
      ["ssekit report run.json --format json | jq '.verdict.status'", 'the result itself, checked'],
    ],
    flags: [
      new Flag('--format <name>', 'text, or json: the result as it is', {
        group: GENERAL,
        words: FORMATS,
        parse: (text) => parseChoice(text, FORMATS),
      }),
      outputFlag(GENERAL, 'report'),
      ...colorFlags(GENERAL),
    ],
  };
}

export async function run(argv: readonly string[], io: CommandIo): Promise<number> {
  const line = await parseLine<ReportFlags>(shape(), argv, COMMANDS);
  if (line === undefined) {
    io.stdout.write(helpText(shape()));
    return 0;
  }
  const [file, ...more] = line.words;
  if (file === undefined) {
    throw usageError(
      'report: the file is missing',
      'Write: ssekit report run.json, or - for standard input.',
    );
  }
  if (more.length > 0) {
    throw usageError(
      `report: merging or comparing ${line.words.length} results: not available yet`,
      'Give one file.',
    );
  }
  const { format = 'text', output: outputs, color } = line.flags;
  return startReport({ file, format, outputs: outputs ?? [], color: colorWhen(color, io.env) }, io);
}
