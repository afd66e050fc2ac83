import type { Writable } from 'node:stream';
import type { JoinView } from '../listen/join/view.ts';
import type { ListenOptions } from '../listen/options.ts';
import type { PrinterOptions } from '../listen/printer.ts';
import { createPrinter } from '../report/create-printer.ts';
import { instrumentsOf } from './instruments.ts';
import type { CommandIo } from './io.ts';
import { reportsOf } from './run-reports.ts';
import { spareOptimiser } from './spare-optimiser.ts';
import { columnsOf, isColored, isTerminal } from './terminal.ts';

/** Wires a session to its printer; resolves with the exit code. */
export async function startListen(options: ListenOptions, io: CommandIo): Promise<number> {
  const { runListen } = await import('../listen/session.ts');
  const join = await joinOf(options);
  const printer = await printerOf(options, io, join);
  spareOptimiser();
  return runListen(options, io, {
    printer,
    // What an answer came to is judged before what was expected of the run.
    instruments: [...(join === undefined ? [] : [join.watch]), ...(await instrumentsOf(options, io))],
    reports: await reportsOf(options),
    attended: isTerminal(io.stderr),
    oneTerminal: isTerminal(io.stdout) && isTerminal(io.stderr),
  });
}

/** What joins answers: it watches the run, and the printer asks it about each event. */
async function joinOf({ join }: ListenOptions) {
  if (join === undefined) return undefined;
  const { Join } = await import('../listen/join/join.ts');
  return new Join(join);
}

async function printerOf(options: ListenOptions, io: CommandIo, join: JoinView | undefined) {
  const { format } = options;
  if (join === undefined || format === 'raw') return createPrinter(format, printerOptions(options, io));
  const { createJoinedPrinter } = await import('../report/create-joined-printer.ts');
  return createJoinedPrinter(format, printerOptions(options, io), { view: join, silent: options.silent });
}

function printerOptions(options: ListenOptions, io: CommandIo): PrinterOptions {
  const dataTerminal = isTerminal(io.stdout);
  const colored = (stream: Writable) => isColored(options.color, stream);
  return {
    dataColumns: columnsOf(io.stdout),
    logColumns: columnsOf(io.stderr),
    // Bytes of `raw` pass through untouched anyway; every other format shows text.
    escape: dataTerminal,
    colorData: colored(io.stdout),
    colorLog: colored(io.stderr),
    timestamps: options.timestamps ?? (dataTerminal && options.format === 'pretty' ? ['rel', 'delta'] : []),
    comments: options.comments,
    wire: options.wire ?? false,
    include: options.include || options.verbose,
    showSecrets: options.showSecrets,
    startedAtMs: startedAtMs(options),
  };
}

/** A run that is told again was when it was. */
function startedAtMs({ source }: ListenOptions): number {
  if (source.kind !== 'recording') return Date.now();
  const { clock } = source.feed;
  return clock.wallMs(clock.startedAt);
}
