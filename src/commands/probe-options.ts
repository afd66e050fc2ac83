import type { ProbeOriginOptions } from '../checks/origin/probe-origin.ts';
import { newProbeToken } from '../checks/origin/probe-token.ts';
import { usageError } from '../client/errors.ts';
import { mockDefaults } from '../mock/defaults.ts';
import { flagsGiven, type ParsedLine } from './command-line.ts';
import type { FileReader } from './flags/files.ts';
import { givenToken, TOKEN_VARIABLE } from './flags/probe-token.ts';
import type { ServeFlags } from './flags/serve-flags.ts';
import { DEFAULT_PORT } from './serve-options.ts';
import { VERSION } from './version.ts';

/** What `serve-mock --probe` needs to know. */
export interface ProbeServeOptions {
  origin: ProbeOriginOptions;
  /** The token was drawn: nobody knows it yet. */
  drawn: boolean;
  format: 'pretty' | 'ndjson';
  silent: boolean;
}

/** What the probes leave to say: where it listens, to whom, and what is printed. */
const TAKEN = new Set(
  ['probe', 'probe-token', 'port', 'host', 'format', 'silent', 'color', 'no-color', 'config'].map(
    (name) => `--${name}`,
  ),
);

/** @throws SseKitError exit 2 for a flag that has no part in it, and for a token that is no good */
export async function probeOptions(
  { flags, command, words }: ParsedLine<ServeFlags>,
  { files, env }: { files: FileReader; env: NodeJS.ProcessEnv },
): Promise<ProbeServeOptions> {
  const useless = flagsGiven(command).find(({ long }) => long != null && !TAKEN.has(long))?.long ?? words[0];
  if (useless !== undefined) {
    throw usageError(
      `${useless}: --probe has no use for it: what is sent, check-proxy says with each request`,
      'It takes where to listen (--port, --host), --probe-token, --format and -s.',
    );
  }
  if (flags.format === 'json')
    throw usageError('--format json: --probe has no result', 'A line of JSON is --format ndjson.');
  const token = await givenToken({ flag: flags.probeToken, env, files });
  const { silent = false, host = mockDefaults().host, port = DEFAULT_PORT } = flags;
  if (silent && token === undefined) {
    throw usageError(
      '--silent: nobody would learn the token that is drawn',
      `Set ${TOKEN_VARIABLE} to one of your own, or leave out --silent.`,
    );
  }
  return {
    origin: { host, port, token: token ?? newProbeToken(), version: VERSION },
    drawn: token === undefined,
    format: flags.format === 'ndjson' ? 'ndjson' : 'pretty',
    silent,
  };
}
