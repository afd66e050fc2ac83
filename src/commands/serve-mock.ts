import { usageError } from '../client/errors.ts';
import { checkOptions, refuseCheckFlags } from './check-options.ts';
import { type CommandShape, helpText, type ParsedLine, parseLine } from './command-line.ts';
import { faultHelp } from './fault-help.ts';
import { diskReader } from './flags/files.ts';
import { refuseToken } from './flags/probe-token.ts';
import { type ServeFlags, serveFlags } from './flags/serve-flags.ts';
import type { CommandIo } from './io.ts';
import { COMMANDS } from './registry.ts';
import { serveOptions } from './serve-options.ts';
import { startServe } from './start-serve.ts';

export function shape(): CommandShape {
  return {
    name: 'serve-mock',
    usage: '[flags] [scenario.yaml]',
    description:
      'An SSE server that does exactly what it is told. Without a scenario or preset it ticks: any path is a ' +
      'stream, with ids from 1. POST /publish adds events, GET / is a live page, /metrics and /healthz tell how it is.',
    examples: [
      ['ssekit serve-mock', 'an event a second at http://127.0.0.1:4000/'],
      [
        'ssekit serve-mock --interval 50ms --fault reset@10',
        'quick ticks; each stream is reset after event 10',
      ],
      ["curl -N 'localhost:4000/?count=3&fault=truncate@2'", 'the same for one request'],
      ['ssekit serve-mock --preset openai', 'chat completions as the official clients expect them'],
      ['ssekit serve-mock --preset quiet', 'nothing but what is published, with ids to resume from:'],
      ['curl localhost:4000/publish --json \'{"data":"hi"}\'', '… and an event for all of its streams'],
      ['ssekit serve-mock --check', 'does the client that connects behave as the HTML standard demands?'],
      [
        'ssekit serve-mock --probe --host 0.0.0.0',
        'the origin behind a proxy, for ssekit check-proxy on another machine',
      ],
    ],
    flags: serveFlags(),
    closing: faultHelp(),
  };
}

export async function run(argv: readonly string[], io: CommandIo): Promise<number> {
  const line = await parseLine<ServeFlags>(shape(), argv, COMMANDS);
  if (line === undefined) {
    io.stdout.write(helpText(shape()));
    return 0;
  }
  if (line.flags.probe === true) return probe(line, io);
  refuseToken(line.flags.probeToken, 'there is no origin: --probe is missing');
  const [scenario, ...more] = line.words;
  if (more.length > 0) throw usageError(`${more[0]}: one scenario is served at a time`);
  if (line.flags.check === true) return check(line, io);
  refuseCheckFlags(line);
  const options = await serveOptions(line.flags, scenario, { files: diskReader(io), env: io.env });
  for (const note of line.notes) io.stderr.write(`note: ${note}\n`);
  if (options.workers === 1) return startServe(options, io);
  const { startWorkers } = await import('./workers/start-workers.ts');
  return startWorkers(options, io);
}

async function probe(line: ParsedLine<ServeFlags>, io: CommandIo): Promise<number> {
  const { probeOptions } = await import('./probe-options.ts');
  const options = await probeOptions(line, { files: diskReader(io), env: io.env });
  for (const note of line.notes) io.stderr.write(`note: ${note}\n`);
  const { startProbe } = await import('./start-probe.ts');
  return startProbe(options, io);
}

async function check(line: ParsedLine<ServeFlags>, io: CommandIo): Promise<number> {
  const serve = await serveOptions(line.flags, undefined, { files: diskReader(io), env: io.env });
  const options = checkOptions(line, serve);
  for (const note of line.notes) io.stderr.write(`note: ${note}\n`);
  const { startCheck } = await import('./start-check.ts');
  return startCheck(options, io);
}
