import { basicAuthorization } from '../../client/basic-authorization.ts';
import { usageError } from '../../client/errors.ts';
import { InvalidValue, quoted } from '../../notation/invalid-value.ts';
import type { FileReader } from './files.ts';
import { parseHeaderValue } from './headers.ts';

export interface CredentialFlags {
  user?: string;
  bearer?: string;
  bearerFile?: string;
  bearerEnv?: string;
}

/** `user:password` of `-u`. */
export function parseUser(text: string): string {
  if (!text.includes(':')) {
    throw new InvalidValue(
      `${quoted(text)} has no password`,
      `Write '${text}:PASSWORD', or '${text}:' where the password is empty.`,
    );
  }
  return text;
}

/** A token as it stands in a header. */
export function parseToken(text: string): string {
  const token = parseHeaderValue(text, 'Authorization');
  if (token === '') throw new InvalidValue('the token is empty');
  return token;
}

/** The `Authorization` that the flags ask for; `undefined` where none does. */
export async function authorizationOf(
  flags: CredentialFlags,
  env: NodeJS.ProcessEnv,
  files: FileReader,
): Promise<string | undefined> {
  const given = [
    ['--user', flags.user],
    ['--bearer', flags.bearer],
    ['--bearer-file', flags.bearerFile],
    ['--bearer-env', flags.bearerEnv],
  ].flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (given.length > 1)
    throw usageError(`${given.join(' and ')} each set Authorization: give only one of them`);

  if (flags.user !== undefined) return basicAuthorization(flags.user);
  if (flags.bearer !== undefined) return `Bearer ${flags.bearer}`;
  if (flags.bearerFile !== undefined) {
    const text = (await files.read(flags.bearerFile, '--bearer-file')).toString('utf8');
    return `Bearer ${tokenFrom(text.trim(), '--bearer-file', flags.bearerFile)}`;
  }
  if (flags.bearerEnv !== undefined) {
    const text = env[flags.bearerEnv];
    if (text === undefined)
      throw usageError(`--bearer-env: ${flags.bearerEnv} is not set in the environment`);
    return `Bearer ${tokenFrom(text.trim(), '--bearer-env', flags.bearerEnv)}`;
  }
  return undefined;
}

function tokenFrom(text: string, flag: string, source: string): string {
  try {
    return parseToken(text);
  } catch (error) {
    // The token itself stays out of the message: logs keep it.
    const reason = text === '' ? 'is empty' : 'contains a line break or control character';
    throw error instanceof InvalidValue ? usageError(`${flag}: the token in ${source} ${reason}`) : error;
  }
}
