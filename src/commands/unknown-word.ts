import { type SseKitError, usageError } from '../client/errors.ts';
import { nearestName } from '../notation/nearest-name.ts';
import { COMMAND_NAMES } from './registry.ts';

/** What to say of a first word that is no command: mostly a command is near, or was left out. */
export function unknownWord(word: string): SseKitError {
  const shown = JSON.stringify(word);
  if (word.startsWith('-') && word !== '-') {
    return usageError(
      `${shown} stands before the command`,
      'Flags come after it: ssekit listen --format ndjson …',
    );
  }
  if (word === 'curl' || /^(https?:\/\/|demo:|:\d)|^-$|^[\w.-]+:\d/i.test(word)) {
    return usageError(
      `the command is missing before ${shown}`,
      `Write: ssekit listen ${word}${word === 'curl' ? ' …' : ''}`,
    );
  }
  const near = nearestName(word, COMMAND_NAMES);
  const hint = near === undefined ? 'ssekit --help lists the commands.' : `Did you mean ${near}?`;
  return usageError(`${shown} is not a command`, hint);
}
