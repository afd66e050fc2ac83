import type { SseEvent } from '../sse/sink.ts';
import { escapeText } from './escape.ts';
import { LoggedPrinter } from './logged-printer.ts';
import { oneLine } from './one-line.ts';

/**
 * `--format data`: only the data, one line an event, for `jq`, `grep` and `while read`. In JSON a newline
 * between tokens becomes a space; in other text it becomes `\n`.
 */
export class DataPrinter extends LoggedPrinter {
  protected override eventData(event: SseEvent): string {
    const line = oneLine(event.data);
    return `${this.options.escape ? escapeText(line) : line}\n`;
  }

  protected override commentData(): string {
    return '';
  }
}
