import type { ListenPrinter, PrinterOptions } from '../listen/printer.ts';
import { DataPrinter } from './data.ts';
import { NdjsonPrinter } from './ndjson.ts';
import { loadPalette } from './palette.ts';
import { PrettyPrinter } from './pretty.ts';
import { RawPrinter } from './raw.ts';

type PrinterMaker = (options: PrinterOptions) => Promise<ListenPrinter>;

/** The output formats of `listen`. They share most of their code: to load each apart would take longer than all of it. */
const PRINTERS = {
  pretty: async (options) => {
    const palettes = [await loadPalette(options.colorData), await loadPalette(options.colorLog)] as const;
    if (options.wire !== true) return new PrettyPrinter(options, ...palettes);
    const { WirePrettyPrinter } = await import('./wire-pretty.ts');
    return new WirePrettyPrinter(options, ...palettes);
  },
  ndjson: async (options) => {
    if (options.wire !== true) return new NdjsonPrinter(options);
    const { WireNdjsonPrinter } = await import('./wire-ndjson.ts');
    return new WireNdjsonPrinter(options);
  },
  data: async (options) => new DataPrinter(options, await loadPalette(options.colorLog)),
  raw: async (options) => new RawPrinter(options, await loadPalette(options.colorLog)),
} satisfies Record<string, PrinterMaker>;

/** Name of an output format of `listen`. */
export type PrinterFormat = keyof typeof PRINTERS;

/** Makes the printer of a format; chalk is loaded only where colour is on. */
export function createPrinter(format: PrinterFormat, options: PrinterOptions): Promise<ListenPrinter> {
  return PRINTERS[format](options);
}
