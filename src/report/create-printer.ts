import type { ListenPrinter, PrinterOptions } from '../listen/printer.ts';

type PrinterMaker = (options: PrinterOptions) => Promise<ListenPrinter>;

/** The output formats of `listen`. Each is loaded only when it is asked for. */
const PRINTERS = {
  pretty: async (options) => {
    const [{ PrettyPrinter }, { loadPalette }] = await Promise.all([
      import('./pretty.ts'),
      import('./palette.ts'),
    ]);
    return new PrettyPrinter(
      options,
      await loadPalette(options.colorData),
      await loadPalette(options.colorLog),
    );
  },
  ndjson: async (options) => {
    const { NdjsonPrinter } = await import('./ndjson.ts');
    return new NdjsonPrinter(options);
  },
  data: async (options) => {
    const [{ DataPrinter }, { loadPalette }] = await Promise.all([
      import('./data.ts'),
      import('./palette.ts'),
    ]);
    return new DataPrinter(options, await loadPalette(options.colorLog));
  },
  raw: async (options) => {
    const [{ RawPrinter }, { loadPalette }] = await Promise.all([import('./raw.ts'), import('./palette.ts')]);
    return new RawPrinter(options, await loadPalette(options.colorLog));
  },
} satisfies Record<string, PrinterMaker>;

/** Name of an output format of `listen`. */
export type PrinterFormat = keyof typeof PRINTERS;

/** Makes the printer of a format; chalk is loaded only where colour is on. */
export function createPrinter(format: PrinterFormat, options: PrinterOptions): Promise<ListenPrinter> {
  return PRINTERS[format](options);
}
