import type { JoinedPiece, JoinView } from '../listen/join/view.ts';
import type { EventPosition, Printed, PrinterOptions } from '../listen/printer.ts';
import type { SseEvent } from '../sse/sink.ts';
import { escapeJson } from './escape.ts';
import { NdjsonPrinter } from './ndjson.ts';

/** What an event adds to one answer. */
interface Joined {
  answer: number;
  text?: string;
  reasoning?: string;
}

/**
 * `--join --format ndjson`: events as ever, and on those that carry text the fields `answer`, `text` and `reasoning`;
 * where an event goes on with several answers, those beyond the first are in `others`.
 */
export class JoinedNdjsonPrinter extends NdjsonPrinter {
  readonly #view: JoinView;
  readonly #escape: boolean;

  constructor(options: PrinterOptions, view: JoinView) {
    super(options);
    this.#view = view;
    this.#escape = options.escape;
  }

  override event(event: SseEvent, at: EventPosition): Printed {
    const printed = super.event(event, at);
    const [first, ...others] = joined(this.#view.pieces);
    if (first === undefined || printed.data === undefined) return printed;
    const fields = JSON.stringify(others.length === 0 ? first : { ...first, others }).slice(1);
    const line = printed.data.slice(0, printed.data.lastIndexOf('}'));
    return { ...printed, data: `${line},${this.#escape ? escapeJson(fields) : fields}\n` };
  }
}

function joined(pieces: readonly JoinedPiece[]): Joined[] {
  const all = new Map<number, Joined>();
  for (const piece of pieces) {
    if (piece.kind !== 'text' && piece.kind !== 'reasoning') continue;
    const { n } = piece.answer;
    const one = all.get(n) ?? { answer: n };
    all.set(n, one);
    one[piece.kind] = (one[piece.kind] ?? '') + piece.text;
  }
  return [...all.values()];
}
