import type { OriginPlace } from '../../checks/origin/own-origin.ts';
import { usageError } from '../../client/errors.ts';
import type { CheckProxyFlags } from '../flags/check-proxy/check-proxy-flags.ts';
import { refuseToken } from '../flags/probe-token.ts';
import type { RequestTarget } from '../flags/request.ts';
import { parseTarget, shown } from '../target.ts';

/** What is between the client and which origin. */
export type CheckForm =
  | { kind: 'own-origin'; target: RequestTarget; origin: OriginPlace }
  /** `origin` is where `serve-mock --probe` listens. */
  | { kind: 'remote-origin'; target: RequestTarget; origin: URL }
  /** A stream of somebody else's, looked at alone; `direct` leads past the proxy. */
  | { kind: 'passive'; target: RequestTarget; direct?: RequestTarget }
  /** The embedded proxy; `path` begins with a slash or a question mark, or is empty. */
  | { kind: 'demo'; path: string };

const FEWEST_WITH_REMOTE = 3;

/** @throws SseKitError exit 2 for words and flags that make no check */
export function checkForm(
  words: readonly string[],
  { url = [], origin, remoteOrigin, probeToken, direct, proxyIs, maxConnections }: CheckProxyFlags,
): CheckForm {
  if (remoteOrigin === undefined)
    refuseToken(probeToken, 'there is no origin on another machine: --remote-origin is missing');
  const [text, another] = [...words, ...url];
  if (text === undefined) {
    throw usageError(
      'the URL is missing',
      'With --origin :9000 ssekit is the origin behind the proxy; demo: is an embedded proxy. For example: ssekit check-proxy http://localhost:8080/events',
    );
  }
  if (another !== undefined) {
    throw usageError(
      `there is a URL too many: ${shown(another)} after ${shown(text)}`,
      'A run checks one way; a value with spaces stands in quotes.',
    );
  }
  const target = parseTarget(text, 'check-proxy');
  if (target.kind === 'stdin') {
    throw usageError('- is standard input, which is no proxy', 'Give the URL of one, or demo:');
  }
  if (target.kind === 'demo') {
    const useless = origin !== undefined ? '--origin' : remoteOrigin !== undefined ? '--remote-origin' : '';
    if (direct !== undefined)
      throw usageError('--direct: demo: has a direct way of its own', 'Leave it out.');
    if (proxyIs !== undefined) throw usageError('--proxy-is: demo: has a proxy of its own', 'Leave it out.');
    if (useless !== '') throw usageError(`${useless}: demo: has an origin of its own`, 'Leave it out.');
    return target;
  }
  if (direct !== undefined && (origin ?? remoteOrigin) !== undefined) {
    throw usageError(
      `--direct: with ${origin === undefined ? '--remote-origin' : '--origin'} the direct way is known`,
      'Leave one of them out: --direct is for a stream that is looked at alone.',
    );
  }
  if (remoteOrigin !== undefined) {
    if (origin !== undefined) {
      throw usageError(
        '--origin and --remote-origin: the proxy has one origin',
        'It is --origin on this machine, and --remote-origin on another one.',
      );
    }
    if (maxConnections !== undefined && maxConnections < FEWEST_WITH_REMOTE) {
      throw usageError(
        `--max-connections: with --remote-origin at least ${FEWEST_WITH_REMOTE} are needed`,
        'One along either way, and one to ask the origin what it saw.',
      );
    }
    return { kind: 'remote-origin', target, origin: remoteOrigin };
  }
  if (origin !== undefined) return { kind: 'own-origin', target, origin };
  return { kind: 'passive', target, ...(direct !== undefined && { direct: directTarget(direct) }) };
}

function directTarget(text: string): RequestTarget {
  const target = parseTarget(text, 'check-proxy');
  if (target.kind !== 'http') {
    throw usageError(
      `--direct: ${shown(text)} is no URL of a stream`,
      'It is the same stream, past the proxy: --direct http://10.0.0.5:3000/events',
    );
  }
  return target;
}
