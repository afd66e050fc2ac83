import { usageError } from '../client/errors.ts';
import type { ListenOptions, ListenSource } from '../listen/options.ts';
import { type CommandShape, flagsGiven, helpText, type ParsedLine, parseLine } from './command-line.ts';
import { withoutContradictions } from './flags/contradictions.ts';
import { diffFlags } from './flags/diff-flags.ts';
import { execFlags } from './flags/exec-flags.ts';
import { expectFlags } from './flags/expect-flags.ts';
import { diskReader } from './flags/files.ts';
import { findingsFlags } from './flags/findings-flags.ts';
import { joinFlags } from './flags/join-flags.ts';
import { LISTEN_CONTRADICTIONS } from './flags/listen-contradictions.ts';
import {
  generalFlags,
  type ListenFlags,
  listenFlags,
  outputFlags,
  RECONNECT,
  reconnectFlags,
} from './flags/listen-flags.ts';
import { recordingFlags } from './flags/recording-flags.ts';
import {
  type BuiltRequest,
  buildRequest,
  MAX_EVENT_SIZE_BYTES,
  type RequestTarget,
} from './flags/request.ts';
import { CONNECTION, REQUEST, requestFlags, TLS } from './flags/request-flags.ts';
import { waitNote } from './flags/wait-flags.ts';
import { wireFlags } from './flags/wire-flags.ts';
import type { CommandIo } from './io.ts';
import { listenOptions } from './listen-options.ts';
import { needsOf } from './recording-needs.ts';
import { COMMANDS } from './registry.ts';
import { refuseSharedFiles } from './same-file.ts';
import { startListen } from './start-listen.ts';
import { parseTarget, shown, type Target } from './target.ts';
import { oneUrl } from './url-argument.ts';

export function shape(): CommandShape {
  return {
    name: 'listen',
    usage: '[flags] <url>',
    description:
      'Tail a stream: every event as it arrives, with its timing, and a verdict on how it ended. The URL may ' +
      'be whole, localhost:3000/events, :3000/events, demo: (an embedded server), or - for standard input.',
    examples: [
      ['ssekit listen :3000/events', 'what http://localhost:3000/events sends'],
      [
        "ssekit listen :3000/events -n 10 --until-data '[DONE]'",
        'at most ten events, or until one says it is done',
      ],
      [
        'ssekit listen https://example.com/events --follow --state id.txt',
        'reconnect for ever, and resume in the next run',
      ],
      ['ssekit listen :3000/events --format ndjson | jq .json', 'a JSON object a line'],
      [
        'ssekit listen :3000/events --strict --lint -n 20',
        'what a browser would pass over in silence, and what could be better',
      ],
      [
        "ssekit listen curl 'https://example.com/chat' --json '{\"a\":1}'",
        'a line copied from the browser as cURL',
      ],
      ['ssekit listen demo:', 'no server at hand: an embedded one'],
    ],
    words: ['demo:', 'curl'],
    flags: [
      ...listenFlags(),
      ...expectFlags(),
      ...findingsFlags(),
      ...execFlags(),
      ...reconnectFlags(),
      ...outputFlags(),
      ...joinFlags(),
      ...wireFlags(),
      ...recordingFlags(),
      ...diffFlags(),
      ...requestFlags(),
      ...generalFlags(),
    ],
  };
}

export async function run(argv: readonly string[], io: CommandIo): Promise<number> {
  const line = await parseLine<ListenFlags>(shape(), argv, COMMANDS);
  if (line === undefined) {
    io.stdout.write(helpText(shape()));
    return 0;
  }
  for (const note of line.notes) io.stderr.write(`note: ${note}\n`);
  if (line.flags.diff !== undefined) {
    const { runDiff } = await import('./start-diff.ts');
    return runDiff(line, io);
  }
  if (line.command.getOptionValueSource('diffIgnore') === 'cli')
    throw usageError('--diff-ignore: it is for a comparison: --diff is missing');
  refuseSharedFiles(line.flags);
  if (line.flags.from !== undefined) return listenToRecording(line.flags.from, line, io);
  // A default from a config file waits for its recording.
  if (line.command.getOptionValueSource('pace') === 'cli')
    throw usageError('--pace: it is the speed of a recording: --from is missing');
  const target = parseTarget(oneUrl(line.words, line.flags.url ?? []));
  if (line.flags.curl === true) return printCurl(target, line, io);
  if (line.flags.mask === true)
    throw usageError('--mask hides secrets in what --curl prints: --curl is missing');
  switch (target.kind) {
    case 'stdin':
      return listenToStdin(line, io);
    case 'demo':
      return listenToDemo(target.path, line, io);
    case 'http':
      return listenTo(target, line, io);
  }
}

