import type { CloseInfo, OpenInfo, Warning } from '../client/records.ts';
import type { ListenSummary } from '../results/listen.ts';
import type { SseEvent } from '../sse/sink.ts';
import { connectionParts, headerLines, joinParts, phaseTimes, redirectText } from './connection-lines.ts';
import { formatDuration } from './duration.ts';
import { escapeInline } from './escape.ts';
import type { Paint, Palette } from './palette.ts';
import type {
  EventPosition,
  ListenPrinter,
  OpenPosition,
  Position,
  Printed,
  PrinterOptions,
  ReconnectRecord,
} from './printer.ts';
import { summaryText } from './summary-text.ts';
import { timeCells } from './time-columns.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** What a record prints that nobody shows. */
export const NOTHING: Printed = Object.freeze({});

/** Below it a line of log has no room for a time. */
const COLUMNS_FOR_TIMES = 60;

/**
 * The log that `pretty`, `data` and `raw` share: connection, warnings, reconnects, how it ended, summary.
 * A format adds what it does with events and comments. Whatever a server sent is escaped: log goes to
 * people.
 */
export abstract class LoggedPrinter implements ListenPrinter {
  protected readonly options: PrinterOptions;
  readonly #palette: Palette;
  #open: OpenInfo | undefined;
  #shown = 0;

  constructor(options: PrinterOptions, logPalette: Palette) {
    this.options = options;
    this.#palette = logPalette;
  }

  protected abstract eventData(event: SseEvent, at: EventPosition): string;
  protected abstract commentData(text: string, at: Position): string;

  event(event: SseEvent, at: EventPosition): Printed {
    this.#shown += 1;
    const data = this.eventData(event, at);
    return data === '' ? NOTHING : { data };
  }

  comment(text: string, at: Position): Printed {
    const data = this.commentData(text, at);
    return data === '' ? NOTHING : { data };
  }

  open(info: OpenInfo, at: OpenPosition): Printed {
    this.#open = info;
    const { dim, yellow } = this.#palette;
    const redirects = info.redirects.map((redirect) =>
      this.#line(at.t, '↪', dim, [redirectText(redirect, this.options.showSecrets)], dim),
    );
    const parts = connectionParts(info);
    if (at.conn > 1) parts.unshift(`connection ${at.conn}`);
    const phases = phaseTimes(info.marks);
    const lines = [...joinParts(parts, this.#room(at.t)), ...(phases === '' ? [] : [phases])];
    const mark = info.status === 200 ? this.#palette.green : yellow;
    const headers = this.options.include ? this.headers(info) : '';
    return { log: redirects.join('') + this.#line(at.t, '●', mark, lines, dim) + headers };
  }

  retry(ms: number, at: Position): Printed {
    const { dim } = this.#palette;
    const text = `the server sets the wait before a reconnect to ${formatDuration(ms)}`;
    return { log: this.#line(at.t, '·', dim, [dim(text)], dim) };
  }

  warn(warning: Warning, at: Position): Printed {
    const { dim, yellow } = this.#palette;
    const text = yellow(escapeInline(warning.message));
    return { log: this.#line(at.t, '!', yellow, [text], dim) };
  }

  close(info: CloseInfo, at: Position): Printed {
    const open = this.#open;
    this.#open = undefined;
    const verdict = verdictOf(info, { open, shown: this.#shown });
    if (verdict.text === '') return NOTHING;
    const [glyph, paint] = this.#look(verdict);
    const lines = verdict.hint === '' ? [verdict.text] : [verdict.text, verdict.hint];
    return { log: this.#line(at.t, glyph, paint, lines, this.#palette.dim) };
  }

  reconnect(record: ReconnectRecord, at: Position): Printed {
    const { dim, yellow } = this.#palette;
    const wait =
      record.delayMs === 0 ? 'reconnecting at once' : `reconnecting in ${formatDuration(record.delayMs)}`;
    const details = [
      record.attempt > 1 ? `attempt ${record.attempt}` : '',
      record.cause === 'retry-after' ? 'as Retry-After asks' : '',
      record.lastEventId === ''
        ? 'without Last-Event-ID'
        : `Last-Event-ID ${escapeInline(record.lastEventId)}`,
    ].filter((detail) => detail !== '');
    return { log: this.#line(at.t, '↻', yellow, [`${wait} (${details.join(', ')})`], dim) };
  }

  summary(summary: ListenSummary): Printed {
    return { log: summaryText(summary, this.#palette) };
  }

  /** Status line and headers for `--include`: log, so that data stays data. */
  protected headers(info: OpenInfo): string {
    const { dim } = this.#palette;
    return headerLines(info, this.options.showSecrets)
      .map((line) => `  ${dim(escapeInline(line))}\n`)
      .join('');
  }

  #look(verdict: Verdict): readonly [glyph: string, paint: Paint] {
    const { green, red, yellow } = this.#palette;
    if (verdict.tone === 'good') return ['✓', green];
    return verdict.tone === 'bad' ? ['✗', red] : ['?', yellow];
  }

  #times(t: number): string {
    const { columns } = this.options;
    if (columns !== undefined && columns < COLUMNS_FOR_TIMES) return '';
    const cells = timeCells(this.options, t, undefined).filter((cell) => cell.kind !== 'delta');
    return cells.map((cell) => `${cell.text}  `).join('');
  }

  #room(t: number): number {
    const { columns } = this.options;
    return columns === undefined ? Number.POSITIVE_INFINITY : columns - this.#times(t).length - 2;
  }

  /** A line of log with its time and mark; further lines stand under its text, dim. */
  #line(t: number, glyph: string, paint: Paint, lines: readonly string[], further: Paint): string {
    const times = this.#times(t);
    const indent = ' '.repeat(times.length + 2);
    const [first = '', ...rest] = lines;
    const head = `${this.#palette.dim(times)}${paint(glyph)} ${first}\n`;
    return head + rest.map((line) => `${indent}${further(line)}\n`).join('');
  }
}
