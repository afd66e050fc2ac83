import type { SseKitError } from '../client/errors.ts';
import type { CloseInfo, OpenInfo, Warning } from '../client/records.ts';
import type { SentRequest } from '../client/stream-sink.ts';
import type { JoinedPiece, JoinView } from '../listen/join/view.ts';
import type {
  Consequence,
  EventPosition,
  ListenPrinter,
  OpenPosition,
  Position,
  Printed,
  PrinterOptions,
  ReconnectRecord,
} from '../listen/printer.ts';
import type { ListenSummary } from '../results/listen.ts';
import type { SummarySections } from '../results/sections.ts';
import type { SseEvent } from '../sse/sink.ts';
import { AnswerInk } from './answer-ink.ts';
import { AnswerTurns, type SpokenPiece } from './answer-turns.ts';
import { answerName, toolText } from './answer-words.ts';
import { escapeInline } from './escape.ts';
import { LoggedPrinter } from './logged-printer.ts';
import type { Palette } from './palette.ts';

const NOTHING: Printed = Object.freeze({});

/** What a printer of joined text is made with. */
export interface JoinedSetting {
  options: PrinterOptions;
  dataPalette: Palette;
  logPalette: Palette;
  /** What joins: it has been given an event before the printer is. */
  view: JoinView;
  /** Shows the events where it turns out that there is nothing to join. */
  plain: ListenPrinter;
  /** Nothing but the text: no headings, no reasoning. */
  bare: boolean;
  /** Nobody sees the log. */
  silent: boolean;
}

/**
 * `--join`: the text of answers as it streams, instead of a line an event. The answer alone goes to a pipe; reasoning is
 * for people, dim where a terminal shows it: beside the answer, else in the log, else nowhere. Until the format is
 * known the events are held, and shown where it stays unknown.
 */
export class JoinedPrinter extends LoggedPrinter {
  readonly #view: JoinView;
  readonly #plain: ListenPrinter;
  readonly #turns = new AnswerTurns();
  readonly #answer: AnswerInk;
  readonly #log: AnswerInk;
  readonly #reasoningIn: 'data' | 'log' | 'nowhere';
  readonly #dataTerminal: boolean;
  readonly #oneTerminal: boolean;
  #held = '';

  constructor({ options, dataPalette, logPalette, view, plain, bare, silent }: JoinedSetting) {
    super(options, logPalette);
    this.#view = view;
    this.#plain = plain;
    this.#dataTerminal = options.dataColumns() !== undefined;
    const logTerminal = options.logColumns() !== undefined && !silent;
    this.#oneTerminal = this.#dataTerminal && logTerminal;
    this.#reasoningIn = bare ? 'nowhere' : this.#dataTerminal ? 'data' : logTerminal ? 'log' : 'nowhere';
    const ink = ({ dim, bold }: Palette, escapes: boolean) =>
      new AnswerInk({
        paint: { text: (text) => text, reasoning: dim },
        escape: escapes,
        heading: bare ? undefined : ({ answer }) => bold(`── ${escapeInline(answerName(answer))} ──`),
      });
    this.#answer = ink(dataPalette, options.escape);
    this.#log = ink(logPalette, true);
  }

  protected override eventData(): string {
    return '';
  }

  protected override commentData(): string {
    return '';
  }

  override event(event: SseEvent, at: EventPosition): Printed {
    // It counts what is shown.
    super.event(event, at);
    switch (this.#view.state) {
      case 'undecided':
        this.#hold(this.#plain.event(event, at));
        return NOTHING;
      case 'unknown':
        return { data: this.#released() + (this.#plain.event(event, at).data ?? '') };
      case 'joined':
        this.#held = '';
        return this.#joined(at);
    }
  }

  override comment(text: string, at: Position): Printed {
    switch (this.#view.state) {
      case 'undecided':
        this.#hold(this.#plain.comment(text, at));
        return NOTHING;
      case 'unknown':
        return this.#plain.comment(text, at);
      case 'joined':
        return this.options.comments ? this.note(`: ${text}`, at) : NOTHING;
    }
  }

  override open(info: OpenInfo, at: OpenPosition): Printed {
    return this.#beside(super.open(info, at));
  }

  override retry(ms: number, at: Position): Printed {
    return this.#beside(super.retry(ms, at));
  }

  override warn(warning: Warning, at: Position): Printed {
    return this.#beside(super.warn(warning, at));
  }

  override close(info: CloseInfo, at: Position, consequence: Consequence): Printed {
    const data = this.#rest();
    const printed = this.#beside(super.close(info, at, consequence));
    return withData(printed, data + (printed.data ?? ''));
  }

  override reconnect(record: ReconnectRecord, at: Position): Printed {
    return this.#beside(super.reconnect(record, at));
  }

  override sections(sections: SummarySections): Printed {
    const data = this.#rest();
    const printed = this.#beside(super.sections(sections));
    return withData(printed, data + (printed.data ?? ''));
  }

  override summary(summary: ListenSummary): Printed {
    return this.#beside(super.summary(summary));
  }

  override failure(error: SseKitError): Printed {
    return this.#beside(super.failure(error));
  }

  override note(text: string, at: Position): Printed {
    return this.#beside(super.note(text, at));
  }

  override request(request: SentRequest): Printed {
    return this.#beside(super.request(request));
  }

  #joined(at: Position): Printed {
    let data = '';
    let log = '';
    for (const piece of this.#view.pieces) {
      switch (piece.kind) {
        case 'text':
        case 'reasoning':
        case 'over': {
          const spoken =
            piece.kind === 'over' ? this.#turns.over(piece.answer) : this.#turns.say(piece, at.t);
          const written = this.#written(spoken);
          data += written.data;
          log += written.log;
          break;
        }
        case 'tool':
        case 'error': {
          const aside = this.#beside({ log: this.#remark(piece, at) });
          data += aside.data ?? '';
          log += aside.log ?? '';
        }
      }
    }
    return withData(log === '' ? NOTHING : { log }, data);
  }

  #remark(piece: Extract<JoinedPiece, { kind: 'tool' | 'error' }>, at: Position): string {
    const whose = piece.answer.n === 1 ? '' : `${answerName(piece.answer)}: `;
    return piece.kind === 'tool'
      ? this.remark(`${whose}tool ${toolText(piece)}`, at, 'plain')
      : this.remark(`${whose}the service reports an error: ${piece.message}`, at, 'bad');
  }

  #written(pieces: readonly SpokenPiece[]): { data: string; log: string } {
    let data = '';
    let log = '';
    for (const piece of pieces) {
      if (piece.kind === 'text' || this.#reasoningIn === 'data') data += this.#answer.write(piece);
      else if (this.#reasoningIn === 'log') log += this.#log.write(piece);
    }
    return { data, log };
  }

  /** Log begins on a line of its own, whatever text is under way. */
  #beside(printed: Printed): Printed {
    if (printed.log === undefined || printed.log === '') return printed;
    const data = this.#oneTerminal ? this.#answer.endLine() : '';
    return withData({ log: this.#log.endLine() + printed.log }, data);
  }

  /** What is still to be said when a connection, or the run, has ended. */
  #rest(): string {
    const { data } = this.#written(this.#turns.all());
    const end = this.#dataTerminal ? this.#answer.endLine() : this.#answer.end();
    return data + end + (this.#view.state === 'unknown' ? this.#released() : '');
  }

  #hold({ data = '' }: Printed): void {
    this.#held += data;
  }

  #released(): string {
    const held = this.#held;
    this.#held = '';
    return held;
  }
}

function withData(printed: Printed, data: string): Printed {
  return data === '' ? printed : { ...printed, data };
}
