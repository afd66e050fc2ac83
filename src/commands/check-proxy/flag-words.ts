import type { Option } from 'commander';
import { MASK, maskHeaderValue, maskUrl } from '../../results/redaction.ts';
import { Flag } from '../flags/flag.ts';
import { shellWord } from './shell-word.ts';

/** Their values hold no secret. */
const PLAIN: ReadonlySet<string> = new Set([
  ...[
    '--heartbeat',
    '--proxy-is',
    '--silences',
    '--long',
    '--max-connections',
    '--max-time',
    '--bearer-file',
    '--bearer-env',
  ],
  ...['--user-agent', '--connect-timeout', '--ipv4', '--ipv6', '--resolve', '--connect-to', '--unix-socket'],
  ...['--noproxy', '--idle-timeout', '--insecure', '--cacert', '--key', '--config'],
  ...['--http1.1', '--http2', '--http2-prior-knowledge'],
]);
/** Their values are URLs. */
const URLS: ReadonlySet<string> = new Set(['--proxy', '--referer']);

/**
 * Flags as they were written, for a shell; secrets are masked, unless they are to be shown. What is read from a file or the
 * environment is none.
 */
export function flagWords(
  given: readonly Option[],
  leaveOut: ReadonlySet<string>,
  showSecrets: boolean,
): string {
  return given
    .filter((option): option is Flag => option instanceof Flag && !option.hidden)
    .filter(({ long }) => long != null && !leaveOut.has(long))
    .flatMap((flag) => wordsOf(flag, showSecrets))
    .map((word) => ` ${word}`)
    .join('');
}

function wordsOf(flag: Flag, showSecrets: boolean): string[] {
  const name = flag.short ?? flag.shownName;
  if (!flag.takesValue) return flag.isWritten ? [name] : [];
  const shown = (text: string) => (showSecrets ? text : masked(flag.shownName, text));
  return flag.written.map((text) => `${name} ${shellWord(shown(text))}`);
}

function masked(name: string, text: string): string {
  if (PLAIN.has(name) || text.startsWith('@')) return text;
  if (URLS.has(name)) return maskUrl(text);
  if (name === '--header') return maskedHeader(text);
  const colon = name === '--user' || name === '--cert' ? text.indexOf(':') : -1;
  if (name === '--cert' && colon < 0) return text;
  return `${text.slice(0, colon + 1)}${MASK}`;
}

/** `X:` removes a header, and `X;` sends an empty one. */
function maskedHeader(text: string): string {
  const colon = text.indexOf(':');
  if (colon < 0 || text.slice(colon + 1).trim() === '') return text;
  const name = text.slice(0, colon);
  return `${name}: ${maskHeaderValue(name.trim(), text.slice(colon + 1).trim())}`;
}
