import { usageError } from '../client/errors.ts';
import { shown } from './target.ts';

/**
 * The one URL among the words of a command line and its `--url` flags. A first word `curl` is what a pasted
 * line begins with.
 *
 * @throws SseKitError exit 2 where there is none, or more than one
 */
export function oneUrl(words: readonly string[], fromFlags: readonly string[]): string {
  const urls = [...(words[0] === 'curl' ? words.slice(1) : words), ...fromFlags];
  const [url, another] = urls;
  if (url === undefined) throw usageError('the URL is missing', 'For example: ssekit listen :3000/events');
  if (another !== undefined) {
    throw usageError(
      `there is a URL too many: ${shown(another)} after ${shown(url)}`,
      'One run listens to one URL; a value with spaces stands in quotes.',
    );
  }
  return url;
}
