import type { JoinView } from '../listen/join/view.ts';
import type { ListenPrinter, PrinterOptions } from '../listen/printer.ts';
import { createPrinter } from './create-printer.ts';
import { JoinedPrinter } from './joined.ts';
import { JoinedNdjsonPrinter } from './joined-ndjson.ts';
import { loadPalette } from './palette.ts';

/** Makes the printer of a format for `--join`; `silent`: nobody sees the log. */
export async function createJoinedPrinter(
  format: 'pretty' | 'data' | 'ndjson',
  options: PrinterOptions,
  { view, silent }: { view: JoinView; silent: boolean },
): Promise<ListenPrinter> {
  if (format === 'ndjson') return new JoinedNdjsonPrinter(options, view);
  return new JoinedPrinter({
    options,
    dataPalette: await loadPalette(options.colorData),
    logPalette: await loadPalette(options.colorLog),
    view,
    plain: await createPrinter(format, options),
    bare: format === 'data',
    silent,
  });
}
