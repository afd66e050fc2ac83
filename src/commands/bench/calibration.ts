import { usageError } from '../../client/errors.ts';
import { flagsGiven, type ParsedLine } from '../command-line.ts';
import type { BenchFlags } from '../flags/bench/bench-flags.ts';
import { Flag } from '../flags/flag.ts';
import { requestFlags } from '../flags/request-flags.ts';

/** What is asked for, of whom, and what comes of it: the embedded server knows one request and one kind of event. */
const NOT_TAKEN: ReadonlySet<string> = new Set([
  ...requestFlags()
    .filter(({ hidden }) => !hidden)
    .map((flag) => flag.attributeName()),
  ...['users', 'untilData', 'idleTimeout', 'streamsPerConnection'],
  ...['sequence', 'sentAt', 'publish', 'publishRate', 'publishBody', 'publishHeader'],
  ...['curl', 'mask'],
]);

/** It has no effect on how that server answers. */
const TAKEN: ReadonlySet<string> = new Set(['connectTimeout']);

/** Written for the server that the config file is for. */
const JUDGING = ['threshold', 'abortOnFail', 'goodput'];

/**
 * The flags of a calibration: of a config file without those that say what a server is asked for, and how it is judged.
 *
 * @throws SseKitError exit 2 for a URL or such a flag on the command line: the figures would be of something else
 */
export function calibrationFlags({
  words,
  flags,
  command,
}: Pick<ParsedLine<BenchFlags>, 'words' | 'flags' | 'command'>): BenchFlags {
  const given = flagsGiven(command).filter((option): option is Flag => option instanceof Flag);
  const refused = given.filter((flag) => isRefused(flag) && isMeant(flag, flags));
  const names = [...(words.length > 0 ? ['a URL'] : []), ...refused.map(({ shownName }) => shownName)];
  if (names.length > 0) {
    throw usageError(
      `--calibrate: it asks an embedded server, in a way of its own, and has no use for ${names.join(', ')}`,
      'Leave it out: a calibration takes the flags of the load, of how streams live and reconnect, and thresholds.',
    );
  }
  const own = new Set(given.map((flag) => flag.attributeName()));
  const left = Object.entries(flags).filter(
    ([key]) => own.has(key) || !(NOT_TAKEN.has(key) || JUDGING.includes(key)),
  );
  return Object.fromEntries(left);
}

function isRefused(flag: Flag): boolean {
  const key = flag.attributeName();
  return NOT_TAKEN.has(key) && !TAKEN.has(key);
}

/** Of several flags that set one value, the one that did; `--http1.1` is how that server is asked. */
function isMeant(flag: Flag, { http, family, data = [] }: BenchFlags): boolean {
  switch (flag.attributeName()) {
    case 'http':
      return http !== '1.1' && flag.presetArg === http;
    case 'family':
      return flag.presetArg === family;
    case 'data':
      return data.some(({ kind }) => flag.shownName === DATA_FLAGS[kind]);
    default:
      return true;
  }
}

const DATA_FLAGS = {
  data: '--data',
  raw: '--data-raw',
  binary: '--data-binary',
  urlencode: '--data-urlencode',
  json: '--json',
} as const;
