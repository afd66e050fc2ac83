import { headerValue } from '../client/headers.ts';
import { quoted } from '../notation/invalid-value.ts';
import type { Observation } from './observation.ts';

/** `HTTP 404 (Server: "nginx/1.22.1"; "<html>")`: enough to know whose answer it is. */
export function answerText({ head, end, body }: Observation): string {
  const server = headerValue(head?.headers ?? [], 'server');
  const text = end?.info.body ?? body?.toString() ?? '';
  const line = text
    .split(/\r\n?|\n/)
    .map((each) => each.trim())
    .find((each) => each !== '');
  const marks = [
    ...(server === undefined ? [] : [`Server: ${quoted(server)}`]),
    ...(line === undefined ? [] : [quoted(line)]),
  ];
  return `HTTP ${head?.status}${marks.length === 0 ? '' : ` (${marks.join('; ')})`}`;
}
