import { headerValue } from '../../client/headers.ts';
import { quoted } from '../../notation/invalid-value.ts';
import { maskHeaderValue } from '../../results/redaction.ts';
import type { Observation } from '../observation/observation.ts';

/** `HTTP 404 (Server: "nginx/1.22.1"; "<html>")`: enough to know whose answer it is. */
export function answerText({ head, end, body }: Observation): string {
  const server = headerValue(head?.headers ?? [], 'server');
  const text = end?.info.body ?? body?.toString() ?? '';
  const line = text
    .split(/\r\n?|\n/)
    .map((each) => each.trim())
    .find((each) => each !== '');
  // An error page may repeat what was asked for.
  const shown = line === undefined ? undefined : maskHeaderValue('line', line);
  const marks = [
    ...(server === undefined ? [] : [`Server: ${quoted(server)}`]),
    ...(shown === undefined ? [] : [quoted(shown)]),
  ];
  return `HTTP ${head?.status}${marks.length === 0 ? '' : ` (${marks.join('; ')})`}`;
}
