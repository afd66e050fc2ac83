import { quoted } from '../../notation/invalid-value.ts';
import { RequestError } from '../request.ts';

/** Where what names no channel goes, and what a stream that names none carries. */
export const DEFAULT_CHANNEL = 'global';

const USER_PREFIX = 'user:';

/** Of a user's own channel, which all streams of that user carry. */
export function userChannel(user: string): string {
  return `${USER_PREFIX}${user}`;
}

/**
 * @param user whose names they are; nobody's: every user's channel is another's
 * @throws RequestError 403 where one of them is the channel of another user
 */
export function refuseForeignChannels(names: readonly string[], user: string | undefined): void {
  const own = user === undefined ? undefined : userChannel(user);
  const foreign = names.find((name) => name.startsWith(USER_PREFIX) && name !== own);
  if (foreign !== undefined) throw new RequestError(403, `${quoted(foreign)} is the channel of another user`);
}

/** In UTF-16 units. */
const LONGEST_NAME = 200;

/** So many channels can one stream, or one published event, have. */
const MOST_CHANNELS = 100;

/**
 * The channels of a request, each once.
 *
 * @throws RequestError 400 where there is none, too many, or a name is empty, too long or has control characters
 */
export function checkedChannels(names: readonly string[]): string[] {
  const channels = [...new Set(names)];
  if (channels.length === 0) throw new RequestError(400, 'no channel is named');
  if (channels.length > MOST_CHANNELS) {
    throw new RequestError(
      400,
      `${channels.length} channels are too many: at most ${MOST_CHANNELS} at a time`,
    );
  }
  for (const name of channels) checkName(name);
  return channels;
}

function checkName(name: string): void {
  if (name === '') throw new RequestError(400, 'a channel needs a name: ?channel=news');
  if (name.length > LONGEST_NAME) {
    throw new RequestError(
      400,
      `the channel ${quoted(name)} is too long: at most ${LONGEST_NAME} characters`,
    );
  }
  if (/[\u0000-\u001f\u007f]/.test(name)) {
    throw new RequestError(400, `the channel ${quoted(name)} has control characters in its name`);
  }
}
