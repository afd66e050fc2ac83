import type { PublishOptions } from '../../../bench/options.ts';
import { SseKitError } from '../../../client/errors.ts';
import { InvalidValue, quoted } from '../../../notation/invalid-value.ts';
import { parseTarget } from '../../target.ts';

/** Where `--publish` sends events, and the credentials that stood in its URL. */
export interface PublishTarget {
  target: PublishOptions['target'];
  authorization?: string;
}

const ACCEPTED = 'Write a URL that takes a POST, redis://HOST#CHANNEL, or exec:COMMAND.';

/** A URL that takes a POST, `redis://HOST#CHANNEL`, or `exec:COMMAND`. */
export function parsePublish(text: string): PublishTarget {
  const trimmed = text.trim();
  const command = /^exec:(.*)$/s.exec(trimmed)?.[1]?.trim();
  if (command !== undefined) {
    if (command === '') throw new InvalidValue('the command is empty', "For example exec:'./publish.sh'");
    return { target: { kind: 'exec', command } };
  }
  if (/^rediss?:/i.test(trimmed)) return { target: parseRedis(trimmed) };
  if (trimmed === '') throw new InvalidValue('it is empty', ACCEPTED);
  return parseHttp(trimmed);
}

function parseRedis(text: string): PublishOptions['target'] {
  if (!/^rediss?:\/\//i.test(text) || !URL.canParse(text)) {
    // It may hold a password: it is not repeated.
    throw new InvalidValue('that is no address of a Redis server', HINT);
  }
  const url = new URL(text);
  const channel = decodeURIComponent(url.hash.slice(1));
  if (channel === '') throw new InvalidValue('the channel is missing', HINT);
  url.hash = '';
  return { kind: 'redis', url: url.href, channel };
}

const HINT = 'Write redis://127.0.0.1:6379#CHANNEL.';

function parseHttp(text: string): PublishTarget {
  const target = parsed(text);
  if (target.kind !== 'http') {
    throw new InvalidValue(`${quoted(text)} can't be published to`, ACCEPTED);
  }
  const { url, authorization } = target;
  return {
    target: { kind: 'http', url: url.href },
    ...(authorization === undefined ? {} : { authorization }),
  };
}

/** What is wrong with a URL is said behind the name of the flag. */
function parsed(text: string) {
  try {
    return parseTarget(text);
  } catch (error) {
    throw error instanceof SseKitError ? new InvalidValue(error.message, error.hint) : error;
  }
}
