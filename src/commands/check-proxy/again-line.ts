import type { Option } from 'commander';
import { authority } from '../../client/host.ts';
import { maskUrl } from '../../results/redaction.ts';
import type { CheckProxyFlags } from '../flags/check-proxy/check-proxy-flags.ts';
import { flagWords } from './flag-words.ts';
import type { CheckForm } from './form.ts';
import { shellWord } from './shell-word.ts';

/** Flags that don't decide what is measured, and those that the line has in another form. */
const NO_MATTER: ReadonlySet<string> = new Set([
  ...['--origin', '--remote-origin', '--direct', '--url', '--only', '--skip'],
  ...['--strict', '--format', '--output', '--silent', '--color', '--no-color', '--show-secrets'],
  ...['--include', '--verbose', '--max-time', '--curl', '--mask'],
]);
/** Those that only an origin of ours has a use for. */
const OF_ORIGIN: ReadonlySet<string> = new Set([
  ...NO_MATTER,
  '--probe-token',
  '--heartbeat',
  '--silences',
  '--long',
  '--max-connections',
]);

/** Those that mean something else where a stream is only looked at. */
const OF_LOOK: ReadonlySet<string> = new Set([...NO_MATTER, '--silences', '--long', '--max-connections']);

/** The flags of a run, and how they are told. */
interface Given {
  flags: readonly Option[];
  showSecrets: boolean;
  /** What the commands begin with. */
  program: string;
}

/**
 * The commands that a run leads to.
 *
 * @param program what they begin with
 */
export function linesOf(
  form: CheckForm,
  { showSecrets = false }: CheckProxyFlags,
  given: readonly Option[],
  program: string,
) {
  const told = { flags: given, showSecrets, program };
  return {
    program,
    againAt: (url: string) => againLine(form, url, told),
    lookAt: (url: string) => lookLine(form, url, told),
    standInAt: (url: string) => standInLine(form, url, told),
  };
}

/**
 * The command that checks the same way again, as a line that can be copied, but for secrets in it that are not to be shown.
 *
 * @param target as it is shown
 */
function againLine(form: CheckForm, target: string, { flags, showSecrets, program }: Given): string {
  const words = flagWords(flags, NO_MATTER, showSecrets);
  return `${program} check-proxy ${shellWord(target)}${originWords(form, showSecrets)}${words}`;
}

/**
 * The command that looks at the stream of the application, when it is behind the proxy again: where our origin was.
 *
 * @param target as it is shown
 */
function lookLine(form: CheckForm, target: string, { flags, showSecrets, program }: Given): string {
  const direct = form.kind === 'own-origin' ? ` --direct ${shellWord(applicationUrl(form, target))}` : '';
  return `${program} check-proxy ${shellWord(target)}${direct}${flagWords(flags, OF_ORIGIN, showSecrets)}`;
}

/** The command with ssekit where the application was: at the port that is known of it. */
function standInLine(form: CheckForm, target: string, { flags, showSecrets, program }: Given): string {
  const direct = form.kind === 'passive' ? form.direct?.url : undefined;
  const place =
    direct === undefined ? 'HOST:PORT' : `${isHere(direct) ? '' : direct.hostname}:${direct.port || '80'}`;
  return `${program} check-proxy ${shellWord(target)} --origin ${place}${flagWords(flags, OF_LOOK, showSecrets)}`;
}

function isHere({ hostname }: URL): boolean {
  return ['localhost', '127.0.0.1'].includes(hostname);
}

/** The same path and query there; an address that means all is this machine. */
function applicationUrl({ origin }: CheckForm & { kind: 'own-origin' }, target: string): string {
  const host = ['0.0.0.0', '::'].includes(origin.host) ? '127.0.0.1' : origin.host;
  const { pathname, search } = new URL(target);
  return `http://${authority({ ...origin, host })}${pathname}${search}`;
}

function originWords(form: CheckForm, showSecrets: boolean): string {
  if (form.kind === 'own-origin') return ` --origin ${authority(form.origin)}`;
  if (form.kind === 'passive') {
    if (form.direct === undefined) return '';
    const { href } = form.direct.url;
    return ` --direct ${shellWord(showSecrets ? href : maskUrl(href))}`;
  }
  return form.kind === 'remote-origin' ? ` --remote-origin ${form.origin.href}` : '';
}
