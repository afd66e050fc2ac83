import type { SseKitError } from '../client/errors.ts';
import { escapeInline, escapeJson } from './escape.ts';
import { typedAs, withoutLastCommand } from './own-commands.ts';
import { type Palette, plainPalette } from './palette.ts';
import { wrap } from './wrap.ts';

const INDENT = '  ';
/** With less room nothing is broken into lines. */
const LEAST_COLUMNS = 20;

interface ErrorTextOptions {
  palette?: Palette;
  /** Width of the terminal; `undefined`: nothing is broken into lines. */
  columns?: number | undefined;
  /** What the commands in the hint begin with, where it is another word. */
  program?: string;
}

/**
 * A known error for people: one line, or one for each place of a file as compilers print them, and another with the
 * hint where there is one; more of them on a terminal that is too narrow, where a command at the end of the hint has a line of
 * its own. Whatever a server put into the message is escaped.
 */
export function errorText(
  error: SseKitError,
  { palette = plainPalette, columns, program = 'ssekit' }: ErrorTextOptions = {},
): string {
  const width = columns !== undefined && columns < LEAST_COLUMNS ? undefined : columns;
  const places = error.places.map((place) => `${escapeInline(place)}\n`).join('');
  const [first = '', ...more] = wrap(`ssekit: ${escapeInline(error.message)}`, width);
  const line = [first.replace('ssekit:', palette.red('ssekit:')), ...more]
    .map((each) => `${each}\n`)
    .join('');
  const hint = hintLines(typedAs(program, escapeInline(error.hint)), width);
  return `${places === '' ? line : places}${hint.map((each) => `${palette.dim(INDENT + each)}\n`).join('')}`;
}

function hintLines(hint: string, columns: number | undefined): string[] {
  if (hint === '') return [];
  const room = columns === undefined ? undefined : columns - INDENT.length;
  const whole = wrap(hint, room);
  if (whole.length === 1) return whole;
  const { prose, command } = withoutLastCommand(hint);
  return [...wrap(prose, room), ...(command === undefined ? [] : [command])];
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
