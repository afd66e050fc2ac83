import { cannotRun } from '../../checks/cannot-run.ts';
import { SHORTEST_TOKEN } from '../../checks/origin/probe-token.ts';
import { usageError } from '../../client/errors.ts';
import { InvalidValue } from '../../notation/invalid-value.ts';
import { type FileReader, parseFileName } from './files.ts';

/** Where the token is: in the flag, or in a file. */
export type TokenFlag = { token: string } | { tokenFile: string };

/** What `ps` doesn't show, nor a shell's history need keep. */
export const TOKEN_VARIABLE = 'SSEKIT_PROBE_TOKEN';

const TOKEN_FLAG = '--probe-token';

/** `TOKEN` or `@FILE`. */
export function parseTokenFlag(text: string): TokenFlag {
  return text.startsWith('@') ? { tokenFile: parseFileName(text.slice(1)) } : { token: text };
}

/** What the token of an origin is taken from. */
export interface TokenSources {
  flag: TokenFlag | undefined;
  env: NodeJS.ProcessEnv;
  files: FileReader;
}

/**
 * The token that an origin is to have.
 *
 * @returns nothing where none is given
 * @throws SseKitError exit 2 for one that can't be sent, or that somebody would guess
 */
export async function givenToken(sources: TokenSources): Promise<string | undefined> {
  const given = await readToken(sources);
  if (given === undefined) return undefined;
  if (given.token.length < SHORTEST_TOKEN) {
    throw usageError(
      `${given.from}: the token is too short: it opens the origin to whoever guesses it`,
      `Take ${SHORTEST_TOKEN} characters or more (openssl rand -hex 16), or leave it out: then one is drawn.`,
    );
  }
  return given.token;
}

/**
 * The token that an origin on another machine wants.
 *
 * @throws SseKitError exit 14 where none is given; 2 for one that can't be sent
 */
export async function neededToken(sources: TokenSources): Promise<string> {
  const given = await readToken(sources);
  if (given !== undefined) return given.token;
  throw cannotRun('PROBE_TOKEN', '--remote-origin: the token of the origin is missing', {
    hint: `serve-mock --probe prints it: set ${TOKEN_VARIABLE} to it, or give ${TOKEN_FLAG} @FILE.`,
  });
}

async function readToken({
  flag,
  env,
  files,
}: TokenSources): Promise<{ token: string; from: string } | undefined> {
  if (flag === undefined) {
    const text = env[TOKEN_VARIABLE];
    // As unset: so scripts write it.
    return text === undefined || text === ''
      ? undefined
      : { token: checked(text, TOKEN_VARIABLE), from: TOKEN_VARIABLE };
  }
  if ('token' in flag) return { token: checked(flag.token, TOKEN_FLAG), from: TOKEN_FLAG };
  const text = (await files.read(flag.tokenFile, TOKEN_FLAG)).toString('utf8').trim();
  return { token: checked(text, TOKEN_FLAG), from: TOKEN_FLAG };
}

/** The token itself stays out of messages: logs keep them. */
function checked(text: string, from: string): string {
  if (text === '') throw usageError(`${from}: the token is empty`);
  if (!/^[\x21-\x7e]+$/.test(text)) {
    throw usageError(`${from}: the token has a space, a line break or a letter that no header carries`);
  }
  return text;
}

/** For parsers that are given the flag where it has no part. */
export function refuseToken(flag: TokenFlag | undefined, because: string): void {
  if (flag !== undefined) throw usageError(`${TOKEN_FLAG}: ${because}`, 'Leave it out.');
}

/** @throws InvalidValue for what is no place of an origin on another machine */
export function parseRemoteOrigin(text: string): URL {
  const trimmed = text.trim();
  const address = trimmed.includes('://')
    ? trimmed
    : `http://${trimmed.startsWith(':') ? `127.0.0.1${trimmed}` : trimmed}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || url.hostname === '')
    throw new InvalidValue('that is no URL', 'Write http://HOST:PORT/ as serve-mock --probe has printed it.');
  if (url.protocol === 'https:') {
    throw new InvalidValue(
      'an origin of serve-mock --probe speaks no TLS: what adds it is a proxy itself',
      'Give the http:// URL that serve-mock --probe has printed; for privacy, lead to it through ssh -L.',
    );
  }
  if (url.protocol !== 'http:')
    throw new InvalidValue(`${url.protocol}// is not HTTP`, 'Write http://HOST:PORT/.');
  if (url.username !== '' || url.password !== '')
    throw new InvalidValue('the origin knows no user', `Its token goes into ${TOKEN_VARIABLE}.`);
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw new InvalidValue(
      'it is where the origin listens, without a path',
      `Write ${url.origin}/: requests have the path of the URL that is checked.`,
    );
  }
  return url;
}
