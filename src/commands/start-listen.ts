import type { Writable } from 'node:stream';
import type { ListenOptions } from '../listen/options.ts';
import type { PrinterOptions } from '../listen/printer.ts';
import { createPrinter } from '../report/create-printer.ts';
import { instrumentsOf } from './instruments.ts';
import type { CommandIo } from './io.ts';
import { spareOptimiser } from './spare-optimiser.ts';
import { columnsOf, isTerminal } from './terminal.ts';

/** Wires a session to its printer; resolves with the exit code. */
export async function startListen(options: ListenOptions, io: CommandIo): Promise<number> {
  const { runListen } = await import('../listen/session.ts');
  const printer = await createPrinter(options.format, printerOptions(options, io));
  spareOptimiser();
  return runListen(options, io, {
    printer,
    instruments: await instrumentsOf(options, io),
    attended: isTerminal(io.stderr),
    oneTerminal: isTerminal(io.stdout) && isTerminal(io.stderr),
  });
}

function printerOptions(options: ListenOptions, io: CommandIo): PrinterOptions {
  const dataTerminal = isTerminal(io.stdout);
  const colored = (stream: Writable) =>
    options.color === 'always' || (options.color === 'auto' && isTerminal(stream));
  return {
    dataColumns: columnsOf(io.stdout),
    logColumns: columnsOf(io.stderr),
    // Bytes of `raw` pass through untouched anyway; every other format shows text.
    escape: dataTerminal,
    colorData: colored(io.stdout),
    colorLog: colored(io.stderr),
    timestamps: options.timestamps ?? (dataTerminal && options.format === 'pretty' ? ['rel', 'delta'] : []),
    comments: options.comments,
    include: options.include || options.verbose,
    showSecrets: options.showSecrets,
    startedAtMs: Date.now(),
  };
}
