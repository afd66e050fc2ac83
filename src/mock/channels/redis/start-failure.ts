import { SseKitError } from '../../../client/errors.ts';
import { codeOf, connectFailure, tlsFailure } from '../../../client/failures.ts';
import type { RedisAddress } from './address.ts';

/** Why there is no Redis to start with, and what to do about it. */
export function cannotStart(error: unknown, { host, port, tls, shown }: RedisAddress): SseKitError {
  const message = error instanceof Error ? error.message : String(error);
  const fail = (code: string, exitCode: number, what: string, hint: string) =>
    new SseKitError(code, exitCode, `${shown}: ${what}`, { hint, cause: error });
  if (/^(WRONGPASS|ERR invalid password|ERR AUTH)/i.test(message))
    return fail('REDIS_AUTH', 7, 'Redis did not accept the user or the password', CREDENTIALS);
  if (message.startsWith('NOAUTH')) return fail('REDIS_AUTH', 7, 'Redis asks for a password', CREDENTIALS);
  if (message.startsWith('NOPERM'))
    return fail(
      'REDIS_PERMISSION',
      7,
      `Redis does not allow this user what is needed: ${message}`,
      PERMISSIONS,
    );
  if (message.startsWith('LOADING'))
    return fail('REDIS_LOADING', 7, 'Redis is still loading its data', 'Try again in a moment.');
  if (/timed out/i.test(message) || codeOf(error) === 'ETIMEDOUT')
    return fail('REDIS_TIMEOUT', 28, 'no answer from Redis', tls ? NO_TLS : NO_ANSWER);
  // Of ioredis: bytes that are no reply, and an end before there was one.
  if (/^(Unknown RESP|Protocol error|Connection is closed)/.test(message))
    return fail('REDIS_PROTOCOL', 7, 'what listens there does not answer as Redis does', NOT_REDIS);
  if (tls && codeOf(error) !== 'ECONNREFUSED' && !isNameFailure(error)) {
    const { code, exitCode, message: what } = tlsFailure(error, host);
    return fail(code, exitCode, what, 'Name its CA in NODE_EXTRA_CA_CERTS, or use redis:// without TLS.');
  }
  if (error instanceof Error && error.name === 'ReplyError')
    return fail(
      'REDIS_REFUSED',
      7,
      `Redis refused: ${message}`,
      /unknown command/i.test(message) ? TOO_OLD : '',
    );
  const { code, exitCode, message: what } = connectFailure(error, `${host}:${port}`);
  return fail(code, exitCode, what, `Start Redis (redis-server --port ${port}), or leave --redis out.`);
}

const CREDENTIALS = 'Write them in the URL: redis://USER:PASSWORD@HOST:PORT (special characters as %XX).';
const PERMISSIONS =
  'It needs the commands XADD, XRANGE, XREAD, XINFO, PING, MULTI and EXEC on the keys sse:*.';
const TOO_OLD = 'Streams need Redis 5.0 or newer.';
const NO_ANSWER = 'Is it Redis that listens there, and does it run?';
const NO_TLS = 'Does it speak TLS on that port? Without TLS the URL begins with redis://.';
const NOT_REDIS = 'Check host and port; with TLS the URL begins with rediss://.';

function isNameFailure(error: unknown): boolean {
  return (error as { syscall?: string } | null)?.syscall === 'getaddrinfo';
}
