import type { SseKitError } from '../client/errors.ts';
import { escapeInline, escapeJson } from './escape.ts';
import { type Palette, plainPalette } from './palette.ts';

/**
 * A known error for people: one line, or one for each place of a file as compilers print them, and another with the
 * hint where there is one. Whatever a server put into the message is escaped.
 */
export function errorText(error: SseKitError, palette: Palette = plainPalette): string {
  const places = error.places.map((place) => `${escapeInline(place)}\n`).join('');
  const line = places === '' ? `${palette.red('ssekit:')} ${escapeInline(error.message)}\n` : places;
  return error.hint === '' ? line : `${line}${palette.dim(`  ${escapeInline(error.hint)}`)}\n`;
}

/**
 * The same for programs: one line of JSON, with the stable code to match on and the exit code. Safe to show on a
 * terminal too: it is written to standard error, whatever standard output is.
 */
export function errorNdjson(error: SseKitError): string {
  const record = JSON.stringify({
    type: 'error',
    code: error.code,
    exit: error.exitCode,
    message: error.message,
    ...(error.hint === '' ? {} : { hint: error.hint }),
  });
  return `${escapeJson(record)}\n`;
}
