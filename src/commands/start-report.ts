import { readResult } from '../bench/saved-result.ts';
import { resultJson } from '../report/bench/forms/json.ts';
import { benchText } from '../report/bench/screen.ts';
import { loadPalette } from '../report/palette.ts';
import type { BenchResult } from '../results/bench/result.ts';
import type { ColorWhen } from './flags/color.ts';
import { diskReader } from './flags/files.ts';
import type { ResultOutput } from './flags/output-flag.ts';
import type { CommandIo } from './io.ts';
import { OutputFiles } from './output-files.ts';
import { refuseSharedPlaces } from './same-file.ts';
import { columnsOf, isColored } from './terminal.ts';

export interface ReportOptions {
  /** `-`: standard input. */
  file: string;
  format: 'text' | 'json';
  outputs: readonly ResultOutput[];
  color: ColorWhen;
}

/**
 * Prints a saved result, and writes it in other forms.
 *
 * @returns the exit code
 * @throws SseKitError exit 2 for a file that is no result; 23 where one can't be written
 */
export async function startReport(options: ReportOptions, io: CommandIo): Promise<number> {
  const { file, format, outputs, color } = options;
  refuseSharedPlaces({
    written: outputs.map(({ path }) => ({ flag: '--output', path })),
    read: file === '-' ? [] : [{ flag: 'the result', path: file }],
  });
  const name = file === '-' ? 'standard input' : file;
  const result = readResult(await diskReader(io).read(file, 'report'), name);
  const files = await OutputFiles.open(outputs, 'over');
  await printResult(result, { format, color }, io);
  await files.finish(result);
  return 0;
}

/** The closing screen of a run, or the result itself, on standard output. */
export async function printResult(
  result: BenchResult,
  { format, color }: Pick<ReportOptions, 'format' | 'color'>,
  io: CommandIo,
): Promise<void> {
  if (format === 'json') {
    io.stdout.write(resultJson(result));
    return;
  }
  const palette = await loadPalette(isColored(color, io.stdout));
  io.stdout.write(benchText(result, { palette, columns: columnsOf(io.stdout)() }));
}
