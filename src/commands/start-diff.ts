import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { Command, Option } from 'commander';
import { usageError } from '../client/errors.ts';
import { type Comparison, compareRecordings, type ToldDifference } from '../listen/diff/compare.ts';
import { Ignored } from '../listen/diff/ignored.ts';
import { findCompared } from '../listen/diff/run-reader.ts';
import type { ListenFormat, ListenOptions } from '../listen/options.ts';
import { connectionDifferenceNdjson, differenceNdjson, diffSummaryNdjson } from '../report/diff-ndjson.ts';
import { diffText } from '../report/diff-text.ts';
import { loadPalette } from '../report/palette.ts';
import { flagsGiven, type ParsedLine } from './command-line.ts';
import { colorWhen } from './flags/color.ts';
import type { ListenFlags } from './flags/listen-flags.ts';
import type { CommandIo } from './io.ts';
import { shown } from './target.ts';
import { columnsOf, isTerminal } from './terminal.ts';

type DiffFormat = Extract<ListenFormat, 'pretty' | 'ndjson'>;

interface DiffOptions {
  from: string;
  diff: string;
  ignored: Ignored;
  silent: boolean;
  showSecrets: boolean;
  format: DiffFormat;
  color: ListenOptions['color'];
}

const DIFFERS = 10;

/** Differences of events that fit a screen. */
const SHOWN = 12;

/** What has a meaning for a comparison; nothing is listened to. */
const TAKEN = [
  '--from',
  '--diff',
  '--diff-ignore',
  '--format',
  '--silent',
  '--show-secrets',
  '--color',
  '--no-color',
  '--config',
];

/**
 * `--from A --diff B`: compares two recordings, and prints where they differ.
 *
 * @returns the exit code: 0 where they hold the same, whatever their timing, else 10
 * @throws SseKitError exit 2 for a file that is no recording, and for flags that have no meaning here
 */
export async function runDiff(
  { words, flags, command }: ParsedLine<ListenFlags>,
  io: CommandIo,
): Promise<number> {
  const { from, diff = '', diffIgnore = [], color } = flags;
  if (from === undefined) {
    throw usageError(
      '--diff: it compares with the recording of --from, which is missing',
      'For example: ssekit listen --from before.ndjson --diff after.ndjson',
    );
  }
  refuseUseless(words, flagsGiven(command));
  refuseStdin({ '--from': from, '--diff': diff });
  const ignored = new Ignored(diffIgnore, '--diff-ignore');
  const { silent = false, showSecrets = false } = flags;
  const format = formatOf(flags, command);
  return startDiff({ from, diff, ignored, format, silent, showSecrets, color: colorWhen(color, io.env) }, io);
}

function refuseUseless([url]: readonly string[], given: readonly Option[]): void {
  if (url !== undefined) {
    throw usageError(`${shown(url)}: --diff compares two files, and listens to nothing`, 'Leave it out.');
  }
  const useless = given.find(({ long }) => !TAKEN.includes(long ?? ''));
  if (useless === undefined) return;
  const isOutput = useless.helpGroupHeading === 'Output:';
  throw usageError(
    `${useless.long}: --diff ${isOutput ? 'prints where recordings differ, no events' : 'compares two recordings, all of them'}`,
    'Leave it out.',
  );
}

function refuseStdin(files: Readonly<Record<string, string>>): void {
  for (const [flag, path] of Object.entries(files)) {
    if (path !== '-') continue;
    throw usageError(
      `${flag} -: a comparison reads its files more than once, and standard input comes once`,
      'Write it to a file first.',
    );
  }
}

/** A default of a config file that has no meaning here is meant for streams. */
function formatOf({ format = 'pretty' }: ListenFlags, command: Command): DiffFormat {
  if (format === 'pretty' || format === 'ndjson') return format;
  if (command.getOptionValueSource('format') !== 'cli') return 'pretty';
  throw usageError(`--format ${format}: --diff prints pretty or ndjson`);
}

async function startDiff(
  { from, diff, ignored, format, silent, showSecrets, color }: DiffOptions,
  io: CommandIo,
): Promise<number> {
  const files = {
    a: await findCompared(from, `--from ${from}`, ignored),
    b: await findCompared(diff, `--diff ${diff}`, ignored),
  };
  const comparison = await compareRecordings(files, { showSecrets });
  const exit = comparison.same ? 0 : DIFFERS;
  if (format === 'ndjson') {
    for await (const each of comparison.differences()) await write(io.stdout, differenceNdjson(each));
    for (const each of comparison.connections) await write(io.stdout, connectionDifferenceNdjson(each));
    await write(io.stdout, diffSummaryNdjson(comparison, { a: from, b: diff }, exit));
    return exit;
  }
  if (silent) return exit;
  const colored = color === 'always' || (color === 'auto' && isTerminal(io.stdout));
  const palette = await loadPalette(colored);
  const differences = await firstOf(comparison, SHOWN);
  io.stdout.write(diffText({ comparison, shown: differences, palette, columns: columnsOf(io.stdout)() }));
  return exit;
}

async function firstOf(comparison: Comparison, most: number): Promise<ToldDifference[]> {
  const shown: ToldDifference[] = [];
  for await (const difference of comparison.differences()) {
    shown.push(difference);
    if (shown.length === most) break;
  }
  return shown;
}

/** Waits for a slow reader: there may be a line for each of millions of events. */
async function write(output: Writable, text: string): Promise<void> {
  if (!output.write(text)) await once(output, 'drain');
}
