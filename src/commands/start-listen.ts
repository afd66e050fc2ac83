import type { Writable } from 'node:stream';
import { monotonicMs } from '../client/clock.ts';
import type { ListenOptions } from '../listen/options.ts';
import type { PrinterOptions } from '../listen/printer.ts';
import { createPrinter } from '../report/create-printer.ts';
import type { CommandIo } from './io.ts';
import { spareOptimiser } from './spare-optimiser.ts';

/** What a terminal had when it was made of glass. */
const UNKNOWN_COLUMNS = 80;

/** Wires a session to its printer; resolves with the exit code. */
export async function startListen(options: ListenOptions, io: CommandIo): Promise<number> {
  const { runListen } = await import('../listen/session.ts');
  const printer = await createPrinter(options.format, printerOptions(options, io));
  spareOptimiser();
  return runListen(options, io, {
    printer,
    startedAt: monotonicMs(),
    attended: isTerminal(io.stderr),
    oneTerminal: isTerminal(io.stdout) && isTerminal(io.stderr),
  });
}

function printerOptions(options: ListenOptions, io: CommandIo): PrinterOptions {
  const dataTerminal = isTerminal(io.stdout);
  const colored = (stream: Writable) =>
    options.color === 'always' || (options.color === 'auto' && isTerminal(stream));
  return {
    get dataColumns() {
      return columnsOf(io.stdout);
    },
    get logColumns() {
      return columnsOf(io.stderr);
    },
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

/** Read anew each time: the window may be resized. A terminal that doesn't know its width says 0. */
function columnsOf(stream: Writable): number | undefined {
  return isTerminal(stream) ? (stream as Partial<NodeJS.WriteStream>).columns || UNKNOWN_COLUMNS : undefined;
}

function isTerminal(stream: Writable): boolean {
  return (stream as Partial<NodeJS.WriteStream>).isTTY === true;
}
