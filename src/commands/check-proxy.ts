import { usageError } from '../client/errors.ts';
import { noteText } from '../report/note.ts';
import { checkForm } from './check-proxy/form.ts';
import { type CommandShape, flagsGiven, helpText, parseLine } from './command-line.ts';
import {
  type CheckProxyFlags,
  CONNECT_TIMEOUT,
  checkProxyFlags,
} from './flags/check-proxy/check-proxy-flags.ts';
import { requestFlags } from './flags/request-flags.ts';
import type { CommandIo } from './io.ts';
import { COMMANDS } from './registry.ts';
import { columnsOf } from './terminal.ts';

/** Flags that shape a message: the probes have messages of their own. */
const OF_PROBES: ReadonlySet<string> = new Set([
  '--request',
  '--data',
  '--data-raw',
  '--data-binary',
  '--data-urlencode',
  '--json',
  '--compressed',
  '--max-redirs',
]);

export function shape(): CommandShape {
  return {
    name: 'check-proxy',
    usage: '[flags] <url>',
    description:
      'Find out what a proxy does to a stream. It listens where the proxy sends its requests, asks for streams ' +
      'directly and through the proxy, and tells by the difference what is wrong, why, and what mends it. Without ' +
      '--origin it only looks at the stream that is there. demo: is an embedded proxy that buffers.',
    examples: [
      [
        'ssekit check-proxy localhost:8080/events --direct localhost:9000/events',
        'your stream through the proxy and past it, as any client sees it: 40 s',
      ],
      [
        'ssekit check-proxy localhost:8080/events --origin :9000',
        'everything, in 80 to 160 s: 9000 is where the proxy sends its requests (proxy_pass); stop your application there first',
      ],
      ['ssekit check-proxy demo:', 'no proxy at hand: an embedded one that holds events back'],
      [
        'ssekit check-proxy https://app.example/ --origin :9000 --strict -o proxy.xml',
        'for CI: warnings fail, too; the result as JUnit',
      ],
      [
        'SSEKIT_PROBE_TOKEN=… ssekit check-proxy https://app.example/ \\\n    --remote-origin http://10.0.0.5:4000/',
        'the origin is ssekit serve-mock --probe on another machine, which prints this line',
      ],
      ['ssekit check-proxy :8080 --origin :9000 --only timing,threshold', 'prove a fix'],
      ['ssekit check-proxy --list', 'every probe: what it proves, and how long it takes'],
      [
        'ssekit check-proxy --explain buffer.threshold',
        'what a fault is, what harm it does, what causes and what mends it; without a name it lists all',
      ],
    ],
    words: ['demo:'],
    flags: [
      ...checkProxyFlags(),
      ...requestFlags({ connectTimeout: CONNECT_TIMEOUT.text }).filter(
        ({ long }) => long == null || !OF_PROBES.has(long),
      ),
    ],
    elsewhere: Object.fromEntries(
      [...OF_PROBES, '-X', '-d'].map((name) => [
        name,
        'The probes send requests of their own; -H adds what the proxy needs to see.',
      ]),
    ),
  };
}

export async function run(argv: readonly string[], io: CommandIo): Promise<number> {
  const line = await parseLine<CheckProxyFlags>(shape(), argv, COMMANDS);
  if (line === undefined) {
    io.stdout.write(helpText(shape()));
    return 0;
  }
  const { flags, words, command, notes } = line;
  for (const note of notes) io.stderr.write(noteText(note, columnsOf(io.stderr)()));
  if (flags.list === true && flags.explain !== undefined) {
    throw usageError('--list and --explain: each prints something else', 'Give one of them at a time.');
  }
  if (flags.list === true || flags.explain !== undefined) {
    const [word] = words;
    if (word !== undefined) {
      throw usageError(
        `${flags.list === true ? '--list' : '--explain'}: ${JSON.stringify(word)} is not needed: nothing is checked`,
      );
    }
    const { printCatalogue } = await import('./check-proxy/catalogue.ts');
    return printCatalogue(flags, io);
  }
  if (flags.mask === true && flags.curl !== true) {
    throw usageError('--mask hides secrets in what --curl prints: --curl is missing');
  }
  const form = checkForm(words, flags);
  if (flags.curl === true) {
    const { printCurl } = await import('./check-proxy/print-curl.ts');
    return printCurl(form, flags, io);
  }
  const { startCheckProxy } = await import('./start-check-proxy.ts');
  return startCheckProxy(form, flags, flagsGiven(command), io);
}