async function listenTo(
  target: RequestTarget,
  line: ParsedLine<ListenFlags>,
  io: CommandIo,
): Promise<number> {
  const { request, lastEventId, notes } = await build(target, line, io);
  const options = listenOptions(line.flags, line.command, { kind: 'http', request }, lastEventId, io.env);
  const { retries, retryDelayMs } = options.reconnect;
  const waits = retries === 0 ? undefined : waitNote(line.flags.retryMax, retryDelayMs);
  const told = waits === undefined ? notes : [...notes, waits];
  if (!options.silent) for (const note of told) io.stderr.write(`note: ${note}\n`);
  return startListen(options, io);
}

async function listenToDemo(path: string, line: ParsedLine<ListenFlags>, io: CommandIo): Promise<number> {
  const { startDemo } = await import('../mock/demo.ts');
  const demo = await startDemo();
  try {
    // No proxy leads to this machine's own server.
    const own: ParsedLine<ListenFlags> = { ...line, flags: { ...line.flags, proxy: 'none' as const } };
    return await listenTo({ url: new URL(path, demo.url) }, own, io);
  } finally {
    await demo.close();
  }
}

async function listenToRecording(
  from: string,
  line: ParsedLine<ListenFlags>,
  io: CommandIo,
): Promise<number> {
  const [url] = [...line.words, ...(line.flags.url ?? [])];
  if (url !== undefined) {
    throw usageError(`--from: there is a URL too: ${shown(url)}`, 'One run reads from one of them.');
  }
  refuseConnectionFlags(line, 'the stream comes from a file', 'give a URL instead of --from');
  const { openRecordedRun } = await import('../listen/replay/recorded-run.ts');
  const { recordedFeed } = await import('../listen/replay/recorded-feed.ts');
  const { checkNeeds, hasBytes } = await import('../listen/replay/bytes-needed.ts');
  const run = await openRecordedRun(from, () => io.stdin);
  const needs = await needsOf(withoutContradictions(line.flags, line.command, LISTEN_CONTRADICTIONS));
  await checkNeeds(run, needs);
  if (line.flags.lint === true && line.flags.silent !== true && !(await hasBytes(run)))
    io.stderr.write('note: the recording has no bytes: --lint looks at its heads, events and endings\n');
  const maxEventSizeBytes = line.flags.maxEventSize ?? MAX_EVENT_SIZE_BYTES;
  const feed = recordedFeed(run, { maxEventSizeBytes, speed: speedOf(line.flags), needs });
  return startListen(withoutRetries(line, { kind: 'recording', feed, maxEventSizeBytes }, io), io);
}

/** Without `--pace` nothing is waited for. */
function speedOf({ pace = Number.POSITIVE_INFINITY }: ListenFlags): number {
  return pace === true ? 1 : pace;
}

async function listenToStdin(line: ParsedLine<ListenFlags>, io: CommandIo): Promise<number> {
  refuseConnectionFlags(line, 'the stream comes from standard input', 'give a URL instead of -');
  const maxEventSizeBytes = line.flags.maxEventSize ?? MAX_EVENT_SIZE_BYTES;
  return startListen(withoutRetries(line, { kind: 'stdin', maxEventSizeBytes }, io), io);
}

/** What follows an attempt is not for us to say. */
function withoutRetries(line: ParsedLine<ListenFlags>, source: ListenSource, io: CommandIo): ListenOptions {
  return listenOptions({ ...line.flags, follow: false, retry: 0 }, line.command, source, '', io.env);
}

function refuseConnectionFlags({ command }: ParsedLine<ListenFlags>, why: string, instead: string): void {
  const useless = flagsGiven(command).find(
    ({ helpGroupHeading: group, long }) =>
      [REQUEST, CONNECTION, TLS, RECONNECT].includes(group ?? '') ||
      ['--idle-timeout', '--lint-requests'].includes(long ?? ''),
  );
  if (useless !== undefined) {
    throw usageError(`${useless.long}: it concerns a connection, and ${why}`, `Leave it out, or ${instead}.`);
  }
}

async function printCurl(target: Target, line: ParsedLine<ListenFlags>, io: CommandIo): Promise<number> {
  if (target.kind !== 'http') {
    const what =
      target.kind === 'demo' ? 'demo: lives as long as a run of ssekit' : 'standard input is no request';
    throw usageError(`--curl: ${what}`, 'Give the URL of a server.');
  }
  const { request, lastEventId, notes } = await build(target, line, io);
  const options = listenOptions(line.flags, line.command, { kind: 'http', request }, lastEventId, io.env);
  for (const note of notes) io.stderr.write(`note: ${note}\n`);
  const { curlLine } = await import('./curl-line.ts');
  const text = curlLine(request, {
    lastEventId: options.lastEventId,
    flags: line.flags,
    include: options.include,
    maxTimeMs: options.stop.maxTimeMs ?? 0,
    mask: line.flags.mask ?? false,
  });
  io.stdout.write(`${text}\n`);
  return 0;
}

function build(target: RequestTarget, line: ParsedLine<ListenFlags>, io: CommandIo): Promise<BuiltRequest> {
  return buildRequest(target, line.flags, { env: io.env, files: diskReader(io) });
}
