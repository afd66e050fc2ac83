import { usageError } from '../client/errors.ts';
import type { MockConfig } from '../mock/config.ts';
import { flagsGiven, type ParsedLine } from './command-line.ts';
import type { CheckOutput } from './flags/check-flags.ts';
import type { ColorWhen } from './flags/color.ts';
import type { ServeFlags } from './flags/serve-flags.ts';
import type { ServeOptions } from './serve-options.ts';

/** What `serve-mock --check` needs to know. */
export interface CheckOptions {
  /** Where and how it listens. */
  config: Omit<MockConfig, 'site' | 'hub'>;
  format: 'pretty' | 'ndjson' | 'json';
  silent: boolean;
  color: ColorWhen;
  /** It ends after so long, whatever is missing. */
  forMs: number | undefined;
  outputs: readonly CheckOutput[];
}

/** The report of an event of the suite's, as JSON: its data may take twice the bytes. */
const LARGEST_REPORT_BYTES = 8 * 1024 ** 2;

/** A config file may say otherwise for other servers: nothing may come between the suite and the client. */
const UNTOUCHED = {
  faults: [],
  fixed: true,
  http2: false,
  auth: undefined,
  limit: undefined,
  compress: undefined,
};

/** What the suite leaves to say: where it listens, and what is printed. */
const TAKEN = new Set(
  [
    'check',
    'for',
    'output',
    'port',
    'host',
    'tls',
    'cert',
    'key',
    'cors',
    'format',
    'silent',
    'color',
  ].flatMap((name) => [`--${name}`, `--no-${name}`]),
).add('--config');

/** @throws SseKitError exit 2 for a flag that has no part in the suite */
export function checkOptions(line: ParsedLine<ServeFlags>, serve: ServeOptions): CheckOptions {
  const { flags, command, words } = line;
  const useless = flagsGiven(command).find(({ long }) => long != null && !TAKEN.has(long))?.long;
  if (useless !== undefined || words[0] !== undefined) {
    throw usageError(
      `${useless ?? words[0]}: --check has no use for it`,
      'It takes where to listen (--port, --host, --tls, --cert, --key, --cors), --for, --output, --format, --color and -s.',
    );
  }
  return {
    config: { ...serve.config, ...UNTOUCHED, maxPayloadBytes: LARGEST_REPORT_BYTES },
    format: flags.format ?? 'pretty',
    silent: serve.silent,
    color: serve.color,
    forMs: flags.for,
    outputs: flags.output ?? [],
  };
}

/**
 * For a server without `--check`.
 *
 * @throws SseKitError exit 2 for a flag that only the suite has
 */
export function refuseCheckFlags({ flags, command }: ParsedLine<ServeFlags>): void {
  const given = new Set(flagsGiven(command).map(({ long }) => long));
  for (const name of ['--for', '--output']) {
    if (given.has(name)) throw usageError(`${name}: there is no suite: --check is missing`);
  }
  if (flags.format === 'json') {
    throw usageError('--format json: only --check has a result', 'A line of JSON is --format ndjson.');
  }
}
