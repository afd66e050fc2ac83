import type { Option } from 'commander';
import { authority } from '../../client/host.ts';
import { maskUrl } from '../../results/redaction.ts';
import type { CheckForm } from './form.ts';

/** Flags that don't decide what is sent along which way: a proof needs them as little. */
const NO_MATTER: ReadonlySet<string> = new Set([
  ...[
    '--origin',
    '--remote-origin',
    '--direct',
    '--url',
    '--only',
    '--skip',
    '--long',
    '--strict',
    '--format',
    '--output',
    '--silent',
  ],
  ...['--color', '--no-color', '--show-secrets'],
]);

/**
 * The command that checks the same way again, as a line that can be copied; an ellipsis stands for flags of the request
 * (their values may be secrets).
 *
 * @param target as it is shown
 * @param given the flags of this run
 */
export function againLine(form: CheckForm, target: string, given: readonly Option[]): string {
  const origin = originWords(form);
  const more = given.some(({ long }) => long != null && !NO_MATTER.has(long)) ? ' …' : '';
  return `ssekit check-proxy ${quoted(target)}${origin}${more}`;
}

function originWords(form: CheckForm): string {
  if (form.kind === 'own-origin') return ` --origin ${authority(form.origin)}`;
  if (form.kind === 'passive')
    return form.direct === undefined ? '' : ` --direct ${quoted(maskUrl(form.direct.url.href))}`;
  return form.kind === 'remote-origin' ? ` --remote-origin ${form.origin.href}` : '';
}

/** For a shell, where it needs it. */
function quoted(text: string): string {
  return /^[\w.:/@%+,=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
