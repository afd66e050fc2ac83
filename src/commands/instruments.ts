import type { Writable } from 'node:stream';
import { usageError } from '../client/errors.ts';
import type { InstrumentMaker } from '../listen/instrument.ts';
import type { ListenOptions } from '../listen/options.ts';
import type { ListenPrinter } from '../listen/printer.ts';
import { createPrinter } from '../report/create-printer.ts';
import type { CommandIo } from './io.ts';

/** What the options ask for beside the printing. Each instrument is loaded only where it is wanted. */
export async function instrumentsOf(options: ListenOptions, io: CommandIo): Promise<InstrumentMaker[]> {
  const makers: InstrumentMaker[] = [];
  if (options.wire === true) {
    const { wire } = await import('../listen/wire/wire.ts');
    makers.push(wire);
  }
  if (options.findings !== undefined) {
    const { findings } = await import('../listen/findings/findings.ts');
    makers.push(findings(options.findings, options.source));
  }
  if (options.expect !== undefined) makers.push(await expectationsOf(options.expect, options, io));
  // Last: what its failures mean depends on what the others have made of the run.
  if (options.exec !== undefined) {
    const { exec } = await import('../listen/exec/exec.ts');
    const output = descriptorOf(io.stderr);
    makers.push(exec(options.exec, { env: { ...io.env }, output, maxTimeMs: options.stop.maxTimeMs }));
  }
  // Behind all others: it keeps what they have made of the run.
  if (options.recordFile !== undefined) {
    makers.push(await recorderTo(options.recordFile, options));
  }
  return makers;
}

async function recorderTo(path: string, options: ListenOptions): Promise<InstrumentMaker> {
  if (!path.toLowerCase().endsWith('.har')) {
    const { recorder } = await import('../listen/recorder.ts');
    return recorder(path, await recordPrinter(options));
  }
  const { source, showSecrets } = options;
  if (source.kind !== 'http' && (source.kind === 'stdin' || !source.feed.hasHead)) {
    throw usageError(
      `--record ${path}: a HAR file tells of requests, and none is made for this stream`,
      'Record to a file whose name ends in .ndjson or .ndjson.gz.',
    );
  }
  const { harRecorder } = await import('../listen/har-recorder.ts');
  const { VERSION } = await import('./version.ts');
  const request = source.kind === 'http' ? { ...source.request, url: source.request.url.href } : undefined;
  return harRecorder(path, { version: VERSION, showSecrets, request, printer: await recordPrinter(options) });
}

/** The records as they go to a file, whatever the format of the output is. */
function recordPrinter({ showSecrets }: ListenOptions): Promise<ListenPrinter> {
  return createPrinter('ndjson', {
    dataColumns: () => undefined,
    logColumns: () => undefined,
    escape: false,
    colorData: false,
    colorLog: false,
    timestamps: [],
    comments: true,
    include: false,
    showSecrets,
    startedAtMs: 0,
  });
}

async function expectationsOf(
  rules: readonly string[],
  { source, stop, showSecrets, silent }: ListenOptions,
  io: CommandIo,
): Promise<InstrumentMaker> {
  const { expectations, noteOnEnd, readRules } = await import('../listen/expect/expectations.ts');
  const given = await readRules(rules);
  const endless = source.kind === 'http' && Object.values(stop).every((each) => each === undefined);
  const note = endless && !silent ? noteOnEnd(given) : undefined;
  if (note !== undefined) io.stderr.write(`note: ${note}\n`);
  const awaitsMore = [stop.untilData, stop.untilEvent, stop.untilRegex].some((each) => each !== undefined);
  return expectations(given, { showSecrets, awaitsMore });
}

/** What a process that is started can be given of a stream of ours. */
function descriptorOf(stream: Writable & { fd?: unknown }): number | 'ignore' {
  return typeof stream.fd === 'number' ? stream.fd : 'ignore';
}
