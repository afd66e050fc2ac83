import type { ListenFormat } from '../../listen/options.ts';
import { parseChoice, parseChoices } from '../../notation/choice.ts';
import { parseCount } from '../../notation/count.ts';
import { parseDuration, parseSeconds } from '../../notation/duration.ts';
import { InvalidValue } from '../../notation/invalid-value.ts';
import { parsePattern } from '../../notation/pattern.ts';
import { type ColorWhen, colorFlags } from './color.ts';
import type { DiffFlags } from './diff-flags.ts';
import type { ExecFlags } from './exec-flags.ts';
import type { ExpectFlags } from './expect-flags.ts';
import { parseFileName, parseOutputName } from './files.ts';
import type { FindingsFlags } from './findings-flags.ts';
import { Flag, GENERAL } from './flag.ts';
import { parseHeaderValue } from './headers.ts';
import type { JoinFlags } from './join-flags.ts';
import type { RecordingFlags } from './recording-flags.ts';
import { limitFlags, type RequestFlags } from './request-flags.ts';
import { waitFlags } from './wait-flags.ts';
import type { WireFlags } from './wire-flags.ts';

export type TimeColumn = 'rel' | 'delta' | 'iso';

/** The flags of `listen` as parsed: every key may be absent. */
export interface ListenFlags
  extends RequestFlags,
    DiffFlags,
    ExecFlags,
    ExpectFlags,
    FindingsFlags,
    WireFlags,
    JoinFlags,
    RecordingFlags {
  maxEvents?: number;
  for?: number;
  until?: RegExp[];
  untilEvent?: string[];
  untilData?: string[];
  maxTime?: number;
  event?: string[];
  excludeEvent?: string[];
  grep?: RegExp[];
  path?: string;
  lastEventId?: string;
  state?: string;
  follow?: boolean;
  retry?: number;
  retryDelay?: number;
  retryMax?: number;
  comments?: boolean;
  timestamps?: readonly (TimeColumn | 'off')[];
  format?: ListenFormat;
  summary?: boolean;
  include?: boolean;
  verbose?: boolean;
  silent?: boolean;
  showSecrets?: boolean;
  color?: ColorWhen | false;
  config?: string;
  curl?: boolean;
  mask?: boolean;
}

const LISTEN = 'Listen:';
export const RECONNECT = 'Reconnect:';
const OUTPUT = 'Output:';

const FORMATS = ['pretty', 'ndjson', 'data', 'raw'] as const;
const COLUMNS = ['off', 'rel', 'delta', 'iso'] as const;

export function listenFlags(): Flag[] {
  const group = LISTEN;
  const positive = (text: string) => parseDuration(text, { minMs: 1 });
  return [
    new Flag('-n, --max-events <n>', 'end with success after N shown events', {
      group,
      parse: (text) => parseCount(text, 1),
    }),
    new Flag('--for <time>', 'end with success after this time', { group, parse: positive }),
    new Flag('--until <regex>', "end with success when an event's data matches", {
      group,
      repeat: true,
      parse: parsePattern,
    }),
    new Flag('--until-event <name>', 'when an event has this name', { group, repeat: true }),
    new Flag('--until-data <text>', "when an event's data equals this", { group, repeat: true }),
    new Flag('-m, --max-time <time>', 'give up with exit code 28 after this time', {
      group,
      parse: (text) => parseSeconds(text),
    }),
    ...limitFlags(group),
    new Flag('--event <name>', 'show only events of this name (or another given)', { group, repeat: true }),
    new Flag('--exclude-event <name>', 'show none of this name (repeatable)', { group, repeat: true }),
    new Flag('--grep <regex>', 'show only events whose data matches (all of several)', {
      group,
      repeat: true,
      parse: parsePattern,
    }),
    new Flag('--path <expr>', 'show a part of JSON data: choices[0].delta.content', {
      group,
      parse: parsePath,
    }),
    new Flag('--last-event-id <id>', 'resume after this event, unless --state has another', {
      group,
      parse: parseId,
    }),
    new Flag('--state <file>', 'remember the last event id here, and resume from it', {
      group,
      once: true,
      guarded: true,
      parse: parseOutputName,
    }),
  ];
}

export function reconnectFlags(): Flag[] {
  const group = RECONNECT;
  return [
    new Flag('--follow', 'reconnect for ever', { group }),
    new Flag('--retry <n>', 'reconnect; give up after N failed attempts in a row', {
      group,
      parse: (text) => parseCount(text),
    }),
    ...waitFlags(group),
  ];
}

export function outputFlags(): Flag[] {
  const group = OUTPUT;
  return [
    new Flag('--format <format>', 'pretty, ndjson, data (a line an event) or raw (bytes)', {
      group,
      words: FORMATS,
      parse: parseFormat,
    }),
    new Flag('--timestamps <columns>', 'off, or a comma list of rel, delta, iso', {
      group,
      words: COLUMNS,
      parse: parseColumns,
    }),
    new Flag('--comments', 'show comments too', { group }),
    new Flag('--summary', 'close with a summary (default on a terminal)', { group }),
    new Flag('--no-summary', 'no closing summary', { group }),
    new Flag('-i, --include', 'show the response headers', { group }),
    new Flag('-v, --verbose', 'show request, response and connection', { group }),
    new Flag('-s, --silent', 'errors only: no connection log, no verdict', { group }),
    new Flag('--show-secrets', 'show credentials instead of •••', { group, guarded: true }),
    ...colorFlags(group),
  ];
}

export function generalFlags(): Flag[] {
  const group = GENERAL;
  return [
    new Flag('--curl', 'print the equivalent curl command, secrets included, and exit', { group }),
    new Flag('--mask', 'hide the secrets in it; a body neither JSON nor form is hidden', { group }),
    new Flag('--config <file>', 'defaults for flags (default: ssekit.config.json)', {
      group,
      parse: parseFileName,
    }),
  ];
}

function parseFormat(text: string): ListenFormat {
  if (text === 'json')
    throw new InvalidValue('"json" is not known', 'A JSON object a line is --format ndjson.');
  return parseChoice(text, FORMATS);
}

function parseColumns(text: string): readonly (TimeColumn | 'off')[] {
  const columns = parseChoices(text, COLUMNS);
  if (columns.includes('off') && columns.length > 1) throw new InvalidValue('"off" stands alone');
  return columns;
}

function parsePath(text: string): string {
  if (text.trim() === '')
    throw new InvalidValue('the path is empty', 'For example: choices[0].delta.content');
  return text;
}

function parseId(text: string): string {
  if (/[\0\r\n]/.test(text)) throw new InvalidValue('an id holds no line break and no NUL');
  return parseHeaderValue(text, 'Last-Event-ID');
}
